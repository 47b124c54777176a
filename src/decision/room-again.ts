import { calendarOf, endOfPeriod, type Calendar } from './calendar.js';
import { scopeKey } from './contact-checks.js';
import { openSituation, type DecisionInput, type Situation } from './situation.js';
import type { Check, Contact, Decision, ExcludedOffer, Offer, Rejection } from './types.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * When one of the offers that a decision (with a full explanation) refused may no longer be refused: for each offer the
 * latest time of all that refused it, the earliest of them. `null`: time alone changes nothing.
 */
export function roomAgainAt({ excluded = [] }: Decision, input: DecisionInput): number | null {
  const situation = openSituation(input);
  const times = excluded.filter(({ rejectedBy }) => rejectedBy.length > 0).map((offer) => freeAt(offer, situation)).filter((time) => Number.isFinite(time));
  return times.length === 0 ? null : Math.max(input.now + 1, Math.min(...times));
}

function freeAt({ offer, rejectedBy }: ExcludedOffer, situation: Situation): number {
  return Math.max(...rejectedBy.map((rejection) => overAt(rejection, offer, situation)));
}

/** Infinity: not by time alone, or not known. */
function overAt(rejection: Rejection, offer: Offer, situation: Situation): number {
  const { now, catalog } = situation;
  if (rejection.kind === 'claim') return now + minuteMs;
  if (rejection.kind === 'limit') return limitOverAt(offer, situation);
  const rule = catalog.rules.find(({ id }) => id === rejection.rule);
  if (rule === undefined) return Infinity;
  // What is asked of the clock may be answered otherwise in an hour.
  const appliesByTime = rule.applies?.reads.has('now') === true;
  const over = checkOverAt(rule.check, offer, situation);
  return appliesByTime ? Math.min(over, now + hourMs) : over;
}

function checkOverAt(check: Check, offer: Offer, situation: Situation): number {
  const { now, calendar, history } = situation;
  switch (check.type) {
    case 'require': return check.require.reads.has('now') ? now + hourMs : Infinity;
    case 'quiet': {
      const today = instantOf(calendar.dayOf(now), check.untilMinute, calendar);
      return today > now ? today : instantOf(calendar.dayOf(now) + 1, check.untilMinute, calendar);
    }
    case 'cap': {
      if (check.per.type !== 'rolling') return check.max === 0 ? Infinity : endOfPeriod(calendar, check.per.type, now);
      const { windowMs } = check.per;
      const inWindow = timesOf(check, offer, situation).filter((time) => time > now - windowMs);
      const oldestThatMayStay = inWindow.at(-check.max);
      return check.max === 0 || oldestThatMayStay === undefined ? Infinity : oldestThatMayStay + windowMs;
    }
    case 'cooldown': {
      if (history === null) return Infinity;
      const offers = check.offers === null ? null : [...check.offers];
      const latest = offers === null ? [history.latest(check.after, check.scope, scopeKey(check.scope, offer, situation))] : offers.map((id) => history.latest(check.after, 'offer', id));
      return Math.max(...latest.map((time) => (time === undefined ? -Infinity : time + check.windowMs)));
    }
  }
}

/** When the wall clock shows so many minutes, on days when the clocks change, too. A minute that such a day leaves out: as
 *  long after midnight as on other days, which is after the gap. */
function instantOf(day: number, minute: number, calendar: Calendar): number {
  const elapsed = calendar.startOfDay(day) + minute * minuteMs;
  const shown = elapsed + (minute - calendar.minuteOfDay(elapsed)) * minuteMs;
  return calendar.dayOf(shown) === day && calendar.minuteOfDay(shown) === minute ? shown : elapsed;
}

/** The times of the contacts that a cap counts, ascending. */
function timesOf({ outcome, scope }: Extract<Check, { type: 'cap' }>, offer: Offer, situation: Situation): readonly number[] {
  const { customer: { contacts = [] }, catalog, request } = situation;
  const counts = (contact: Contact): boolean => {
    switch (scope) {
      case 'customer': return true;
      case 'channel': return contact.channel === request.channel;
      case 'offer': return contact.offerId === offer.id;
      case 'kind': return contact.offerId !== undefined && (contact.kind ?? catalog.offersById.get(contact.offerId)?.kind) === offer.kind;
    }
  };
  return contacts.filter((contact) => contact.outcome === outcome && counts(contact)).map(({ occurredAt }) => occurredAt).sort((a, b) => a - b);
}

/** A limit's period ends; of a total one a reservation may. */
function limitOverAt({ limits }: Offer, { catalog, customer: { limitUsage }, now }: Situation): number {
  const calendar = calendarOf(catalog.timeZone);
  const used = limits.filter(({ key, max }) => (limitUsage?.get(key) ?? max) >= max);
  return Math.max(...used.map(({ per }) => (per === 'total' ? now + hourMs : Math.min(endOfPeriod(calendar, per, now), now + hourMs * 6))), now + hourMs);
}
