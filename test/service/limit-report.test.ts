import { reportLimits } from '../../src/service/limit-report.js';
import { StoreError, type CustomerStore, type LimitPeriod, type LimitUse } from '../../src/customers/customer-store.js';
import type { Catalog, Limit } from '../../src/decision/types.js';

const now = Date.UTC(2026, 10, 23, 10);

/** A catalog of so many offers, of which each has two limits. */
function catalogOf(offers: number): Catalog {
  const limit = (id: string, per: Limit['per']): Limit => ({ key: `${id}/accepted/${per}`, outcome: 'accepted', max: 500, per, reserveMs: 0 });
  return {
    timeZone: 'Europe/Stockholm',
    ledger: { windowMs: 0, latestOf: [] },
    offers: Array.from({ length: offers }, (_, place) => ({ id: `offer-${place}`, limits: [limit(`offer-${place}`, 'month'), limit(`offer-${place}`, 'total')] })),
  } as unknown as Catalog;
}

type LimitUseOf = CustomerStore['limitUse'];

function report(limitUse: LimitUseOf, { offers = 2, monotonicMs = (): number => 0, withinMs = 1_000 } = {}): ReturnType<typeof reportLimits> {
  const catalog = catalogOf(offers);
  return reportLimits({ catalog: { current: () => catalog }, store: { limitUse } as CustomerStore, clock: () => now, monotonicMs }, withinMs);
}
const useOf = (limits: readonly LimitPeriod[], use: LimitUse): Promise<ReadonlyMap<string, LimitUse>> => Promise.resolve(new Map(limits.map(({ counter }) => [counter, use])));

test('each limit is told with what is used and held in the period that is on', async () => {
  const asked: string[] = [];
  const figures = await report((limits, at) => {
    expect(at).toBe(now);
    asked.push(...limits.map(({ counter }) => counter));
    return Promise.resolve(new Map(limits.map(({ counter }, place) => [counter, { confirmed: 412 + place, reserved: 6 }])));
  });
  expect(asked).toEqual(['offer-0/accepted/month@2026-11-01', 'offer-0/accepted/total', 'offer-1/accepted/month@2026-11-01', 'offer-1/accepted/total']);
  expect(figures).toEqual([
    { offerId: 'offer-0', outcome: 'accepted', per: 'month', max: 500, used: 412, reserved: 6 },
    { offerId: 'offer-0', outcome: 'accepted', per: 'total', max: 500, used: 413, reserved: 6 },
    { offerId: 'offer-1', outcome: 'accepted', per: 'month', max: 500, used: 414, reserved: 6 },
    { offerId: 'offer-1', outcome: 'accepted', per: 'total', max: 500, used: 415, reserved: 6 },
  ]);
});

test('many limits are asked for some hundreds at a time, and others have their turn between', async () => {
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const sizes: number[] = [];
  const figures = await report((limits) => {
    sizes.push(limits.length);
    return useOf(limits, { confirmed: 1, reserved: 0 });
  }, { offers: 500 });
  isDone = true;
  expect(sizes).toEqual([250, 250, 250, 250]);
  expect(turns).toBeGreaterThanOrEqual(4);
  expect(figures).toHaveLength(1_000);
  expect(figures!.at(-1)!.offerId).toBe('offer-499');
});

test('without limits nothing is asked', async () => {
  expect(await report(() => Promise.reject(new Error('asked')), { offers: 0 })).toEqual([]);
});

test.each<[string, LimitUseOf]>([
  ['is away', () => Promise.reject(new StoreError('away'))],
  ['never answers', () => new Promise(() => undefined)],
])('where the store %s, the figures are not known', async (_, limitUse) => {
  expect(await report(limitUse, { withinMs: 1 })).toBeNull();
});

test('where its time is over in the middle, the store is not asked on', async () => {
  let questions = 0;
  let monotonicMs = 0;
  const figures = await report((limits) => {
    questions++;
    monotonicMs += 600;
    return useOf(limits, { confirmed: 0, reserved: 0 });
  }, { offers: 500, monotonicMs: (): number => monotonicMs });
  expect([figures, questions]).toEqual([null, 2]);
});

test('what is a mistake of ours is no absence of the store', async () => {
  await expect(report(() => Promise.reject(new TypeError('oops')))).rejects.toThrow('oops');
});
