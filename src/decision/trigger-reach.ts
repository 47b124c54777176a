import { deriveAttributes } from './derivation.js';
import { lastTime, trailOf } from './event-history.js';
import { openSituation, type DecisionInput, type Situation } from './situation.js';
import { judgeTrigger, outsideOf } from './triggers.js';
import { startingTimes } from './trigger-starts.js';
import type { Catalog, Condition, ModelAnswer, ModelRun, Rule, Trigger } from './types.js';

/** What one trigger finds at one customer. */
export interface TriggerReach {
  readonly trigger: Trigger;
  /** The customer is one of those whom it concerns; all that follows is false of others. */
  readonly inAudience: boolean;
  readonly isActive: boolean;
  /** Its event has happened since the time that was asked for. What `on.when` says of the customer's own events is not
   *  asked: they are not kept. */
  readonly happened: boolean;
  /** Something is known of such events, this customer's or everybody's, so that it does not happen unseen. */
  readonly eventKnown: boolean;
}

/**
 * The catalog with these triggers live: nobody is held out, their dates hold, and it is no time of quiet, since what may not
 * be said at night is said in the morning, and the figures should not hang on when they are asked for.
 */
export function asIfLive(catalog: Catalog, ids: ReadonlySet<string>, now: number): Catalog {
  const { screening } = catalog;
  const byDay = <Asked extends { readonly rule: Rule }>(asked: readonly Asked[]): readonly Asked[] => asked.filter(({ rule }) => rule.check.type !== 'quiet');
  const offers = catalog.offers.map((offer) => ({ ...offer, rules: byDay(offer.rules) }));
  return {
    ...catalog,
    control: { ...catalog.control, share: 0 },
    offers,
    screening: { ...screening, rules: byDay(screening.rules), broad: byDay(screening.broad), byOffer: screening.byOffer.map((each) => ({ ...each, narrow: byDay(each.narrow), onScore: byDay(each.onScore) })) },
    offersById: new Map(offers.map((offer) => [offer.id, offer])),
    triggers: catalog.triggers.map((trigger) => ({
      ...trigger, control: 0,
      ...(ids.has(trigger.id) && { fromMs: Math.min(trigger.fromMs, now), untilMs: Math.max(trigger.untilMs, now + 1) }),
    })),
  };
}

/** Whether a condition of the trigger hangs on the channel or on who made contact, itself or through a derived attribute. */
export function hangsOnContact({ audience, start }: Trigger, { derived }: Pick<Catalog, 'derived'>): boolean {
  const conditions = [audience, start.type === 'while' ? start.while : null, ...(start.type === 'event' ? [start.when, start.matches] : [])];
  const reads = (condition: Condition | null): boolean => condition?.reads.has('channel') === true || condition?.reads.has('direction') === true;
  const derivedReads = derived.some((attribute) => attribute.type === 'cases' && attribute.cases.some(({ when }) => reads(when)));
  return conditions.some((condition) => reads(condition) || (derivedReads && condition?.reads.has('customer') === true));
}

/** How near each trigger is to the customer in the channel and the direction of the request, judged as a decision does; in
 *  the order of the catalog. `since`: how far back an event counts. */
export function* reachOf(input: DecisionInput, ids: ReadonlySet<string>, since: number): Generator<readonly ModelRun[], readonly TriggerReach[], readonly ModelAnswer[]> {
  const situation = openSituation(input);
  yield* deriveAttributes(situation);
  return input.catalog.triggers.filter(({ id }) => ids.has(id)).map((trigger): TriggerReach => {
    const inAudience = outsideOf(trigger, situation) === null;
    return { trigger, inAudience, isActive: judgeTrigger(trigger, situation).active, happened: inAudience && hasHappened(trigger, situation, since), eventKnown: isEventKnown(trigger, situation) };
  });
}

function hasHappened(trigger: Trigger, situation: Situation, since: number): boolean {
  const { start } = trigger;
  if (start.type !== 'event') return false;
  const { customer: { events }, now } = situation;
  const own = lastTime(trailOf(events, start.event), now);
  return (own !== undefined && own > since) || startingTimes(trigger, situation).some((time) => time > since);
}

function isEventKnown({ start }: Trigger, { customer: { events, groupEvents } }: Situation): boolean {
  if (start.type !== 'event') return false;
  return trailOf(events, start.event) !== undefined || (start.matches !== null && groupEvents?.some(({ type }) => type === start.event) === true);
}
