import { compile, eventsOf, type CatalogParts } from '../../support/golden-case.js';
import { isHeldOut } from '../../../src/decision/control.js';
import { sizeTriggers, type SizingAsk } from '../../../src/service/sizing/size-triggers.js';
import { StoreError, type CustomerStore, type StoredState } from '../../../src/customers/customer-store.js';
import type { Catalog, Contact, GroupEvent, JsonObject } from '../../../src/decision/types.js';
import type { Scorer } from '../../../src/models/scorer.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString();

/** Of a customer: 10, 15, 20, … years old, in turn from the north and the south. */
interface Known { readonly consents?: readonly string[]; readonly events?: readonly string[]; readonly contacts?: readonly Contact[] }
const known: Readonly<Record<number, Known>> = {
  0: { events: [`moved ${daysAgo(5)}`] },
  1: { events: [`moved ${daysAgo(5)}`], consents: ['partner-data'] },
  2: { events: [`moved ${daysAgo(5)}`], consents: ['email'] },
  3: { events: [`login ${daysAgo(100)}`], contacts: [{ offerId: 'card', decisionId: 'd', channel: 'web', outcome: 'declined', occurredAt: now - 86_400_000 }] },
  4: { events: [`moved ${daysAgo(29)}`], consents: ['email', 'sms'] },
  5: { events: [`login ${daysAgo(45)}`], consents: ['sms'] },
  6: { events: [`moved ${daysAgo(31)}`] },
  7: { events: [`login ${daysAgo(2)}`] },
};

const parts: CatalogParts = {
  schema: { channelCosts: { email: 1, sms: 5 } },
  offers: [
    { id: 'card', value: { volume: 1, margin: 100, duration: 1 }, propensity: { prior: 0.1 } },
    { id: 'loan', value: { volume: 1, margin: 'customer.age', duration: 1 }, propensity: { model: 'accept', prior: 0.9 } },
    { id: 'shelter', value: { volume: 1, margin: 8, duration: 1 }, propensity: { prior: 0.25 } },
  ],
  rules: [
    { id: 'night-for-dear', kind: 'communication', applies: 'offer.id == "shelter" && value > 1.0', quiet: { from: '00:00', until: '23:59' } },
    { id: 'of-age', kind: 'business', applies: 'offer.id == "loan"', require: 'customer.age >= 18', reason: 'Of age only' },
    { id: 'rest-after-no', kind: 'communication', cooldown: { after: 'declined', for: '30d', scope: 'offer' } },
    { id: 'consent', kind: 'communication', applies: 'direction == "outbound"', require: 'channel in customer.consents', reason: 'No consent' },
    { id: 'night', kind: 'communication', applies: 'direction == "outbound"', quiet: { from: '00:00', until: '23:59' } },
  ],
  events: { moved: {}, login: {}, storm: {}, married: {}, baby: { source: 'partner' } },
  triggers: [
    { id: 'moved', type: 'life-event', on: { event: 'moved' }, audience: 'customer.region == "north"', window: '20d', effect: { weight: 2, offers: ['loan'] }, control: 0.3 },
    { id: 'minor', type: 'lifecycle', while: 'customer.age < 18', from: '2030-01-01', effect: { weight: 2, offers: ['card'] } },
    { id: 'quiet', type: 'lifecycle', absence: { of: 'login', atLeast: '30d' }, effect: { weight: 2, offers: ['card'] } },
    { id: 'storm', type: 'external', on: { event: 'storm' }, matches: 'customer.region == event.data.region', window: '2d', effect: { weight: 2, unlocks: ['shelter'] } },
    { id: 'married', type: 'life-event', on: { event: 'married' }, window: '9d', effect: { weight: 2, offers: ['loan'] } },
    { id: 'baby', type: 'life-event', source: 'partner', on: { event: 'baby' }, window: '9d', effect: { weight: 2, offers: ['card'] } },
    { id: 'online', type: 'business', until: '2026-12-31', audience: 'channel in ["web", "app"] && customer.region == "north"', effect: { weight: 2, offers: ['card'] } },
    { id: 'calls', type: 'business', until: '2026-12-31', audience: 'direction == "outbound"', effect: { weight: 2, offers: ['loan'] }, outbound: { channels: ['sms'], within: '1d' } },
    { id: 'dear', type: 'business', until: '2026-12-31', effect: { weight: 2, offers: ['shelter'] } },
    { id: 'season', type: 'business', until: '2026-12-31', effect: { weight: 2, offers: ['loan'] }, outbound: { channels: ['sms', 'email'], within: '1d' } },
  ],
};
const groupEvents: readonly GroupEvent[] = [{ id: 's', source: '/weather', type: 'storm', occurredAt: now - 86_400_000, data: { region: 'north' } }];

let catalog: Catalog;
beforeAll(async () => { catalog = await compile(parts); });

/** The parts of a store that are asked. */
function storeOf(count: number): CustomerStore {
  const read = (id: string): StoredState => {
    const place = Number(id.slice(1));
    const { consents = [], events = [], contacts = [] } = known[place] ?? {};
    return {
      limitUsage: new Map(),
      customer: {
        profile: { attributes: { age: 10 + 5 * (place % 10), region: place % 2 === 0 ? 'north' : 'south' }, consents, holdings: [] },
        contacts, events: eventsOf(events, consents, catalog), profileVersion: 1, ledgerVersion: 1,
      },
    };
  };
  return {
    ids: async function* () { for (let place = 0; place < count; place++) yield await Promise.resolve(`c${place}`); },
    read: (id: string) => Promise.resolve(read(id)),
    shared: () => Promise.resolve({ groupEvents, rhythms: new Map() }),
  } as unknown as CustomerStore;
}

/** Whoever is 20 accepts with 20 %. */
const scorer: Scorer = {
  score: ({ layout, slots, offers, outputs }) => {
    const { slot } = layout.customer.find(({ path }) => path[0] === 'age')!;
    return Promise.resolve({ ok: true, outputs: new Map(outputs.map((output) => [output, (offers ?? [null]).map(() => (slots[slot] as number) / 100)])) });
  },
};

const everything = new Set(parts.triggers!.map(({ id }) => id as string));
async function size(changes: Partial<SizingAsk> & { count?: number; store?: CustomerStore; scorer?: Scorer } = {}) {
  const { count = 10, store = storeOf(count), scorer: model = scorer, ...ask } = changes;
  return sizeTriggers({ catalog, store, scorer: model, monotonicMs: () => 0 }, { ids: everything, sampleSize: 10, seed: '', now, channel: null, onLooked: () => Promise.resolve(), ...ask });
}
const exactly = (estimate: number) => ({ estimate, low: estimate, high: estimate });
async function sizeOfOne(id: string, changes: Parameters<typeof size>[0] = {}) {
  const { triggers } = await size({ ...changes, ids: new Set([id]) });
  expect(triggers).toHaveLength(1);
  return triggers[0]!;
}

test('by an event: its audience, to whom it happened in 30 days, and what the rules leave of them', async () => {
  // The north: 0, 2, 4, 6, 8. It happened to 0 (who is 10), 2 and 4 within 30 days, to 6 before; 4's window has closed.
  // Worth: 20 % × 20 + 30 % × 30.
  const moved = await sizeOfOne('moved');
  expect(moved).toMatchObject({
    startsBy: 'event', event: 'moved', atMost: false, dates: 'open', counted: 'event', isForEverybody: false,
    audience: exactly(5), activeNow: exactly(2), eventLast30Days: exactly(3), reached: exactly(3), withOffer: exactly(2),
    refusedBy: [{ rule: 'of-age', reason: 'Of age only', customers: exactly(1) }],
  });
  expect(moved.propensity).toBeCloseTo(0.25);
  expect(moved.valuePerAccept).toBeCloseTo(26);
  expect(moved.expectedValue!.estimate).toBeCloseTo(13);
  expect(moved.expectedValuePerCustomer).toBeCloseTo(13 / 3);
});

test('the control groups taken out', async () => {
  const trigger = catalog.triggers.find(({ id }) => id === 'moved')!;
  const [twoIsHeld, fourIsHeld] = ['c2', 'c4'].map((id) => isHeldOut(id, trigger, catalog.control.salt));
  expect(twoIsHeld).not.toBe(fourIsHeld);           // else the case shows nothing
  const { withoutControl } = await sizeOfOne('moved');
  expect(withoutControl!.withOffer).toEqual(exactly(1));
  expect(withoutControl!.expectedValue.estimate).toBeCloseTo(twoIsHeld ? 9 : 4);
  expect((await sizeOfOne('quiet')).withoutControl).toBeNull();
});

test('by a state whose dates have not begun: as if they had', async () => {
  expect(await sizeOfOne('minor')).toMatchObject({
    startsBy: 'while', dates: 'not-begun', counted: 'active', isForEverybody: true, eventLast30Days: null,
    audience: exactly(10), activeNow: exactly(0), reached: exactly(2), withOffer: exactly(2), propensity: 0.1, valuePerAccept: 100, expectedValue: exactly(20),
  });
});

test('by absence: who is silent now, and whom a cooldown spares', async () => {
  expect(await sizeOfOne('quiet')).toMatchObject({
    startsBy: 'absence', event: 'login', activeNow: exactly(2), reached: exactly(2), withOffer: exactly(1), expectedValue: exactly(10),
    refusedBy: [{ rule: 'rest-after-no', customers: exactly(1) }],
  });
});

test('by an event of everybody that is kept: whom it matches, with the offer that it unlocks', async () => {
  expect(await sizeOfOne('storm')).toMatchObject({ atMost: true, counted: 'event', audience: exactly(10), activeNow: exactly(5), eventLast30Days: exactly(5), withOffer: exactly(5), expectedValue: exactly(10) });
});

test('an event of which nothing is known: what it would be for each to whom it happens', async () => {
  // Of age are 2 to 9, who are 20, 25, … 55; their age squared, in hundredths.
  const squares = [20, 25, 30, 35, 40, 45, 50, 55].reduce((sum, age) => sum + age * age / 100, 0);
  const married = await sizeOfOne('married');
  expect(married).toMatchObject({ counted: 'audience', eventLast30Days: null, activeNow: exactly(0), reached: exactly(10), withOffer: exactly(8), expectedValue: null, withoutControl: null });
  expect(married.expectedValuePerCustomer).toBeCloseTo(squares / 10);
});

test('second-party data: only who has agreed to it', async () => {
  expect(await sizeOfOne('baby')).toMatchObject({ isForEverybody: false, audience: exactly(1), counted: 'audience', withOffer: exactly(1) });
});

describe('with outbound', () => {
  test('in its channels, the consent and the cost counted; not kept back by the time of day', async () => {
    // email: 2 (worth 4) and 4 (worth 9); sms: 4 and 5 (35 years: 12.25). Ages 10 and 15 are refused for more than consent.
    const season = await sizeOfOne('season');
    expect(season).toMatchObject({ startsBy: 'dates', reached: exactly(10), withOffer: exactly(3), refusedBy: [{ rule: 'consent', customers: exactly(7) }, { rule: 'of-age', customers: exactly(2) }] });
    expect(season.expectedValue!.estimate).toBeCloseTo(4 + 9 + 12.25);
  });
  test('`within` is not asked, so by absence, and by dates that began longer ago, it is the most it can be; a state counts from when it is first seen', async () => {
    const outbound = { channels: ['sms'], within: '2d' };
    const starts = { pause: { absence: { of: 'login', atLeast: '30d' } }, dates: { from: '2026-01-01' }, begun: { from: new Date(now).toISOString().slice(0, 10) }, 'to-come': { from: '2027-06-01' }, 'pause-to-come': { absence: { of: 'login', atLeast: '30d' }, from: '2027-06-01' }, state: { while: 'customer.age < 18' }, event: { on: { event: 'moved' }, window: '9d' } };
    const triggersOf = (limited: boolean): JsonObject[] => Object.entries(starts).map(([id, start]) => ({ id, type: 'business', ...start, effect: { weight: 2, offers: ['card'] }, outbound: limited ? outbound : { channels: ['sms'] } }));
    const atMost = async (limited: boolean) => {
      const triggers = triggersOf(limited);
      const sizing = await sizeTriggers({ catalog: await compile({ ...parts, triggers }), store: storeOf(10), scorer, monotonicMs: () => 0 }, { ids: new Set(Object.keys(starts)), sampleSize: 10, seed: '', now, channel: null, onLooked: () => Promise.resolve() });
      return sizing.triggers.filter((each) => each.atMost).map(({ id }) => id);
    };
    expect(await atMost(true)).toEqual(['pause', 'dates']);
    expect(await atMost(false)).toEqual([]);
  });
  test('in one channel alone', async () => {
    const season = await sizeOfOne('season', { channel: 'sms' });
    expect(season.withOffer).toEqual(exactly(2));
    expect(season.expectedValue!.estimate).toBeCloseTo(9 + 12.25);
  });
});

test('of a larger store: a sample, the same each time, reckoned up with bounds; another seed, another sample', async () => {
  const ask = { count: 1000, sampleSize: 200, ids: new Set(['minor']) };
  const one = await size(ask);
  expect(one).toMatchObject({ customers: 1000, sampled: 200 });
  expect(await size(ask)).toEqual(one);
  const [minor] = one.triggers;
  expect(minor!.reached.low).toBeLessThan(200);
  expect(minor!.reached.high).toBeGreaterThan(200);         // the truth: 10 and 15 years, a fifth
  expect(minor!.reached.estimate % 5).toBe(0);
  expect(minor!.expectedValue!.estimate).toBeCloseTo(minor!.reached.estimate * 0.1 * 100);
  const others = await Promise.all(['1/', '2/', '3/'].map(async (seed) => (await size({ ...ask, seed })).triggers[0]!.reached.estimate));
  expect(new Set([minor!.reached.estimate, ...others]).size).toBeGreaterThan(1);
});

test('how far it is', async () => {
  const looked: [number, number][] = [];
  await size({ count: 120, sampleSize: 120, onLooked: (...at) => { looked.push(at); return Promise.resolve(); } });
  expect(looked).toEqual([[50, 120], [100, 120], [120, 120]]);
});

test('a model that cannot answer: its prior counts, and it is said', async () => {
  const away: Scorer = { score: () => Promise.resolve({ ok: false, reason: 'away' }) };
  const { degraded, triggers } = await size({ ids: new Set(['moved']), scorer: away });
  expect(degraded).toEqual(['model:accept']);
  expect(triggers[0]!.propensity).toBeCloseTo(0.9);
});

test('a customer who is erased meanwhile is no customer', async () => {
  const store = storeOf(10);
  const { read } = store;
  store.read = (id, ...rest) => (id === 'c0' ? Promise.resolve({ customer: null, limitUsage: new Map() }) : read(id, ...rest));
  expect(await size({ store, ids: new Set(['minor']) })).toMatchObject({ customers: 9, sampled: 9, triggers: [{ reached: exactly(1) }] });
});

test('a store that does not answer is no store full of noes', async () => {
  const store = storeOf(10);
  store.read = () => Promise.reject(new StoreError('away'));
  await expect(size({ store })).rejects.toThrow(StoreError);
});

describe('an audience that hangs on the contact', () => {
  test('is whoever is of it in any channel that comes into question', async () => {
    expect(await sizeOfOne('online')).toMatchObject({ audience: exactly(5), activeNow: exactly(5) });
    expect(await sizeOfOne('online', { channel: 'web' })).toMatchObject({ audience: exactly(5) });
    expect(await sizeOfOne('online', { channel: 'sms' })).toMatchObject({ audience: exactly(0) });
  });

  test('a trigger with outbound makes the contact itself', async () => {
    expect(await sizeOfOne('calls')).toMatchObject({ audience: exactly(10) });
  });
});

test('quiet hours that hang on the value keep nobody back either', async () => {
  const dear = await sizeOfOne('dear');
  expect(dear.refusedBy.map(({ rule }) => rule)).not.toContain('night-for-dear');
});
