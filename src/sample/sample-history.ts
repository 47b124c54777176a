import { dayMs } from '../decision/calendar.js';
import type { OfferKind, Outcome } from '../decision/types.js';
import type { Phase, SampleContact } from './sample-customer.js';
import { sampleOffers, type SampleOffer } from './sample-offers.js';
import { dayBefore, type Person } from './sample-person.js';
import type { SampleRelation } from './sample-relation.js';
import type { SeededRandom } from './seeded-random.js';

export interface SampleHistory {
  readonly contacts: readonly SampleContact[];
  /** What is held now, with what was accepted on the way. */
  readonly holdings: readonly string[];
}

const historyDays = 89;
const kindsOffered: Readonly<Record<Phase, readonly OfferKind[]>> = {
  attract: ['cross-sell'],
  onboard: ['onboarding', 'onboarding', 'cross-sell'],
  engage: ['cross-sell', 'up-sell', 'loyalty'],
  retain: ['retention', 'service'],
  exit: ['retention'],
};

/** The contacts of the last 90 days: our offers and what became of them, and what other systems sent. */
export function sampleHistory(id: string, person: Person, relation: SampleRelation, consents: readonly string[], random: SeededRandom, now: number): SampleHistory {
  const holdings = [...relation.holdings];
  const spanDays = Math.min(historyDays, relation.memberDays - 1);
  const contacts = activities(relation, consents, random, now, spanDays);
  const spent = new Set<string>();
  const visits = random.integer(0, Math.round(2 + person.digitalActivity * 5));
  const days = Array.from({ length: visits }, () => random.fraction() * spanDays).sort((a, b) => b - a);
  for (const [index, daysAgo] of days.entries()) {
    const offer = offerFor(person, relation, holdings, spent, daysAgo, random);
    if (offer === null) continue;
    const channel = channelFor(offer, isDigital(person, relation, daysAgo, random) ? consents : null, random);
    const visit = visitOf({ decisionId: `sample-${id}-${index + 1}`, offerId: offer.id, kind: offer.kind, channel }, atDaytime(daysAgo, random, now), random, now);
    const last = visit.at(-1)?.outcome;
    if (last === 'accepted' || last === 'converted' || last === 'declined') spent.add(offer.id);
    if ((last === 'accepted' || last === 'converted') && offer.product !== undefined) holdings.push(offer.product);
    contacts.push(...visit);
  }
  return { contacts: contacts.sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt)), holdings };
}

/** Within office hours in Stockholm, and in the past. */
function atDaytime(daysAgo: number, random: SeededRandom, now: number): number {
  const day = Date.parse(`${dayBefore(now, daysAgo)}T00:00:00Z`);
  const at = day + random.integer(7 * 60, 18 * 60) * 60_000 + random.integer(0, 59) * 1000;
  return at < now - 3_600_000 ? at : at - dayMs;
}

type Head = Pick<SampleContact, 'decisionId' | 'offerId' | 'kind' | 'activity' | 'channel'>;
const contact = (head: Head, outcome: Outcome, occurredAtMs: number): SampleContact => ({ ...head, outcome, occurredAt: new Date(occurredAtMs).toISOString().replace('.000Z', 'Z') });

/** One showing of one offer: presented, perhaps clicked, and perhaps an answer. By telephone nearly everybody answers. */
function visitOf(head: Head, atMs: number, random: SeededRandom, now: number): SampleContact[] {
  const spoken = head.channel === 'call-center';
  const drawn = spoken
    ? random.weighted({ silence: 0.12, 'not-now': 0.28, declined: 0.4, accepted: 0.2 })
    : random.weighted({ silence: 0.48, clicked: 0.24, 'not-now': 0.07, declined: 0.12, accepted: 0.09 });
  // Whoever has come back is not in the phase "exit" any more.
  const answer = head.kind === 'win-back' && drawn === 'accepted' ? 'not-now' : drawn;
  const visit = [contact(head, 'presented', atMs)];
  if (answer === 'silence') return visit;
  const clicks = !spoken && (answer === 'clicked' || answer === 'accepted');
  if (clicks) visit.push(contact(head, 'clicked', atMs + random.integer(3, 40) * 1000));
  if (answer !== 'clicked') visit.push(contact(head, answer, atMs + random.integer(60, 600) * 1000));
  const convertedMs = atMs + 2 * dayMs;
  if (answer === 'accepted' && convertedMs < now && random.chance(0.6)) visit.push(contact(head, 'converted', convertedMs));
  return visit;
}

function offerFor(person: Person, relation: SampleRelation, holdings: readonly string[], spent: ReadonlySet<string>, daysAgo: number, random: SeededRandom): SampleOffer | null {
  const isAfterLeaving = relation.leftDays !== null && daysAgo < relation.leftDays;
  const kind = isAfterLeaving ? 'win-back' : random.pick(kindsOffered[relation.phase]);
  const choices = sampleOffers.filter((offer) => offer.kind === kind && !spent.has(offer.id) && fits(offer, person, relation, holdings));
  return choices.length === 0 ? null : random.pick(choices);
}

/** The requirements of the sample catalog's rules that a history must not contradict. */
function fits(offer: SampleOffer, person: Person, relation: SampleRelation, holdings: readonly string[]): boolean {
  if (offer.product !== undefined && holdings.includes(offer.product)) return false;
  if (offer.requires !== undefined && !holdings.includes(offer.requires)) return false;
  const { openClaims, missedPayments } = relation.attributes;
  if (offer.category === 'credit' && (missedPayments > 0 || person.incomeYearly < 200_000)) return false;
  if (offer.kind === 'loyalty' && relation.memberDays < 366) return false;
  switch (offer.id) {
    case 'bundle-discount': return holdings.some((product) => product.endsWith('-insurance'));
    case 'car-insurance': case 'car-insurance-plus': case 'car-loan': return person.carOwner;
    case 'child-insurance': return person.children > 0;
    case 'green-renovation': return person.housing === 'owns-house';
    case 'mortgage': return person.housing !== 'rents';
    case 'pension-savings': return person.age >= 25 && person.age < 62;
    case 'private-banking': return person.segment === 'affluent' || person.segment === 'private';
    case 'claim-status': return openClaims > 0;
    case 'payment-plan': return missedPayments > 0;
    case 'mortgage-renewal': case 'storm-check': return false;      // they depend on a date or an event
    default: return true;
  }
}

/** Who has not logged in for 30 days has not met us on web or app since. */
function isDigital(person: Person, relation: SampleRelation, daysAgo: number, random: SeededRandom): boolean {
  return random.chance(person.digitalActivity) && (relation.attributes.loginsLast30Days > 0 || daysAgo > 31);
}

/** Service is for all; marketing on web and app only with consent, else the telephone, when the customer calls.
 *  `consents: null`: not a digital contact. */
function channelFor(offer: SampleOffer, consents: readonly string[] | null, random: SeededRandom): string {
  const digital = (offer.kind === 'win-back' ? ['web'] : ['web', 'app']).filter((channel) => consents !== null && (offer.category === 'service' || consents.includes(channel)));
  return digital.length === 0 ? 'call-center' : random.pick(digital);
}

function activities(relation: SampleRelation, consents: readonly string[], random: SeededRandom, now: number, spanDays: number): SampleContact[] {
  const made: SampleContact[] = [];
  if (consents.includes('email')) {
    for (let daysAgo = random.integer(1, 14); daysAgo <= spanDays; daysAgo += 14) {
      const sentMs = atDaytime(daysAgo, random, now);
      made.push(contact({ activity: 'newsletter', channel: 'email' }, 'delivered', sentMs));
      if (random.chance(0.3)) made.push(contact({ activity: 'newsletter', channel: 'email' }, 'opened', sentMs + random.integer(5, 55) * 60_000));
    }
  }
  if (relation.holdings.length > 0) {
    for (let daysAgo = random.integer(2, 28); daysAgo <= spanDays; daysAgo += 30) made.push(contact({ activity: 'invoice', channel: 'email' }, 'delivered', atDaytime(daysAgo, random, now)));
  }
  return made;
}
