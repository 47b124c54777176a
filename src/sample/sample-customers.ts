import { phases, type Phase, type SampleAttributes, type SampleCustomer } from './sample-customer.js';
import { sampleHistory } from './sample-history.js';
import { attributesOf, phaseShares, samplePerson, type Person } from './sample-person.js';
import { sampleRelation } from './sample-relation.js';
import { createSeededRandom, type SeededRandom } from './seeded-random.js';
import { showcaseCustomers } from './showcase-customers.js';

/** `now`: epoch milliseconds; memberships, dates and the history of the last 90 days are counted from it. */
export interface SampleOptions { readonly count: number; readonly seed: number; readonly now: number }

const firstId = 1001;

/**
 * Made-up customers of the sample catalog, C-1001 and upwards, in every phase of the relationship. The same options
 * give the same customers; a customer does not depend on `count`, so a longer file begins with the shorter one.
 */
export function* sampleCustomers({ count, seed, now }: SampleOptions): Generator<SampleCustomer, void, undefined> {
  const showcases = showcaseCustomers(now);
  for (let index = 0; index < count; index += 1) {
    // A stride of the golden ratio keeps the customers' sequences apart.
    yield showcases[index] ?? sampleCustomer(`C-${firstId + index}`, phaseAt(index), createSeededRandom(seed + Math.imul(index + 1, 0x9e3779b9)), now);
  }
}

/** Each phase is met early, the rest as often as it occurs. */
function phaseAt(index: number): Phase | null {
  return phases[index - 10] ?? null;
}

function sampleCustomer(id: string, givenPhase: Phase | null, random: SeededRandom, now: number): SampleCustomer {
  const phase = givenPhase ?? random.weighted(phaseShares);
  const person = samplePerson(random, now);
  const relation = sampleRelation(phase, person, random, now);
  const consents = sampleConsents(person, random);
  const { contacts, holdings } = sampleHistory(id, person, relation, consents, random, now);
  const attributes = attributesOf(person, { ...relation.attributes, productCount: holdings.length });
  return {
    id,
    attributes: random.chance(0.02) ? withoutPersonalData(attributes) : attributes,
    consents, holdings,
    timeZone: random.chance(0.96) ? 'Europe/Stockholm' : random.pick(['Europe/London', 'Europe/Helsinki', 'America/New_York', 'Asia/Tokyo']),
    locale: random.weighted({ 'sv-SE': 0.88, en: 0.06, 'en-GB': 0.06 }),
    contacts,
  };
}

/** Channels and purposes agreed to: the more digital the customer, the more likely. */
function sampleConsents({ digitalActivity }: Person, random: SeededRandom): readonly string[] {
  const chances = { 'call-center': 0.8, web: 0.25 + digitalActivity * 0.6, app: 0.1 + digitalActivity * 0.7, email: 0.65, sms: 0.35, push: digitalActivity * 0.5, 'partner-data': 0.2 };
  return Object.entries(chances).filter(([, chance]) => random.chance(chance)).map(([name]) => name);
}

/** A gap in the data: the register has not answered. */
function withoutPersonalData(attributes: SampleAttributes): SampleAttributes {
  const kept: { -readonly [name in keyof SampleAttributes]: SampleAttributes[name] } = { ...attributes };
  delete kept.age;
  delete kept.birthDate;
  delete kept.incomeYearly;
  return kept;
}
