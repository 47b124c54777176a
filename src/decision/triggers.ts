import type { Situation } from './situation.js';
import type { Offer, Trigger } from './types.js';

/** What a customer agrees to, so that what partners know may count. */
const partnerConsent = 'partner-data';

/** The triggers that are active now for this customer, in the catalog's order. */
export function activeTriggers({ catalog, slots, now, customer }: Situation): readonly Trigger[] {
  const partnersCount = customer.profile.consents?.includes(partnerConsent) === true;
  return catalog.triggers.filter((trigger) =>
    !trigger.needsEvents
    && (!trigger.fromPartner || partnersCount)
    && now >= trigger.fromMs && now < trigger.untilMs
    && (trigger.while === null || trigger.while.evaluate(slots) === true)
    && (trigger.audience === null || trigger.audience.evaluate(slots) === true));
}

/** Of several active triggers on one offer the largest weight counts, never the product. `null`: none concerns it. */
export function strongestTrigger(triggers: readonly Trigger[], offer: Offer): Trigger | null {
  let strongest: Trigger | null = null;
  for (const trigger of triggers) {
    if (concerns(trigger, offer) && (strongest === null || trigger.effect.weight > strongest.effect.weight)) strongest = trigger;
  }
  return strongest;
}

/** By offer, by kind, or (where an effect names neither) those it unlocks, else all. */
function concerns({ effect }: Trigger, offer: Offer): boolean {
  if (effect.offers !== null || effect.kinds !== null) return effect.offers?.has(offer.id) === true || effect.kinds?.has(offer.kind) === true;
  return effect.unlocks.size === 0 || effect.unlocks.has(offer.id);
}
