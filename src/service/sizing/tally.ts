import type { Trigger } from '../../decision/types.js';
import type { AmountSum } from './estimate.js';

/** The best that a decision offered one customer of what the trigger names, or every rule that said no. */
export type Prospect =
  | { readonly offer: { readonly propensity: number; readonly value: number } }
  | { readonly offer: null; readonly refusals: ReadonlyMap<string, string> };

/** Of customers who were decided for. */
export interface ProspectTally {
  customers(): number;
  withOffer(): number;
  propensities(): number;
  /** Propensity × value. */
  worth(): AmountSum;
  /** By how many customers each rule said no to, of those who get no offer; with one of its reasons. */
  refusals(): readonly { readonly rule: string; readonly reason: string; readonly customers: number }[];
  add(prospect: Prospect): void;
}

export function createProspectTally(): ProspectTally {
  let [customers, withOffer, propensities, sum, sumOfSquares] = [0, 0, 0, 0, 0];
  const refusals = new Map<string, { rule: string; reason: string; customers: number }>();
  return {
    customers: () => customers,
    withOffer: () => withOffer,
    propensities: () => propensities,
    worth: () => ({ sum, sumOfSquares }),
    refusals: () => [...refusals.values()].sort((a, b) => b.customers - a.customers || (a.rule < b.rule ? -1 : 1)),
    add: (prospect) => {
      customers++;
      if (prospect.offer === null) {
        for (const [rule, reason] of prospect.refusals) {
          const known = refusals.get(rule);
          if (known === undefined) refusals.set(rule, { rule, reason, customers: 1 });
          else known.customers++;
        }
        return;
      }
      const worth = prospect.offer.propensity * prospect.offer.value;
      withOffer++;
      propensities += prospect.offer.propensity;
      sum += worth;
      sumOfSquares += worth * worth;
    },
  };
}

/** What has been found of one trigger so far. */
export interface TriggerTally {
  readonly trigger: Trigger;
  audience: number;
  active: number;
  happened: number;
  eventKnown: boolean;
  /** Those whom it reaches: for whom it is active, or whose event has happened; and of them those who are not held out. */
  readonly reached: ProspectTally;
  readonly reachedNotHeldOut: ProspectTally;
  /** All of its audience, where an event starts it: what it would be if it happened to everybody. */
  readonly audienceProspects: ProspectTally;
}

export function createTriggerTally(trigger: Trigger): TriggerTally {
  return { trigger, audience: 0, active: 0, happened: 0, eventKnown: false, reached: createProspectTally(), reachedNotHeldOut: createProspectTally(), audienceProspects: createProspectTally() };
}
