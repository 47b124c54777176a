import { countsTogether, openAnswerRoom, type FullCap } from './room-in-answer.js';
import { refuse, type Candidate } from './candidate.js';
import type { Ranked } from './ranked.js';
import { treatmentIn, type Place } from './places.js';
import type { Offer, Treatment, Trigger } from './types.js';

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
      const taken = answer.take(candidate, place, index, false);
      if (typeof taken === 'string') continue;
      left--;
      // It let another speak first, and is asked again: what that one left may be room enough for it.
      if (taken !== candidate) rank--;
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
  return typeof reason !== 'string' ? null : `No offer is left for this placement, and its fallback ${place.fallback} is refused: ${reason}`;
}

interface Answer {
  readonly seats: readonly Seat[];
  readonly deferred: ReadonlyMap<string, string>;
  /** Gives the place to the candidate, or to another whose trigger speaks before its own, and says to whom; otherwise the
   *  reason in words. */
  take(candidate: Candidate, place: Place, index: number, fallback: boolean): Candidate | string;
}

function openAnswer(ranked: Ranked<Candidate>): Answer {
  const seats: Seat[] = [];
  const deferred = new Map<string, string>();
  const seated = new Set<Offer>();
  const groups = new Set<string>();
  const room = openAnswerRoom();

  /** Whose trigger speaks before this one's, of those that need the last room that it is about to take. */
  const firstSpeaker = (candidate: Candidate, place: Place, index: number): Candidate | null => {
    const own = triggerOf(candidate);
    if (own === null) return null;
    const last = room.lastRoomsTakenBy(candidate);
    if (last.length === 0) return null;
    let first: Candidate | null = null;
    for (const other of ranked.all()) {
      const priority = triggerOf(other)?.priority ?? Infinity;
      if (priority >= Math.min(own.priority, triggerOf(first)?.priority ?? Infinity) || other.rejections.length > 0 || seated.has(other.offer) || !fits(other, place, index)) continue;
      if (other.offer.exclusive !== undefined && groups.has(other.offer.exclusive)) continue;
      const needed = room.roomFor(other);
      if (!('full' in needed) && needed.caps.some((cap) => last.includes(cap) && countsTogether(cap, other, candidate))) first = other;
    }
    return first;
  };
  const deferTo = (first: Candidate | undefined, candidate: Candidate): void => {
    if (first === undefined) return;
    const { id, priority } = triggerOf(first)!;
    deferred.set(triggerOf(candidate)!.id, `${id} speaks first (priority ${priority}), and the rules leave no room for both`);
  };
  const seat = (candidate: Candidate, place: Place, index: number, fallback: boolean): Candidate => {
    const { offer } = candidate;
    room.take(candidate);
    if (offer.exclusive !== undefined) groups.add(offer.exclusive);
    seated.add(offer);
    seats.push({ candidate, place, fallback, treatment: treatmentIn(candidate, place, index) });
    return candidate;
  };
  /** What found no room, and makes way for a trigger that speaks before its own where that one has taken it. */
  const turnAway = (candidate: Candidate, { full, cap, byThisAnswer }: FullCap): string => {
    refuse(candidate, full);
    if (byThisAnswer) deferTo(seats.find((one) => countsTogether(cap, one.candidate, candidate) && speaksBefore(one.candidate, candidate))?.candidate, candidate);
    return full.reason;
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
      const needed = room.roomFor(candidate);
      if ('full' in needed) return turnAway(candidate, needed);
      const first = fallback ? null : firstSpeaker(candidate, place, index);
      if (first === null) return seat(candidate, place, index, fallback);
      seat(first, place, index, false);
      const left = room.roomFor(candidate);
      if ('full' in left) {
        refuse(candidate, left.full);
        deferTo(first, candidate);
      }
      return first;
    },
  };
}

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
