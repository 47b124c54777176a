import { enterOffer, type Candidate } from './candidate.js';
import { capWords, roomUnder, scopeKey } from './rules.js';
import type { Place } from './screening.js';
import type { Offer, Rejection, Treatment } from './types.js';

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
}

/** By priority, descending; ties by offer id. A total order: ids are unique. */
export function byPriority(a: Candidate, b: Candidate): number {
  return b.score!.priority - a.score!.priority || (a.offer.id < b.offer.id ? -1 : 1);
}

/**
 * Fills the places in the order given. The candidates are in rank order, refused by nothing and above 0; what a
 * cap on `presented` has no room for, counting the answer in the making, gets that cap's rejection here. An offer may
 * be there more than once, in several channels; the first that finds room is taken.
 */
export function fillPlaces(places: readonly Place[], ranked: readonly Candidate[], fallbacks: ReadonlyMap<string, Candidate>): Ranking {
  const answer = openAnswer();
  const empty: { id: string; reason: string }[] = [];
  places.forEach((place, index) => {
    let left = place.limit;
    for (const candidate of ranked) {
      if (left === 0) break;
      if (place.kinds !== undefined && !place.kinds.includes(candidate.offer.kind)) continue;
      if (answer.take(candidate, place, index, false) === null) left--;
    }
    if (left < place.limit || place.id === undefined) return;
    const reason = fallBack(place, index, fallbacks, answer);
    if (reason !== null) empty.push({ id: place.id, reason });
  });
  return { seats: answer.seats, empty };
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
  /** Seats the candidate; otherwise the reason in words. */
  take(candidate: Candidate, place: Place, index: number, fallback: boolean): string | null;
}

function openAnswer(): Answer {
  const seats: Seat[] = [];
  const seated = new Set<Offer>();
  const groups = new Set<string>();
  const presented = new Map<string, number>();

  /** The caps on `presented` that this offer needs room under, as keys of `presented`; or the one that has none. */
  const roomFor = (candidate: Candidate): { readonly keys: readonly string[] } | { readonly full: Rejection } => {
    const { offer, situation } = candidate;
    const keys: string[] = [];
    enterOffer(candidate);
    for (const { rule, applies } of offer.rules) {
      const { check } = rule;
      if (check.type !== 'cap' || check.outcome !== 'presented') continue;
      if (applies !== null && applies.evaluate(situation.slots) === false) continue;
      const key = `${rule.index}/${scopeKey(check.scope, offer, situation)}`;
      if (roomUnder(check, offer, situation) <= (presented.get(key) ?? 0)) {
        return { full: { rule: rule.id, kind: rule.kind, reason: rule.reason ?? capWords(check) } };
      }
      keys.push(key);
    }
    return { keys };
  };

  return {
    seats,
    take: (candidate, place, index, fallback) => {
      const { offer } = candidate;
      if (seated.has(offer)) return 'It is in the answer already';
      if (candidate.rejections.length > 0 && !fallback) return candidate.rejections[0]!.reason;
      const treatment = candidate.treatments[index] ?? null;
      if (offer.treatments.length > 0 && treatment === null) return `No treatment for the placement ${place.id}`;
      if (offer.exclusive !== undefined && groups.has(offer.exclusive)) return `Another offer of the group ${offer.exclusive} is in the answer`;
      const room = roomFor(candidate);
      if ('full' in room) {
        candidate.rejections.push(room.full);
        return room.full.reason;
      }
      for (const key of room.keys) presented.set(key, (presented.get(key) ?? 0) + 1);
      if (offer.exclusive !== undefined) groups.add(offer.exclusive);
      seated.add(offer);
      seats.push({ candidate, place, fallback, treatment });
      return null;
    },
  };
}
