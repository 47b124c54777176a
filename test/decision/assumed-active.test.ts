import { decide } from '../../src/decision/pipeline.js';
import { compile, type CatalogParts } from '../support/golden-case.js';
import type { Catalog, Decision, DecisionRequest } from '../../src/decision/types.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const effect = { weight: 3, offers: ['card'], unlocks: ['shelter'] };
const parts: CatalogParts = {
  offers: [{ id: 'card' }, { id: 'loan' }, { id: 'shelter' }],
  rules: [{ id: 'while-it-lasts', kind: 'business', applies: 'offer.id == "loan"', require: '"chance" in triggers' }],
  events: { seen: {}, baby: { source: 'partner' } },
};
const triggers = {
  event: { on: { event: 'seen' }, window: '1d' },
  absence: { absence: { of: 'seen', atLeast: '30d' } },
  state: { while: 'customer.age > 100' },
  dates: { from: '2030-01-01' },
  over: { until: '2020-01-01' },
  'held out': { while: 'true', control: 0.999 },
};

function decideWith(catalog: Catalog, assumed: readonly string[], age = 40): Decision {
  const request: DecisionRequest = { channel: 'web', direction: 'inbound', limit: 3, placements: null, context: {}, explain: 'full' };
  const customer = { id: 'C-1', profile: { attributes: { age }, consents: [], holdings: [] }, contacts: [], limitUsage: new Map() };
  const step = decide({ catalog, request, customer, now, contested: new Set(), assumedActive: new Set(assumed) }).next();
  if (step.done !== true) throw new Error('no model is asked');
  return step.value;
}
const priorities = ({ offers }: Decision) => Object.fromEntries(offers.map(({ offer, priority }) => [offer.id, priority]));

test.each(Object.entries(triggers))('a trigger by %s, assumed active, is all that changes', async (_name, start) => {
  const catalog = await compile({ ...parts, triggers: [{ id: 'chance', type: 'business', ...start, effect }, { id: 'other', type: 'business', from: '2030-01-01', effect: { weight: 9, offers: ['card'] } }] });
  const without = decideWith(catalog, []);
  expect(without.triggers?.filter(({ state }) => state === 'active')).toEqual([]);
  expect(priorities(without)).toEqual({ card: 10 });
  const assumed = decideWith(catalog, ['chance']);
  expect(assumed.triggers?.filter(({ state }) => state === 'active').map(({ id }) => id)).toEqual(['chance']);
  // As in a catalog in which it is active.
  const active = decideWith(await compile({ ...parts, triggers: [{ id: 'chance', type: 'business', while: 'true', effect }] }), []);
  expect(priorities(assumed)).toEqual(priorities(active));
  expect(priorities(assumed)).toEqual({ card: 30, loan: 10, shelter: 10 });
});

test.each([
  ['whom it is not for', { audience: 'customer.age < 30' }, 'The customer is not of its audience'],
  ['who has not agreed to partners\' data', { source: 'partner', on: { event: 'baby' }, while: undefined }, 'No consent to partner-data'],
])('not for one %s', async (_name, whom, reason) => {
  const catalog = await compile({ ...parts, triggers: [{ id: 'chance', type: 'business', ...('on' in whom ? { on: whom.on, source: whom.source } : { while: 'true', ...whom }), effect }] });
  const decision = decideWith(catalog, ['chance']);
  expect(priorities(decision)).toEqual({ card: 10 });
  expect(decision.triggers).toMatchObject([{ id: 'chance', state: 'rejected', reason }]);
});
