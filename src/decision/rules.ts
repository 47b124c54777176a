import { startOfPeriod } from './calendar.js';
import type { Situation } from './situation.js';
import type { Check, Offer, OfferRule, Rejection, Window } from './types.js';

/**
 * Rules are categorical: a rule says no unless its `applies` is false or its check passes. What is missing is
 * unknown; an unknown requirement is a no whose reason ends with what is missing.
 */
export interface Rules {
  /** `null`: no objection. The offer's slots are filled. */
  ask(rule: OfferRule, offer: Offer): Rejection | null;
}

/** The rules of one request: those whose answer is the same for every offer are asked once. */
export function openRules(situation: Situation): Rules {
  const shared = new Array<Rejection | null | undefined>(situation.catalog.rules.length);
  return {
    ask: (offerRule, offer) => {
      const { rule } = offerRule;
      if (!rule.sameForAllOffers) return judge(offerRule, offer, situation);
      const known = shared[rule.index];
      return known !== undefined ? known : (shared[rule.index] = judge(offerRule, offer, situation));
    },
  };
}

function judge({ rule, applies: condition }: OfferRule, offer: Offer, situation: Situation): Rejection | null {
  const { slots } = situation;
  const applies = condition === null ? true : condition.evaluate(slots);
  if (applies === false) return null;
  const refusal = objection(rule.check, offer, situation);
  if (refusal === null) return null;
  const missing = new Set([...(applies === undefined ? condition!.missing(slots) : []), ...refusal.missing]);
  const reason = rule.reason ?? refusal.words ?? `The rule ${rule.id} requires ${rule.check.type === 'require' ? rule.check.require.source : rule.check.type}`;
  return { rule: rule.id, kind: rule.kind, reason: missing.size === 0 ? reason : `${reason} (missing: ${[...missing].join(', ')})` };
}

interface Objection { readonly words: string | null; readonly missing: readonly string[] }
const historyUnknown: Objection = { words: 'What was said to the customer is not known', missing: ['customer.contacts'] };

/** `null`: the check passes. */
function objection(check: Check, offer: Offer, situation: Situation): Objection | null {
  switch (check.type) {
    case 'require': {
      const met = check.require.evaluate(situation.slots);
      return met === true ? null : { words: null, missing: met === undefined ? check.require.missing(situation.slots) : [] };
    }
    case 'cap': return situation.history === null ? historyUnknown : roomUnder(check, offer, situation) > 0 ? null : { words: capWords(check), missing: [] };
    case 'cooldown': return coolingDown(check, offer, situation);
    case 'quiet': {
      const minute = situation.calendar.minuteOfDay(situation.now);
      const quiet = check.fromMinute <= check.untilMinute
        ? minute >= check.fromMinute && minute < check.untilMinute
        : minute >= check.fromMinute || minute < check.untilMinute;
      return quiet ? { words: `Quiet hours ${check.text}`, missing: [] } : null;
    }
  }
}

type Cap = Extract<Check, { type: 'cap' }>;

/** How many more the ledger leaves room for; the history is known. */
export function roomUnder(cap: Cap, offer: Offer, situation: Situation): number {
  return cap.max - situation.history!.count(cap.outcome, cap.scope, scopeKey(cap.scope, offer, situation), () => windowStart(cap.per, situation));
}

export function capWords(cap: Cap): string {
  const whom = { offer: 'this offer', kind: 'offers of this kind', channel: 'this channel', customer: 'this customer' }[cap.scope];
  return `At most ${cap.max} × ${cap.outcome} for ${whom} per ${cap.per.text}`;
}

/** What a scope counts together. */
export function scopeKey(scope: Cap['scope'], offer: Offer, { request }: Situation): string {
  return scope === 'offer' ? offer.id : scope === 'kind' ? offer.kind : scope === 'channel' ? request.channel : '';
}

/** The first instant inside: `7d` is (now − 7 d, now]; a calendar window begins with its day, week or month. */
function windowStart(per: Window, { calendar, now }: Situation): number {
  return per.type === 'rolling' ? now - per.windowMs + 1 : startOfPeriod(calendar, per.type, now);
}

function coolingDown(check: Extract<Check, { type: 'cooldown' }>, offer: Offer, situation: Situation): Objection | null {
  const { history, now } = situation;
  if (history === null) return historyUnknown;
  let latest: number | undefined;
  if (check.offers === null) {
    latest = history.latest(check.after, check.scope, scopeKey(check.scope, offer, situation));
  } else {
    for (const offerId of check.offers) {
      const at = history.latest(check.after, 'offer', offerId);
      if (at !== undefined && (latest === undefined || at > latest)) latest = at;
    }
  }
  if (latest === undefined || now - latest >= check.windowMs) return null;
  const what = check.offers === null ? '' : ` of ${[...check.offers].join(' or ')}`;
  return { words: `Rests ${check.text === 'ever' ? 'for ever' : `for ${check.text}`} after ${check.after}${what}`, missing: [] };
}
