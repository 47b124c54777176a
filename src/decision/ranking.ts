import { enterOffer, refuse, type Candidate } from './candidate.js';
import { plainRefusal } from './rules.js';
import { roomUnder, scopeKey, type Cap } from './contact-checks.js';
import type { Ranked } from './ranked.js';
import { treatmentIn, type Place } from './places.js';
import type { Offer, Rejection, Treatment, Trigger } from './types.js';

/** One place in the answer. */
export interface Seat {
  readonly candidate: Candidate;
  readonly place: Place;
  readonly fallback: boolean;
  readonly treatment: Treatment | null;
}

export interface Ranking {
  readonly seats: readonly Seat[];
  readonly empty: readonly { readonly id: string; readonly reason: string }[];
  /** Triggers whose offers made way for those of one that speaks first, and the reason. */
  readonly deferred: ReadonlyMap<string, string>;
}

/**
 * Fills the places in the order given. The candidates are in rank order, refused by nothing and above 0; what a
 * cap on `presented` has no room for, counting the answer in the making, gets that cap's rejection here. An offer may
 * be there more than once, in several channels; the first that finds room is taken. Where a cap leaves room for one
 * contact only, the trigger that speaks first has it.
 */
export function fillPlaces(places: readonly Place[], ranked: Ranked<Candidate>, fallbacks: ReadonlyMap<string, Candidate>): Ranking {
  const answer = openAnswer(ranked);
  const empty: { id: string; reason: string }[] = [];
  places.forEach((place, index) => {
    let left = place.limit;
    for (let rank = 0; rank < ranked.length && left > 0; rank += 1) {
      const candidate = ranked.at(rank)!;
      if (place.kinds !== undefined && !place.kinds.includes(candidate.offer.kind)) continue;
      if (answer.take(candidate, place, index, false) === null) left--;
    }
    if (left < place.limit || place.id === undefined) return;
    const reason = fallBack(place, index, fallbacks, answer);
    if (reason !== null) empty.push({ id: place.id, reason });
  });
  return { seats: answer.seats, empty, deferred: answer.deferred };
}

/** `null`: the fallback took the place. Otherwise why it stays empty. */
function fallBack(place: Place, index: number, fallbacks: ReadonlyMap<string, Candidate>, answer: Answer): string | null {
  if (place.fallback === undefined) return 'No offer is left for this placement, and it names no fallback';
  const candidate = fallbacks.get(place.fallback)!;
  const [refusal] = candidate.rejections;
  const reason = refusal?.reason ?? answer.take(candidate, place, index, true);
  return reason === null ? null : `No offer is left for this placement, and its fallback ${place.fallback} is refused: ${reason}`;
}

interface Answer {
  readonly seats: readonly Seat[];
  readonly deferred: ReadonlyMap<string, string>;
  /** Seats the candidate, or whose trigger speaks before its own; otherwise the reason in words. */
  take(candidate: Candidate, place: Place, index: number, fallback: boolean): string | null;
}

function openAnswer(ranked: Ranked<Candidate>): Answer {
  const seats: Seat[] = [];
  const deferred = new Map<string, string>();
  const seated = new Set<Offer>();
  const groups = new Set<string>();
  const presented = new Map<string, number>();

  /** The caps on `presented` that this offer needs room under, as keys of `presented`; or the one that has none. `last`: of
   *  those over all offers, the ones with room for one more. */
  const roomFor = (candidate: Candidate): Room => {
    const { offer, situation } = candidate;
    const keys: string[] = [];
    const last: string[] = [];
    const { onAnswer } = situation.catalog.screening.byOffer[offer.row]!;
    if (onAnswer.length === 0) return noCaps;
    enterOffer(candidate);
    for (const { rule, applies } of onAnswer) {
      const check = rule.check as Cap;
      if (applies !== null && applies.evaluate(situation.slots) === false) continue;
      const key = `${rule.index}/${scopeKey(check.scope, offer, situation)}`;
      const taken = presented.get(key) ?? 0;
      const room = roomUnder(check, offer, situation) - taken;
      if (room <= 0) return { full: plainRefusal(rule), byThisAnswer: taken > 0 };
      keys.push(key);
      if (room === 1 && (check.scope === 'customer' || check.scope === 'channel')) last.push(key);
    }
    return { keys, last };
  };

  /** Whose trigger speaks before this one's, of those that need the last room that it is about to take. */
  const firstSpeaker = (candidate: Candidate, place: Place, index: number, last: readonly string[]): Candidate | null => {
    const own = triggerOf(candidate);
    if (own === null || last.length === 0) return null;
    let first: Candidate | null = null;
    for (const other of ranked.all()) {
      const priority = triggerOf(other)?.priority ?? Infinity;
      if (priority >= Math.min(own.priority, triggerOf(first)?.priority ?? Infinity) || other.rejections.length > 0 || seated.has(other.offer) || !fits(other, place, index)) continue;
      if (other.offer.exclusive !== undefined && groups.has(other.offer.exclusive)) continue;
      const room = roomFor(other);
      if (!('full' in room) && room.keys.some((key) => last.includes(key))) first = other;
    }
    return first;
  };
  const deferTo = (first: Candidate | undefined, candidate: Candidate): void => {
    if (first === undefined) return;
    const { id, priority } = triggerOf(first)!;
    deferred.set(triggerOf(candidate)!.id, `${id} speaks first (priority ${priority}), and the rules leave no room for both`);
  };
  const seat = (candidate: Candidate, keys: readonly string[], place: Place, index: number, fallback: boolean): void => {
    const { offer } = candidate;
    for (const key of keys) presented.set(key, (presented.get(key) ?? 0) + 1);
    if (offer.exclusive !== undefined) groups.add(offer.exclusive);
    seated.add(offer);
    seats.push({ candidate, place, fallback, treatment: treatmentIn(candidate, place, index) });
  };

  return {
    seats,
    deferred,
    take: (candidate, place, index, fallback) => {
      const { offer } = candidate;
      if (seated.has(offer)) return 'It is in the answer already';
      if (candidate.rejections.length > 0 && !fallback) return candidate.rejections[0]!.reason;
      if (offer.treatments.length > 0 && treatmentIn(candidate, place, index) === null) return `No treatment for the placement ${place.id}`;
      if (offer.exclusive !== undefined && groups.has(offer.exclusive)) return `Another offer of the group ${offer.exclusive} is in the answer`;
      const room = roomFor(candidate);
      if ('full' in room) {
        refuse(candidate, room.full);
        if (room.byThisAnswer) deferTo(seats.find((one) => speaksBefore(one.candidate, candidate))?.candidate, candidate);
        return room.full.reason;
      }
      const first = fallback ? null : firstSpeaker(candidate, place, index, room.last);
      if (first === null) {
        seat(candidate, room.keys, place, index, fallback);
        return null;
      }
      deferTo(first, candidate);
      seat(first, (roomFor(first) as { keys: readonly string[] }).keys, place, index, false);
      const left = roomFor(candidate);
      if ('full' in left) refuse(candidate, left.full);
      return null;
    },
  };
}

const noCaps: Room = { keys: [], last: [] };
type Room = { readonly keys: readonly string[]; readonly last: readonly string[] } | { readonly full: Rejection; readonly byThisAnswer: boolean };

function triggerOf(candidate: Candidate | null): Trigger | null {
  return candidate?.trigger?.trigger ?? null;
}

function speaksBefore(one: Candidate, other: Candidate): boolean {
  const [first, second] = [triggerOf(one), triggerOf(other)];
  return first !== null && second !== null && first.priority < second.priority;
}

/** True where the place takes the offer's kind, and the offer has a treatment for it. */
function fits(candidate: Candidate, place: Place, index: number): boolean {
  const { kind, treatments } = candidate.offer;
  return (place.kinds === undefined || place.kinds.includes(kind)) && (treatments.length === 0 || treatmentIn(candidate, place, index) !== null);
}
