import { enterOffer, type Candidate } from './candidate.js';
import { roomUnder, scopeKey } from './contact-checks.js';
import { plainRefusal } from './rules.js';
import type { Cap, Rejection, Scope } from './types.js';

/** The room that caps on `presented` leave, counting the answer in the making as the ledger will once it is recorded. */
export interface AnswerRoom {
  /** The caps that the offer needs room under; or the first that has none. */
  roomFor(candidate: Candidate): Room;
  /** The offer is in the answer. It takes room under every cap that counts it, also one that it is not asked about, since
   *  `applies` says when a cap is asked, not what it counts. */
  take(candidate: Candidate): void;
  /** The caps that have room for one more, which this offer would take, whether it needs it or not. */
  lastRoomsTakenBy(candidate: Candidate): readonly Cap[];
}

export type Room = { readonly caps: readonly Cap[] } | FullCap;
/** `byThisAnswer`: without the answer in the making there would be room. */
export interface FullCap { readonly full: Rejection; readonly cap: Cap; readonly byThisAnswer: boolean }

const none: readonly Cap[] = [];
const unasked: Room = { caps: none };

export function openAnswerRoom(): AnswerRoom {
  /** How many offers the answer has of what a scope counts together. */
  const counts = new Map<string, number>();
  const takenUnder = (cap: Cap, candidate: Candidate): number => counts.get(countedAs(cap.scope, candidate)) ?? 0;
  const leftUnder = (cap: Cap, candidate: Candidate): number => roomUnder(cap, candidate.offer, candidate.situation) - takenUnder(cap, candidate);

  return {
    roomFor: (candidate) => {
      const { offer, situation: { catalog, slots } } = candidate;
      const { onAnswer } = catalog.screening.byOffer[offer.row]!;
      if (onAnswer.length === 0) return unasked;
      const caps: Cap[] = [];
      enterOffer(candidate);
      for (const { rule, applies } of onAnswer) {
        if (applies !== null && applies.evaluate(slots) === false) continue;
        const cap = rule.check as Cap;
        if (leftUnder(cap, candidate) <= 0) return { full: plainRefusal(rule), cap, byThisAnswer: takenUnder(cap, candidate) > 0 };
        caps.push(cap);
      }
      return { caps };
    },
    take: (candidate) => {
      if (candidate.situation.catalog.screening.sharedCaps.length === 0) return;
      for (const scope of sharedScopes) {
        const key = countedAs(scope, candidate);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    },
    lastRoomsTakenBy: (candidate) => {
      const { history, catalog: { screening: { sharedCaps } } } = candidate.situation;
      // Where the history is not known, whoever needs room has been refused.
      return history === null || sharedCaps.length === 0 ? none : sharedCaps.filter((cap) => leftUnder(cap, candidate) === 1);
    },
  };
}

/** No offer is in an answer twice, so what counts one offer alone counts none of them. */
const sharedScopes: readonly Scope[] = ['kind', 'channel', 'customer'];

/** What a scope counts together has the same text. */
function countedAs(scope: Scope, { offer, situation }: Candidate): string {
  return `${scope}/${scopeKey(scope, offer, situation)}`;
}

/** True where the cap counts both together. */
export function countsTogether({ scope }: Cap, one: Candidate, other: Candidate): boolean {
  return scopeKey(scope, one.offer, one.situation) === scopeKey(scope, other.offer, other.situation);
}
