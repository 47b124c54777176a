import { startOfPeriod } from './calendar.js';
import type { Situation } from './situation.js';
import type { Cap, Check, Offer, Scope, Window } from './types.js';

/** Checks that count or look for contacts: how often, and how long ago. */
export type ContactCheck = Extract<Check, { type: 'cap' | 'cooldown' }>;
type Cooldown = Extract<Check, { type: 'cooldown' }>;

/** The history is known. */
export function hasRoom(check: ContactCheck, offer: Offer, situation: Situation): boolean {
  return hasRoomFor(check, scopeKey(check.scope, offer, situation), situation);
}

/** The same for all that has this key in the check's scope. */
export function hasRoomFor(check: ContactCheck, key: string, situation: Situation): boolean {
  return check.type === 'cap' ? check.max > countUnder(check, key, situation) : !isResting(check, key, situation);
}

/** How many more the ledger leaves room for; the history is known. */
export function roomUnder(cap: Cap, offer: Offer, situation: Situation): number {
  return cap.max - countUnder(cap, scopeKey(cap.scope, offer, situation), situation);
}

function countUnder(cap: Cap, key: string, situation: Situation): number {
  return situation.history!.count(cap.outcome, cap.scope, key, () => windowStart(cap.per, situation));
}

/** What a scope counts together. */
export function scopeKey(scope: Scope, offer: Offer, { request }: Situation): string {
  return scope === 'offer' ? offer.id : scope === 'kind' ? offer.kind : scope === 'channel' ? request.channel : '';
}

/** The first instant inside: `7d` is (now − 7 d, now]; a calendar window begins with its day, week or month. */
function windowStart(per: Window, { calendar, now }: Situation): number {
  return per.type === 'rolling' ? now - per.windowMs + 1 : startOfPeriod(calendar, per.type, now);
}

function isResting({ after, scope, offers, windowMs }: Cooldown, key: string, { history, now }: Situation): boolean {
  if (offers === null) return isWithin(history!.latest(after, scope, key), windowMs, now);
  for (const offerId of offers) if (isWithin(history!.latest(after, 'offer', offerId), windowMs, now)) return true;
  return false;
}

function isWithin(latest: number | undefined, windowMs: number, now: number): boolean {
  return latest !== undefined && now - latest < windowMs;
}

export function wordsOf(check: Exclude<Check, { type: 'require' }>): string {
  switch (check.type) {
    case 'cap': {
      const whom = { offer: 'this offer', kind: 'offers of this kind', channel: 'this channel', customer: 'this customer' }[check.scope];
      return `At most ${check.max} × ${check.outcome} for ${whom} per ${check.per.text}`;
    }
    case 'cooldown': {
      const what = check.offers === null ? '' : ` of ${[...check.offers].join(' or ')}`;
      return `Rests ${check.text === 'ever' ? 'for ever' : `for ${check.text}`} after ${check.after}${what}`;
    }
    case 'quiet': return `Quiet hours ${check.text}`;
  }
}
