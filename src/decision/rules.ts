import { fillOffer } from './slots.js';
import { hasRoom, wordsOf } from './contact-checks.js';
import type { Situation } from './situation.js';
import type { Check, Offer, OfferRule, Rejection, Rule } from './types.js';

/**
 * Rules are categorical: a rule says no unless its `applies` is false or its check passes. What is missing is
 * unknown; an unknown requirement is a no whose reason ends with what is missing. `null`: no objection. The slots of the
 * propensity and the value are filled where the rule reads them.
 */
export function judge({ rule, applies: condition }: OfferRule, offer: Offer, situation: Situation): Rejection | null {
  const { slots, catalog, history } = situation;
  fillOffer(slots, catalog.layout, offer);
  const applies = condition === null ? true : condition.evaluate(slots);
  if (applies === false || isMet(rule.check, offer, situation)) return null;
  const refusal = plainRefusal(rule);
  const missing = new Set(applies === undefined ? condition!.missing(slots) : []);
  let { reason } = refusal;
  if (rule.check.type === 'require') for (const path of rule.check.require.missing(slots)) missing.add(path);
  else if (history === null && rule.check.type !== 'quiet') {
    missing.add('customer.contacts');
    reason = rule.reason ?? 'What was said to the customer is not known';
  }
  return missing.size === 0 ? refusal : { ...refusal, reason: `${reason} (missing: ${[...missing].join(', ')})` };
}

/** What an offer is told that the rule refuses, where nothing was missing. */
export function plainRefusal({ id, kind, reason, check }: Pick<Rule, 'id' | 'kind' | 'reason' | 'check'>): Rejection {
  return { rule: id, kind, reason: reason ?? (check.type === 'require' ? `The rule ${id} requires ${check.require.source}` : wordsOf(check)) };
}

/** The offer's slots are filled. */
export function isMet(check: Check, offer: Offer, situation: Situation): boolean {
  switch (check.type) {
    case 'require': return check.require.evaluate(situation.slots) === true;
    case 'cap': case 'cooldown': return situation.history !== null && hasRoom(check, offer, situation);
    case 'quiet': return !isQuiet(check, situation);
  }
}

function isQuiet({ fromMinute, untilMinute }: Extract<Check, { type: 'quiet' }>, { calendar, now }: Situation): boolean {
  const minute = calendar.minuteOfDay(now);
  return fromMinute <= untilMinute ? minute >= fromMinute && minute < untilMinute : minute >= fromMinute || minute < untilMinute;
}

/** False where the check, whatever its conditions read, is the same for every offer. */
export function asksOfferItself(check: Check): boolean {
  switch (check.type) {
    case 'require': case 'quiet': return false;
    case 'cap': return check.scope === 'offer' || check.scope === 'kind';
    case 'cooldown': return check.offers === null && (check.scope === 'offer' || check.scope === 'kind');
  }
}
