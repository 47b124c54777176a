import { addEvent, noEvents } from '../../src/customers/event-ledger.js';
import { fewestCustomers, measurePopulation, rhythmSample, rhythmsOf } from '../../src/customers/population-rhythm.js';
import type { CustomerStore, StoredCustomer } from '../../src/customers/customer-store.js';
import { keepRhythms } from '../../src/service/keep-rhythms.js';
import { startRhythmJob } from '../../src/service/rhythm-job.js';
import { compile } from '../support/golden-case.js';
import type { Catalog, JsonObject } from '../../src/decision/types.js';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 23);

/** A customer who came so often, every so many days. */
function customer(id: string, type: string, every: number, times = 6): StoredCustomer {
  const events = Array.from({ length: times }, (_, place) => now - place * every * dayMs)
    .reduce((sum, occurredAt) => addEvent(sum, { type, fromPartner: false, occurredAt, matches: [] }, { late: false }), noEvents);
  return { id, profile: { attributes: {}, consents: [], holdings: [] }, contacts: [], events };
}

/** The parts of a store that are asked, and how often. */
function storeOf(customers: readonly StoredCustomer[]) {
  const byId = new Map(customers.map((each) => [each.id, each]));
  const asked: string[] = [];
  const written: ReadonlyMap<string, number | null>[] = [];
  /** After how many writes a walk was asked for. */
  const walks: number[] = [];
  const store = {
    ids: async function* () { for (const id of byId.keys()) yield await Promise.resolve(id); },
    export: (id: string) => {
      asked.push(id);
      return Promise.resolve(byId.get(id) ?? null);
    },
    putRhythms: (rhythms: ReadonlyMap<string, number | null>) => {
      written.push(rhythms);
      return Promise.resolve();
    },
    shared: () => Promise.resolve({ groupEvents: [], rhythms: new Map([...written.at(-1) ?? []].filter(([, usual]) => usual !== null)) }),
    walkAnew: () => {
      walks.push(written.length);
      return Promise.resolve();
    },
  } as unknown as CustomerStore;
  return { store, walks, asked, written, byId };
}
const many = (count: number, make: (place: number) => StoredCustomer): StoredCustomer[] => Array.from({ length: count }, (_, place) => make(place));

test('the median of the customers\' own, by type; none of too few', async () => {
  const { store } = storeOf([
    ...many(11, (place) => customer(`a${place}`, 'purchase', 5)), ...many(10, (place) => customer(`b${place}`, 'purchase', 20)),
    ...many(30, (place) => customer(`c${place}`, 'purchase', 1, 4)), ...many(fewestCustomers - 1, (place) => customer(`d${place}`, 'visit', 3)),
  ]);
  const measured = (await measurePopulation(store, ['purchase', 'visit', 'never']))!;
  expect(measured).toEqual({
    customers: 70, sampled: 70,
    rhythms: [
      { type: 'purchase', customers: 51, withRhythm: 21, usualMs: 5 * dayMs },
      { type: 'visit', customers: fewestCustomers - 1, withRhythm: fewestCustomers - 1, usualMs: null },
      { type: 'never', customers: 0, withRhythm: 0, usualMs: null },
    ],
  });
  expect(rhythmsOf(measured)).toEqual(new Map([['purchase', 5 * dayMs], ['visit', null], ['never', null]]));
});

test('requests have their turn between the reads of a store that answers at once', async () => {
  const { store, asked } = storeOf(many(1000, (place) => customer(`C-${place}`, 'purchase', 5)));
  const askedAtTurns: number[] = [];
  let measuring = true;
  const turn = (): void => {
    askedAtTurns.push(asked.length);
    if (measuring) setImmediate(turn);
  };
  setImmediate(turn);
  await measurePopulation(store, ['purchase']);
  measuring = false;
  expect(Math.max(...askedAtTurns.map((count, place) => count - (askedAtTurns[place - 1] ?? 0)))).toBeLessThanOrEqual(100);
  expect(askedAtTurns.length).toBeGreaterThanOrEqual(10);
});

test('of many customers a bounded sample is read, spread evenly, and the same each time', async () => {
  const count = 5 * rhythmSample;
  const { store, asked } = storeOf(many(count, (place) => customer(`C-${String(place).padStart(6, '0')}`, 'purchase', place < count / 2 ? 5 : 20)));
  expect(await measurePopulation(store, ['purchase'])).toMatchObject({ customers: count, sampled: rhythmSample });
  const first = asked.splice(0);
  expect(new Set(first).size).toBe(rhythmSample);
  for (let tenth = 0; tenth < 10; tenth++) {
    const inTenth = first.filter((id) => Math.floor(Number(id.slice(2)) / count * 10) === tenth).length;
    expect(inTenth).toBeGreaterThan(rhythmSample / 10 * 0.75);
    expect(inTenth).toBeLessThan(rhythmSample / 10 * 1.25);
  }
  await measurePopulation(store, ['purchase']);
  expect(asked).toEqual(first);
});

test('a customer who is erased meanwhile is left out', async () => {
  const { store, byId } = storeOf(many(30, (place) => customer(`a${place}`, 'purchase', 5)));
  const { export: real } = store;
  store.export = (id) => (id === 'a3' ? (byId.delete(id), Promise.resolve(null)) : real(id));
  expect((await measurePopulation(store, ['purchase']))!.rhythms[0]).toMatchObject({ customers: 29 });
});

describe('the job', () => {
  const catalogWith = (types: readonly string[]) => ({ current: () => ({ events: new Map(types.map((type) => [type, {}])), triggers: [] }) as unknown as Catalog });
  /** What waits, by how long; run by hand. */
  function clockOf() {
    const waiting: { ms: number; action: () => void }[] = [];
    return { waiting, after: (ms: number, action: () => void) => {
      const each = { ms, action };
      waiting.push(each);
      return () => void waiting.splice(waiting.indexOf(each), 1);
    } };
  }
  /** All that waits for nothing but itself has gone on: each turn of the event loop ends when no promise is left to settle. */
  const settle = async (): Promise<void> => { for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate); };

  test('measures some minutes after the start, then once a day, also after it failed, until it is stopped', async () => {
    const { store, written } = storeOf(many(30, (place) => customer(`a${place}`, 'purchase', 5)));
    const { waiting, after } = clockOf();
    const failures: unknown[] = [];
    const job = startRhythmJob({ catalog: catalogWith(['purchase']), store, after, now: () => 0, failed: (error) => failures.push(error) });
    expect(waiting.map(({ ms }) => ms)).toEqual([300_000]);
    waiting.shift()!.action();
    await settle();
    expect(written).toEqual([new Map([['purchase', 5 * dayMs]])]);
    expect(waiting.map(({ ms }) => ms)).toEqual([dayMs]);
    const put = store.putRhythms;
    store.putRhythms = () => Promise.reject(new Error('away'));
    waiting.shift()!.action();
    await settle();
    expect(failures).toEqual([new Error('away')]);
    store.putRhythms = put;
    waiting.shift()!.action();
    await settle();
    expect(written).toHaveLength(2);
    await job.stop();
    expect(waiting).toEqual([]);
  });

  test('a catalog without events asks nothing of the store', async () => {
    const { store, asked, written } = storeOf(many(3, (place) => customer(`a${place}`, 'purchase', 5)));
    const { waiting, after } = clockOf();
    const job = startRhythmJob({ catalog: catalogWith([]), store, after, now: () => 0, failed: (error) => { throw error; } });
    waiting.shift()!.action();
    await settle();
    expect([asked, written]).toEqual([[], []]);
    await job.stop();
  });

  test('stopped in the middle, it writes nothing', async () => {
    const { store, written } = storeOf(many(30, (place) => customer(`a${place}`, 'purchase', 5)));
    const { waiting, after } = clockOf();
    const job = startRhythmJob({ catalog: catalogWith(['purchase']), store, after, now: () => 0, failed: (error) => { throw error; } });
    waiting.shift()!.action();
    await job.stop();
    expect(written).toEqual([]);
    expect(waiting).toEqual([]);
  });
});

describe('with a trigger that speaks by itself', () => {
  const trigger = { id: 't', type: 'lifecycle', effect: { weight: 1.5, offers: ['cover'] }, outbound: { channels: ['email'] } };
  const unusual = { absence: { of: 'purchase', rhythm: 2, atLeast: '1d' } };
  const cases: [string, object, readonly (number | null)[], readonly number[]][] = [
    ['on a pause, all are walked over where the usual interval is known now, or is shorter', { ...trigger, ...unusual }, [10, 12, 11, null, 11], [0, 1, 2, 3, 4, 5]],
    ['on a pause, nobody where it does not reckon with the interval', { ...trigger, absence: { of: 'purchase', atLeast: '30d' } }, [10, 5], []],
    ['on a pause, nobody where it speaks in answers only', { ...trigger, ...unusual, outbound: undefined }, [10, 5], []],
    ['on a state that reads the history, all where the usual interval is another', { ...trigger, while: 'pauseRatio("purchase") < 1.0' }, [10, 10, 12, null, null], [0, 1, 2, 3, 3, 4]],
    ['with an audience that reads the history, all likewise', { ...trigger, from: '2026-01-01', audience: 'usualInterval("purchase") < duration("240h")' }, [10, 10, 5], [0, 1, 2, 3]],
    ['on a state that does not, nobody', { ...trigger, while: 'customer.age >= 18' }, [10, 5], []],
  ];
  const keep = (store: CustomerStore, catalog: Catalog, usual: number | null): Promise<void> => keepRhythms(store, new Map([['purchase', usual === null ? null : usual * dayMs]]), catalog, 0);

  test.each(cases)('%s', async (_, written, days, expected) => {
    const { store, walks } = storeOf([]);
    const catalog = await compile({ events: { purchase: {} }, offers: [{ id: 'cover' }], triggers: [written as JsonObject] });
    for (const usual of days) await keep(store, catalog, usual);
    expect(walks).toEqual(expected);
  });

  test.each(['walkAnew', 'putRhythms'] as const)('where %s fails, the next measure walks over all', async (call) => {
    const { store, walks } = storeOf([]);
    const catalog = await compile({ events: { purchase: {} }, offers: [{ id: 'cover' }], triggers: [{ ...trigger, ...unusual }] });
    await expect(keep({ ...store, [call]: () => Promise.reject(new Error('away')) }, catalog, 10)).rejects.toThrow('away');
    walks.length = 0;
    await keep(store, catalog, 10);
    expect(walks).toEqual([0, 1]);
  });
});
