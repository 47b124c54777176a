import { judgeTrigger, type ActiveTrigger, type TriggerVerdict } from './triggers.js';
import type { Situation } from './situation.js';
import type { Offer, Trigger } from './types.js';

/** Of the trigger at this place of the catalog. */
export type VerdictOf = (place: number) => TriggerVerdict;

/**
 * How it stands with the triggers in one situation. A trigger is judged when something first hangs on it: an offer that it
 * may weigh or unlock, a condition that asks for it, a full explanation. When that is changes nothing, since no trigger
 * reads what a later step finds; and of 20 active triggers a decision asks two or three.
 */
export interface TriggerVerdicts {
  readonly of: VerdictOf;
  /** Of several active triggers on one offer the largest weight counts, never the product; of equal ones the first in the
   *  catalog. `null`: none concerns it. */
  strongestOn(offer: Offer): ActiveTrigger | null;
  isUnlocked(offer: Offer): boolean;
}

export function openVerdicts(situation: Situation): TriggerVerdicts {
  const { catalog: { triggers } } = situation;
  const known = new Array<TriggerVerdict | undefined>(triggers.length);
  const of: VerdictOf = (place) => known[place] ??= judgeTrigger(triggers[place]!, situation);
  const firstActive = (places: readonly number[]): number | null => {
    for (const place of places) if (of(place).active) return place;
    return null;
  };
  // The places of a kind may be many, and are the same list for all its offers.
  const firstOfKind = new Map<readonly number[], number | null>();
  const strongestOfKind = (places: readonly number[]): number | null => {
    let first = firstOfKind.get(places);
    if (first === undefined) firstOfKind.set(places, first = firstActive(places));
    return first;
  };
  const isStronger = (one: number, other: number): boolean => {
    const difference = triggers[one]!.effect.weight - triggers[other]!.effect.weight;
    return difference > 0 || (difference === 0 && one < other);
  };
  return {
    of,
    strongestOn: ({ triggers: { naming, ofKind } }) => {
      const named = firstActive(naming);
      const byKind = strongestOfKind(ofKind);
      const strongest = named === null || (byKind !== null && isStronger(byKind, named)) ? byKind : named;
      if (strongest === null) return null;
      const verdict = of(strongest);
      return verdict.active ? verdict : null;
    },
    isUnlocked: ({ triggers: { unlocking } }) => unlocking.length === 0 || firstActive(unlocking) !== null,
  };
}

/** What conditions see as `triggers`: the ids of the active ones, of those that some condition asks for. `undefined`: of one
 *  of them it is not known, since what starts or ends it could not be read. */
export function activeTriggers({ catalog: { triggers, triggersAsked }, history, customer }: Situation, of: VerdictOf): readonly string[] | undefined {
  const isRead = history !== null;
  const isSharedRead = customer.groupEvents !== null;
  if (!(isRead && isSharedRead) && triggersAsked.some((place) => hangsOnUnread(triggers[place]!, isRead, isSharedRead))) return undefined;
  const ids: string[] = [];
  for (const place of triggersAsked) {
    const verdict = of(place);
    if (verdict.active) ids.push(verdict.trigger.id);
  }
  return ids;
}

/** `isRead`: the customer's contacts and events were; `isSharedRead`: those of everybody. */
function hangsOnUnread({ start, endsWith, fromPartner }: Trigger, isRead: boolean, isSharedRead: boolean): boolean {
  if (!isRead && (start.type === 'event' || start.type === 'absence' || endsWith.length > 0 || fromPartner)) return true;
  return !isSharedRead && start.type === 'event' && start.matches !== null;
}
