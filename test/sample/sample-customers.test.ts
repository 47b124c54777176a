import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { inControlGroup } from '../../src/decision/control.js';
import { outcomes } from '../../src/decision/types.js';
import { phases, type Phase, type SampleCustomer } from '../../src/sample/sample-customer.js';
import { sampleCustomers } from '../../src/sample/sample-customers.js';
import { sampleOffers } from '../../src/sample/sample-offers.js';
import { offers, schema } from '../catalog/sample-catalog-files.js';

const offerById = new Map(offers.map((offer) => [offer.id, offer]));

const now = Date.parse('2026-11-23T10:00:00Z');
const dayMs = 86_400_000;
const customers = [...sampleCustomers({ count: 1000, seed: 1, now })];
const contacts = customers.flatMap((customer) => customer.contacts.map((contact) => ({ customer, contact })));
const showcase = customers[0]!;

/** The phases as schema.yaml defines them, in plain code. */
function phaseOf({ attributes }: SampleCustomer): Phase {
  if (attributes.cancellationDate !== undefined) return 'exit';
  if (now - Date.parse(attributes.memberSince) < 90 * dayMs) return 'onboard';
  if (attributes.openComplaints > 0 || (attributes.loginsLast30Days === 0 && attributes.productCount <= 1)) return 'retain';
  return attributes.productCount >= 1 ? 'engage' : 'attract';
}
const share = (holds: (customer: SampleCustomer) => boolean, among: readonly SampleCustomer[] = customers): number => among.filter(holds).length / among.length;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('sampleCustomers', () => {
  test('gives as many as asked for, with ids from C-1001', () => {
    expect(customers.map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, index) => `C-${1001 + index}`));
    expect([...sampleCustomers({ count: 0, seed: 1, now })]).toEqual([]);
  });

  test('is settled by seed and time', () => {
    expect([...sampleCustomers({ count: 1000, seed: 1, now })]).toEqual(customers);
    expect([...sampleCustomers({ count: 40, seed: 1, now })]).toEqual(customers.slice(0, 40));
    expect([...sampleCustomers({ count: 40, seed: 2, now })].slice(10)).not.toEqual(customers.slice(10, 40));
  });

  test.each(phases)('has customers in the phase %s, among the first forty too', (phase) => {
    expect(share((customer) => phaseOf(customer) === phase)).toBeGreaterThan(0.03);
    expect(customers.slice(0, 40).some((customer) => phaseOf(customer) === phase)).toBe(true);
  });

  test('most customers are engaged', () => {
    expect(share((customer) => phaseOf(customer) === 'engage')).toBeGreaterThan(0.4);
  });

  test.each(['2026-11-23T10:00:00Z', '2028-02-29T00:30:00Z', '2027-12-31T23:59:59Z'])('attributes fit the schema of the catalog, and no contact is to come, at %s', (at) => {
    const validate = addFormats.default(new Ajv2020({ strict: true, allErrors: true })).compile(schema.customer);
    const made = [...sampleCustomers({ count: 300, seed: 7, now: Date.parse(at) })];
    expect(made.flatMap(({ id, attributes }) => (validate(attributes) ? [] : [{ id, errors: validate.errors }]))).toEqual([]);
    expect(made.flatMap((customer) => customer.contacts.filter((contact) => Date.parse(contact.occurredAt) > Date.parse(at)))).toEqual([]);
  });

  test('age and date of birth agree, and nobody was a member before birth', () => {
    for (const { id, attributes } of customers) {
      if (attributes.birthDate === undefined || attributes.age === undefined) continue;
      const [year, month, day] = attributes.birthDate.split('-').map(Number) as [number, number, number];
      const today = new Date(now);
      const hadBirthday = (today.getUTCMonth() + 1) * 100 + today.getUTCDate() >= month * 100 + day;
      expect([id, today.getUTCFullYear() - year - (hadBirthday ? 0 : 1)]).toEqual([id, attributes.age]);
      expect(attributes.memberSince >= attributes.birthDate).toBe(true);
    }
  });

  test('holdings are products of the catalog or its base products, each once, and are counted', () => {
    const products = new Set(['card', ...offers.flatMap((offer) => offer.attributes.product ?? [])]);
    for (const { holdings, attributes } of customers) {
      expect(holdings.filter((product) => !products.has(product))).toEqual([]);
      expect(new Set(holdings).size).toBe(holdings.length);
      expect(attributes.productCount).toBe(holdings.length);
    }
  });

  test('every product that an offer requires is held by somebody', () => {
    for (const offer of offers) {
      if (offer.attributes.requires !== undefined) expect([offer.id, customers.some(({ holdings }) => holdings.includes(offer.attributes.requires ?? ''))]).toEqual([offer.id, true]);
    }
  });

  test('consents name channels of the catalog or the purpose partner-data', () => {
    const known = new Set([...schema.channels, 'partner-data']);
    expect(customers.flatMap(({ consents }) => consents.filter((consent) => !known.has(consent)))).toEqual([]);
    expect(share(({ consents }) => consents.includes('web'))).toBeGreaterThan(0.4);
    expect(share(({ consents }) => !consents.includes('web'))).toBeGreaterThan(0.1);
  });

  test('time zones exist, and both languages are spoken', () => {
    for (const { timeZone } of customers) expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
    expect(new Set(customers.map(({ timeZone }) => timeZone)).size).toBeGreaterThan(2);
    expect(share(({ locale }) => locale === 'sv-SE')).toBeGreaterThan(0.7);
    expect(share(({ locale }) => locale.startsWith('en'))).toBeGreaterThan(0.05);
  });

  test('attributes go together as in life', () => {
    const known = customers.filter(({ attributes }) => attributes.incomeYearly !== undefined);
    const income = (segment: string): number => mean(known.filter(({ attributes }) => attributes.segment === segment).map(({ attributes }) => attributes.incomeYearly!));
    expect(income('student')).toBeLessThan(income('mass'));
    expect(income('mass')).toBeLessThan(income('affluent'));
    const owner = ({ attributes }: SampleCustomer): boolean => attributes.carOwner;
    expect(share(owner, customers.filter(({ attributes }) => attributes.housing === 'owns-house'))).toBeGreaterThan(share(owner, customers.filter(({ attributes }) => attributes.housing === 'rents')));
    expect(customers.filter(({ attributes }) => attributes.children > 0 && attributes.household !== 'family')).toEqual([]);
    expect(customers.filter(({ attributes }) => attributes.deceased === true).length).toBeGreaterThan(0);
    expect(customers.filter(({ attributes }) => attributes.vulnerable === true).length).toBeGreaterThan(0);
  });
});

describe('the history', () => {
  test('the list of offers that it knows is that of the catalog', () => {
    const plain = (list: readonly { id: string }[]): unknown[] => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(plain(sampleOffers)).toEqual(plain(offers.map(({ id, kind, attributes: { product, requires, category } }) => ({
      id, kind, category, ...(product === undefined ? {} : { product }), ...(requires === undefined ? {} : { requires }),
    }))));
  });

  test('lies within the last 90 days, oldest first', () => {
    for (const { contacts: own } of customers) {
      const times = own.map(({ occurredAt }) => Date.parse(occurredAt));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every((at) => at <= now && at > now - 91 * dayMs)).toBe(true);
    }
    expect(contacts.filter(({ contact }) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(contact.occurredAt))).toEqual([]);
  });

  test('names offers with their kind, in channels where they are shown, or activities of the catalog', () => {
    const wrong = contacts.filter(({ contact: { offerId, activity, kind, channel, outcome, decisionId } }) => {
      if (!outcomes.includes(outcome) || (offerId === undefined) === (activity === undefined)) return true;
      if (activity !== undefined) return !schema.activities.includes(activity);
      const offer = offerById.get(offerId!)!;
      return kind !== offer.kind || !offer.treatments.some((treatment) => treatment.channel === channel) || !/^sample-C-\d+-\d+$/.test(decisionId ?? '');
    });
    expect(wrong).toEqual([]);
  });

  test.each(['presented', 'clicked', 'declined', 'accepted', 'not-now', 'delivered', 'opened', 'converted'])('has contacts with the outcome %s', (outcome) => {
    expect(contacts.filter(({ contact }) => contact.outcome === outcome).length).toBeGreaterThan(20);
  });

  test('every answer follows a presentation by the same decision in the same channel', () => {
    const answers = contacts.filter(({ contact }) => contact.offerId !== undefined && contact.outcome !== 'presented');
    const orphans = answers.filter(({ customer, contact }) => !customer.contacts.some((shown) =>
      shown.decisionId === contact.decisionId && shown.outcome === 'presented' && shown.offerId === contact.offerId && shown.channel === contact.channel && shown.occurredAt < contact.occurredAt));
    expect(answers.length).toBeGreaterThan(500);
    expect(orphans).toEqual([]);
  });

  test('what was accepted is held; marketing on web and app had consent', () => {
    const wrong = contacts.filter(({ customer, contact: { offerId, outcome, channel } }) => {
      const { product, category } = offerById.get(offerId ?? '')?.attributes ?? {};
      const unheld = outcome === 'accepted' && product !== undefined && !customer.holdings.includes(product);
      return unheld || ((channel === 'web' || channel === 'app') && category !== 'service' && !customer.consents.includes(channel));
    });
    expect(wrong).toEqual([]);
  });
});

describe('C-1001', () => {
  test('is an engaged customer whose decisions are not withheld by the control group', () => {
    expect(phaseOf(showcase)).toBe('engage');
    expect(inControlGroup(showcase.id, schema.control)).toBe(false);
  });

  test('has something declined, something put off and something accepted, each recent enough to matter', () => {
    const after = (outcome: string): unknown => showcase.contacts.find((contact) => contact.outcome === outcome)?.offerId;
    expect([after('declined'), after('not-now'), after('accepted')]).toEqual(['travel-insurance', 'pension-savings', 'car-insurance']);
    expect(showcase.contacts.filter(({ offerId, outcome }) => offerId === 'home-insurance' && outcome === 'clicked')).toHaveLength(2);
  });
});
