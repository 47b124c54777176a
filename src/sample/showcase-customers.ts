import type { Outcome } from '../decision/types.js';
import type { SampleAttributes, SampleContact, SampleCustomer } from './sample-customer.js';
import { sampleOffers } from './sample-offers.js';
import { dayBefore } from './sample-person.js';

/** The first of the sample customers are drawn by hand: each shows one thing well. The dates move with `now`. */
export function showcaseCustomers(now: number): readonly SampleCustomer[] {
  return [engagedFamily, newcomer, onNotice, complainant, lateWithPayments, formerCustomer, vulnerable].map((draw, index) => draw(`C-${1001 + index}`, now));
}

const birthDate = (now: number, age: number, daysSinceBirthday: number): string => {
  const [year, month, day] = dayBefore(now, daysSinceBirthday).split('-');
  return `${Number(year) - age}-${month!}-${month === '02' && day === '29' ? '28' : day!}`;
};

/** One visit as [days ago, hour (UTC), channel, offer, what became of it]. */
type Visit = readonly [daysAgo: number, hour: number, channel: string, offerId: string, outcomes: readonly Outcome[]];

function contactsOf(id: string, now: number, visits: readonly Visit[], letters: readonly SampleContact[] = []): readonly SampleContact[] {
  const made = visits.flatMap(([daysAgo, hour, channel, offerId, outcomes], index) => outcomes.map((outcome, step): SampleContact => ({
    decisionId: `sample-${id}-${index + 1}`, offerId, kind: sampleOffers.find((offer) => offer.id === offerId)!.kind, channel, outcome, occurredAt: at(now, daysAgo, hour, step),
  })));
  return [...made, ...letters].sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
}

/** `step`: what became of an offer follows minute by minute. */
const at = (now: number, daysAgo: number, hour: number, step = 0): string =>
  new Date(Date.parse(`${dayBefore(now, daysAgo)}T00:00:00Z`) + hour * 3_600_000 + step * 60_000).toISOString().replace('.000Z', 'Z');
const letters = (now: number, activity: string, daysAgo: readonly number[]): readonly SampleContact[] =>
  daysAgo.map((days) => ({ activity, channel: 'email', outcome: 'delivered', occurredAt: at(now, days, 7) }));

const calm = { openClaims: 0, openComplaints: 0, missedPayments: 0 } as const;

function customer(id: string, attributes: Omit<SampleAttributes, 'productCount'>, holdings: readonly string[], consents: readonly string[], contacts: readonly SampleContact[], locale = 'sv-SE'): SampleCustomer {
  return { id, attributes: { ...attributes, productCount: holdings.length }, consents, holdings, timeZone: 'Europe/Stockholm', locale, contacts };
}

/** For the call center: the fixed rate ends soon, much fits, and much is excluded for a reason that can be told. */
function engagedFamily(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 41, birthDate: birthDate(now, 41, 200), region: 'west', household: 'family', housing: 'owns-house', children: 2, carOwner: true, segment: 'affluent',
    incomeYearly: 612_000, balance: 284_000, savingsMonthly: 4_500, digitalActivity: 0.62, loginsLast30Days: 11,
    memberSince: dayBefore(now, 4_100), mortgageRenewal: dayBefore(now, -47), ...calm,
  }, ['current-account', 'card', 'savings-account', 'fund-savings', 'mortgage', 'car-insurance'], ['call-center', 'web', 'app', 'email'],
  contactsOf(id, now, [
    [61, 9, 'call-center', 'car-insurance', ['presented', 'accepted', 'converted']],
    [34, 18, 'web', 'home-insurance', ['presented', 'clicked']],
    [12, 10, 'call-center', 'travel-insurance', ['presented', 'declined']],
    [9, 17, 'app', 'home-insurance', ['presented', 'clicked']],
    [3, 17, 'app', 'pension-savings', ['presented', 'not-now']],
  ], [...letters(now, 'newsletter', [8, 22, 36, 50, 64, 78]), ...letters(now, 'invoice', [25, 55, 85])]));
}

function newcomer(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 24, birthDate: birthDate(now, 24, 90), region: 'stockholm', household: 'single', housing: 'rents', children: 0, carOwner: false, segment: 'student',
    incomeYearly: 128_000, balance: 9_400, savingsMonthly: 500, digitalActivity: 0.93, loginsLast30Days: 17,
    memberSince: dayBefore(now, 21), ...calm,
  }, ['savings-account'], ['web', 'app', 'push'], contactsOf(id, now, [[19, 16, 'app', 'digital-start', ['presented', 'clicked', 'accepted']], [6, 18, 'app', 'salary-and-bills', ['presented', 'not-now']]]), 'en-GB');
}

function onNotice(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 57, birthDate: birthDate(now, 57, 310), region: 'south', household: 'couple', housing: 'owns-flat', children: 0, carOwner: true, segment: 'mass',
    incomeYearly: 438_000, balance: 121_000, savingsMonthly: 2_000, digitalActivity: 0.35, loginsLast30Days: 3,
    memberSince: dayBefore(now, 6_900), cancellationDate: dayBefore(now, -24), ...calm,
  }, ['current-account', 'card', 'mortgage', 'home-insurance', 'car-insurance'], ['call-center', 'email'],
  contactsOf(id, now, [[40, 11, 'call-center', 'home-insurance-plus', ['presented', 'declined']]], letters(now, 'newsletter', [8, 22, 36])));
}

function complainant(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 36, birthDate: birthDate(now, 36, 45), region: 'middle', household: 'couple', housing: 'owns-flat', children: 0, carOwner: false, segment: 'mass',
    incomeYearly: 402_000, balance: 58_000, savingsMonthly: 1_500, digitalActivity: 0.71, loginsLast30Days: 6,
    memberSince: dayBefore(now, 1_300), openClaims: 1, openComplaints: 1, missedPayments: 0,
  }, ['current-account', 'card', 'home-insurance'], ['call-center', 'web', 'app'], contactsOf(id, now, [[15, 12, 'web', 'claim-status', ['presented', 'clicked']]]));
}

function lateWithPayments(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 29, birthDate: birthDate(now, 29, 150), region: 'north', household: 'family', housing: 'rents', children: 1, carOwner: true, segment: 'mass',
    incomeYearly: 316_000, balance: 900, savingsMonthly: 0, digitalActivity: 0.66, loginsLast30Days: 14,
    memberSince: dayBefore(now, 1_950), openClaims: 0, openComplaints: 0, missedPayments: 2,
  }, ['current-account', 'card', 'car-loan', 'car-insurance'], ['call-center', 'web', 'app', 'sms'], contactsOf(id, now, []));
}

function formerCustomer(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 48, birthDate: birthDate(now, 48, 280), region: 'stockholm', household: 'single', housing: 'owns-flat', children: 0, carOwner: false, segment: 'affluent',
    incomeYearly: 655_000, balance: 0, savingsMonthly: 0, digitalActivity: 0.5, loginsLast30Days: 0,
    memberSince: dayBefore(now, 3_300), cancellationDate: dayBefore(now, 110), ...calm,
  }, [], ['call-center', 'email'], contactsOf(id, now, []));
}

function vulnerable(id: string, now: number): SampleCustomer {
  return customer(id, {
    age: 84, birthDate: birthDate(now, 84, 33), region: 'south', household: 'single', housing: 'rents', children: 0, carOwner: false, segment: 'mass',
    incomeYearly: 214_000, balance: 176_000, savingsMonthly: 0, digitalActivity: 0.06, loginsLast30Days: 0,
    memberSince: dayBefore(now, 15_500), vulnerable: true, ...calm,
  }, ['current-account', 'savings-account', 'home-insurance'], ['call-center'], contactsOf(id, now, [], letters(now, 'invoice', [20, 50, 80])));
}
