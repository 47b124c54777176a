import { expect, test } from '@jest/globals';
import { compile } from '../support/golden-case.js';
import { openSituation } from '../../src/decision/situation.js';
import { openVerdicts } from '../../src/decision/trigger-verdicts.js';
import { worthOf, type Scoring } from '../../src/decision/worth.js';

const value = { volume: 2, margin: 30, duration: 1.5 };
const catalog = await compile({
  strategies: [{ id: 'young', objective: 'broaden', when: 'customer.age < 30', weights: { 'cross-sell': 1.3, loyalty: 0 } }, { id: 'old', objective: 'broaden', when: 'customer.age > 60', weights: { 'cross-sell': 1.3 } }, { id: 'all', objective: 'maintain' }],
  offers: [
    { id: 'beyond', value: { volume: 1e200, margin: 1e200, duration: 1 } },
    { id: 'by-age', value: { ...value, duration: 'customer.age / 10.0' } },
    { id: 'by-model', value: { ...value, duration: { model: 'lifetime', output: 'years', prior: 3 } } },
    { id: 'levered', value, lever: { weight: 1.1, from: '2026-11-01', until: '2026-12-31' } },
    { id: 'levered-later', value, lever: { weight: 1.1, from: '2027-11-01', until: '2027-12-31' } },
    { id: 'loyal', kind: 'loyalty', value },
    { id: 'plain', value },
  ],
});
const situation = openSituation({
  catalog, customer: { id: 'C-1', profile: { attributes: { age: 40 }, consents: [], holdings: [] }, contacts: [], limitUsage: new Map() }, now: Date.parse('2026-11-23T10:00:00Z'), contested: new Set(),
  request: { channel: 'web', direction: 'inbound', limit: 3, placements: null, context: {}, explain: 'full' },
});

test('what hangs on no customer, model or date is settled at load', () => {
  for (const strategy of catalog.strategies) {
    const settled = catalog.offers.filter(({ row }) => catalog.settledWorths.get(strategy)![row] !== null);
    expect(settled.map(({ id }) => id)).toEqual(['beyond', 'loyal', 'plain']);
  }
});

test.each(catalog.strategies.map(({ id }, index) => [id, index] as const))('an offer is worth the same, settled or worked out: strategy %s', (_id, index) => {
  const strategy = catalog.strategies[index]!;
  const settled: Scoring = { situation, strategy, verdicts: openVerdicts(situation), scores: { of: () => undefined }, settled: catalog.settledWorths.get(strategy)! };
  for (const offer of catalog.offers) expect(worthOf({ offer, place: 0 }, null, settled)).toEqual(worthOf({ offer, place: 0 }, null, { ...settled, settled: [] }));
});

test('strategies that weigh an offer alike share one; another weight is another worth', () => {
  const { row } = catalog.offersById.get('plain')!;
  const [young, old, all] = catalog.strategies.map((strategy) => catalog.settledWorths.get(strategy)![row]!);
  expect(young).toBe(old);
  expect(young).toEqual({ factors: { volume: 2, margin: 30, duration: 1.5, strategy: 1.3, trigger: 1, lever: 1 }, value: 90, weight: 1.3 });
  expect(all).toMatchObject({ factors: { strategy: 1 }, value: 90, weight: 1 });
});
