import fc from 'fast-check';
import { compile, decideCase, type GoldenCase } from '../support/golden-case.js';
import type { Catalog, Decision, JsonObject } from '../../src/decision/types.js';

/**
 * A cap on `presented` gives the same answer whether the offers are presented in one answer or one after the other, each
 * written to the ledger before the next is asked about, whatever its `applies` asks.
 */
const offers: readonly JsonObject[] = ['service', 'loyalty', 'service', 'loyalty', 'retention', 'loyalty'].map((kind, i) => ({
  id: `o${i}`, kind, value: { volume: 1, margin: 600 - 100 * i, duration: 1 }, propensity: 0.6 - i * 0.1, ...(i % 2 === 0 && { attributes: { category: 'credit' } }),
}));
const conditions = [undefined, 'offer.kind != "service"', 'offer.id in ["o1", "o2"]', 'offer.category == "credit"', 'offer.id != "o0" && customer.age < 30', 'value < 450.0', 'propensity > 0.25', 'channel == "web"', 'customer.age >= 30'];

const cap = fc.record({
  applies: fc.constantFrom(...conditions),
  max: fc.constantFrom(0, 1, 1, 2, 3),
  scope: fc.constantFrom('offer', 'kind', 'channel', 'customer'),
  per: fc.constantFrom('day', '7d'),
});
const rules = fc.array(cap, { minLength: 1, maxLength: 3 }).map((caps) => caps.map(({ applies, max, scope, per }, i): JsonObject => ({
  id: `r${i}`, kind: 'communication', ...(applies !== undefined && { applies }), cap: { outcome: 'presented', max, per, scope },
})));

const contacts = fc.array(fc.constantFrom('presented o0 web 2026-11-22T08:00:00Z', 'presented o1 app 2026-11-23T08:00:00Z', 'presented o4 web 2026-11-23T09:00:00Z'), { maxLength: 2 });
const customer = fc.record({ id: fc.constant('C-1'), attributes: fc.record({ age: fc.constantFrom(20, 40) }, { requiredKeys: [] }), contacts });
const drawn = fc.record({ rules, customer, limit: fc.constantFrom(1, 2, 10) });
const runs = { seed: 20261127, numRuns: 150 };

const asked = (limit: number): GoldenCase['request'] => ({ channel: 'web', limit, explain: 'full' });
const idsOf = ({ offers: list }: Decision): readonly string[] => list.map(({ offer }) => offer.id);

/** Presents the best offer of a fresh decision, again and again, but none twice; what was passed by on the way stays out. */
function oneByOne(catalog: Catalog, who: NonNullable<GoldenCase['customer']>, limit: number): readonly string[] {
  const presented: string[] = [];
  for (const id of offers.map((offer) => offer['id'] as string)) {
    if (presented.length === limit) break;
    const ledger = [...who.contacts ?? [], ...presented.map((offerId) => `presented ${offerId} web 2026-11-23T10:00:00Z`)];
    const decision = decideCase({ customer: { ...who, contacts: ledger }, request: { ...asked(1), offers: [id] } }, catalog);
    presented.push(...idsOf(decision));
  }
  return presented;
}

describe('caps on presented', () => {
  test('one answer is what the same offers are one by one, in rank order', () =>
    fc.assert(fc.asyncProperty(drawn, async ({ rules: book, customer: who, limit }) => {
      const catalog = await compile({ offers, rules: book });
      expect(idsOf(decideCase({ customer: who, request: asked(limit) }, catalog))).toEqual(oneByOne(catalog, who, limit));
    }), runs));

  test('an offer that the answer in the making leaves no room for is refused by what refuses it once the answer is in the ledger', () =>
    fc.assert(fc.asyncProperty(drawn, async ({ rules: book, customer: who }) => {
      const catalog = await compile({ offers, rules: book });
      const decision = decideCase({ customer: who, request: asked(10) }, catalog);
      const ledger = [...who.contacts, ...idsOf(decision).map((offerId) => `presented ${offerId} web 2026-11-23T10:00:00Z`)];
      const after = decideCase({ customer: { ...who, contacts: ledger }, request: asked(10) }, catalog);
      for (const { offer, rejectedBy } of decision.excluded!) {
        const later = after.excluded!.find((each) => each.offer === offer)!.rejectedBy.map(({ rule }) => rule);
        expect(later).toEqual(expect.arrayContaining(rejectedBy.map(({ rule }) => rule)));
      }
    }), runs));
});
