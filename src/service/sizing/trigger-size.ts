import { estimateCount, estimateSum, type Estimate, type SampleSize } from './estimate.js';
import type { ProspectTally, TriggerTally } from './tally.js';
import type { Catalog, Trigger, TriggerStart, TriggerType } from '../../decision/types.js';

/** What one trigger would do. Numbers of customers and amounts are for the whole store. */
export interface TriggerSize {
  readonly id: string;
  readonly type: TriggerType;
  readonly startsBy: TriggerStart['type'];
  /** The event that it waits for, or whose absence. */
  readonly event: string | null;
  /** True where what is counted is the most it can be: the trigger asks for more than that the event happens, and the
   *  events' content is not kept; or it speaks for a time only, and may have been active for longer. */
  readonly atMost: boolean;
  readonly dates: 'open' | 'not-begun' | 'over';
  /** It has no audience, and needs no consent to partners' data. */
  readonly isForEverybody: boolean;
  readonly audience: Estimate;
  readonly activeNow: Estimate;
  /** Of its audience, to whom its event has happened in the last 30 days; `null`: it waits for none, or nothing is known of such events. */
  readonly eventLast30Days: Estimate | null;
  /** Those whom the following speaks of. `active`: for whom it is active now, its dates aside; `event`: to whom its
   *  event happened in 30 days; `audience`: nothing is known of the event, so what it would be if it happened to each. */
  readonly counted: 'active' | 'event' | 'audience';
  readonly reached: Estimate;
  readonly withOffer: Estimate;
  /** What says no to those who get no offer, the most frequent first. */
  readonly refusedBy: readonly { readonly rule: string; readonly reason: string; readonly customers: Estimate }[];
  /** Of the best offer, the mean over those who get one; `null`: nobody of the sample does. */
  readonly propensity: number | null;
  /** Of one accept: the mean, each customer weighing by how likely the accept is. */
  readonly valuePerAccept: number | null;
  /** Customers with an offer × propensity × value; `null` for `audience`, since how many it happens to is not known. */
  readonly expectedValue: ExpectedValue | null;
  /** The same for each customer who is reached. */
  readonly expectedValuePerCustomer: number | null;
  /** With the control groups taken out, the catalog's and its own: what it will bring. */
  readonly withoutControl: { readonly withOffer: Estimate; readonly expectedValue: ExpectedValue } | null;
}
export type ExpectedValue = ReturnType<typeof estimateSum>;

const mostRefusals = 3;

export function sizeOf({ trigger, audience, active, happened, eventKnown, reached, reachedNotHeldOut, audienceProspects }: TriggerTally, size: SampleSize, catalog: Catalog, now: number): TriggerSize {
  const { id, type, start } = trigger;
  const waits = start.type === 'event';
  const counted = !waits ? 'active' : eventKnown ? 'event' : 'audience';
  const found = counted === 'audience' ? audienceProspects : reached;
  const { sum } = found.worth();
  const isForEverybody = trigger.audience === null && !trigger.fromPartner;
  const hasControl = catalog.control.share > 0 || trigger.control > 0;
  return {
    id, type,
    startsBy: start.type,
    event: waits ? start.event : start.type === 'absence' ? start.of : null,
    atMost: waits ? start.when !== null || start.matches !== null : mayBeTooLate(trigger, now),
    dates: now < trigger.fromMs ? 'not-begun' : now >= trigger.untilMs ? 'over' : 'open',
    isForEverybody,
    audience: isForEverybody ? certain(size.customers) : estimateCount(audience, size),
    activeNow: estimateCount(active, size),
    eventLast30Days: waits && eventKnown ? estimateCount(happened, size) : null,
    counted,
    reached: estimateCount(found.customers(), size),
    withOffer: estimateCount(found.withOffer(), size),
    refusedBy: found.refusals().slice(0, mostRefusals).map(({ customers, ...refusal }) => ({ ...refusal, customers: estimateCount(customers, size) })),
    propensity: found.withOffer() === 0 ? null : found.propensities() / found.withOffer(),
    valuePerAccept: found.propensities() === 0 ? null : sum / found.propensities(),
    expectedValue: counted === 'audience' ? null : expectedValueOf(found, size),
    expectedValuePerCustomer: found.customers() === 0 ? null : sum / found.customers(),
    withoutControl: counted === 'audience' || !hasControl ? null : { withOffer: estimateCount(reachedNotHeldOut.withOffer(), size), expectedValue: expectedValueOf(reachedNotHeldOut, size) },
  };
}

/** The decision is made as if the trigger had just become active. A state counts from when it is first seen, and an event that
 *  is yet to happen is in time; a pause may have begun longer ago than `within`, and dates have or have not. */
function mayBeTooLate({ start, outbound, fromMs }: Trigger, now: number): boolean {
  if (outbound === null || !Number.isFinite(outbound.withinMs) || now < fromMs) return false;
  return start.type === 'absence' || (start.type === 'dates' && now >= fromMs + outbound.withinMs);
}

function certain(customers: number): Estimate {
  return { estimate: customers, low: customers, high: customers };
}

function expectedValueOf(found: ProspectTally, size: SampleSize): ExpectedValue {
  return estimateSum(found.worth(), size);
}
