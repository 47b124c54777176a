import { setImmediate as nextTurn } from 'node:timers/promises';
import { createCatalogService, type CatalogServiceParts } from '../../src/service/catalog-service.js';
import { compile } from '../support/golden-case.js';
import type { Catalog, JsonObject } from '../../src/decision/types.js';

const loadedAt = Date.UTC(2026, 10, 23, 10);
/** Every look at the clock finds a millisecond gone by, so that every second entry ends a turn. */
const tickingClock = (): (() => number) => { let ms = 0; return () => ms++; };
const service = (current: () => Catalog, parts: Partial<CatalogServiceParts> = {}): ReturnType<typeof createCatalogService>['catalog'] =>
  createCatalogService({ current, loadedAt: () => loadedAt, refusedBecause: () => null, storeProblem: () => null, monotonicMs: tickingClock(), validate: () => Promise.resolve({ valid: true, problems: [] }), ...parts }).catalog;
const textOf = (json: Uint8Array): string => Buffer.from(json).toString('utf8');

const offersOf = (count: number, name: string): JsonObject[] => Array.from({ length: count }, (_, place) => ({ id: `o${String(place).padStart(3, '0')}`, name: `${name} ${place}`, kind: 'loyalty' }));
const catalogOf = (count: number, name: string): Promise<Catalog> => compile({ offers: offersOf(count, name) });

test('the catalog as JSON, with every member in its place', async () => {
  const catalog = await compile({
    schema: { channelCosts: { sms: 0.5 }, activities: ['invoice'], control: { share: 0.25, salt: 's' } },
    strategies: [{ id: 'engaged', objective: 'broaden', toward: 'household', when: 'has(customer.age)', weights: { loyalty: 1.5 }, owner: 'crm' }, { id: 'all', objective: 'maintain' }],
    offers: [
      { id: 'card', name: 'Kort på köpet 💳', kind: 'cross-sell', attributes: { category: 'credit' }, exclusive: 'cards', lever: { weight: 2, from: '2026-11-01', until: '2026-11-30' }, limits: [{ outcome: 'accepted', max: 5, per: 'month' }], treatments: [{ channel: 'web' }, { channel: 'web', stage: 'act' }, { channel: 'app' }] },
      { id: 'hidden', kind: 'loyalty' },
    ],
    rules: [{ id: 'adult', kind: 'business', applies: 'offer.category == "credit"', require: 'customer.age >= 18', reason: 'Not of age', reviewBy: '2027-01-01' }, { id: 'rest', kind: 'communication', cooldown: { after: 'declined', for: '30d' } }],
    triggers: [{ id: 'autumn', type: 'business', from: '2026-11-01', effect: { weight: 2, unlocks: ['hidden'] } }],
  });
  const models = [...catalog.models.values()].map(({ id, outputs }) => ({ id, outputs }));
  expect(textOf(await service(() => catalog).describe())).toBe(JSON.stringify({
    revision: catalog.revision, loadedAt: '2026-11-23T10:00:00.000Z', currency: 'SEK', timeZone: catalog.timeZone, channels: catalog.channels, channelCosts: { sms: 0.5 }, activities: ['invoice'], control: { share: 0.25 },
    strategies: [{ id: 'engaged', objective: 'broaden', toward: 'household', when: 'has(customer.age)', weights: { loyalty: 1.5 }, owner: 'crm' }, { id: 'all', objective: 'maintain', weights: {} }],
    offers: [
      { id: 'card', name: 'Kort på köpet 💳', kind: 'cross-sell', attributes: { category: 'credit' }, channels: ['web', 'app'], exclusive: 'cards', lever: { weight: 2, from: '2026-11-01', until: '2026-11-30' }, limits: [{ outcome: 'accepted', max: 5, per: 'month' }] },
      { id: 'hidden', name: 'hidden', kind: 'loyalty', attributes: {}, channels: [], unlockedBy: ['autumn'] },
    ],
    rules: [{ id: 'adult', kind: 'business', check: 'require', applies: 'offer.category == "credit"', require: 'customer.age >= 18', reason: 'Not of age', reviewBy: '2027-01-01' }, { id: 'rest', kind: 'communication', check: 'cooldown' }],
    triggers: [{ id: 'autumn', type: 'business', weight: 2 }],
    models,
  }));
});

test('wherever it pauses, the bytes are the same', async () => {
  const catalog = await catalogOf(50, 'Erbjudande å');
  const atOnce = await service(() => catalog, { monotonicMs: () => 0 }).describe();
  expect(JSON.parse(textOf(atOnce))).toMatchObject({ revision: catalog.revision, offers: catalog.offers.map(({ id, name }) => ({ id, name })), rules: [], triggers: [] });
  expect(textOf(await service(() => catalog).describe())).toBe(textOf(atOnce));
});

test('others have their turn between, also a new catalog; the answer is all of the one that was asked for', async () => {
  const [old, young] = [await catalogOf(90, 'Old'), await catalogOf(3, 'New')];
  let live = old;
  let at = loadedAt;
  const catalog = service(() => live, { loadedAt: () => at });
  const alone = textOf(await service(() => old).describe());
  let isDone = false;
  const asked = catalog.describe().finally(() => void (isDone = true));
  await nextTurn();
  expect(isDone).toBe(false);
  live = young;
  at = loadedAt + 60_000;
  const [before, after] = [textOf(await asked), textOf(await catalog.describe())];
  expect(before).toBe(alone);
  expect(JSON.parse(after)).toMatchObject({ revision: young.revision, loadedAt: '2026-11-23T10:01:00.000Z', offers: [{ name: 'New 0' }, { name: 'New 1' }, { name: 'New 2' }] });
});

test('many who ask for the same catalog share one making of it', async () => {
  const catalog = await catalogOf(50, 'Offer');
  let looks = 0;
  const live = service(() => catalog, { monotonicMs: () => looks++ });
  const [first, ...others] = await Promise.all([live.describe(), live.describe(), live.describe()]);
  const looksOnce = looks;
  expect(others.every((other) => other === first)).toBe(true);
  expect(await live.describe()).toBe(first);
  expect(looks).toBe(looksOnce);
});
