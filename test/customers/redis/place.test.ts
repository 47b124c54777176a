import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { openRedisStore } from '../../../src/customers/redis/redis-store.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { claimOf, contact, contactsIn, customerIn, dayMs, idempotency, now, profile, recordOf, room, storedCustomer, tombstone } from '../../contracts/customer-samples.js';

let server: RedisServer;
let store: CustomerStore;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  await server.admin.flushall();
  store = await openRedisStore(server.url, { commandTimeoutMs: 20_000 });
});
afterEach(() => store.close());
afterAll(() => server.stop());

const keysOf = async (end: string): Promise<string[]> => (await server.admin.keys('nbo:*')).filter((key) => key.endsWith(end));
const memory = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await server.admin.info('memory'))![1]);

test('a customer with 50 contacts takes less than 4 kB', async () => {
  const uuid = (place: number): string => `018f3b1e-7c2a-7d3e-9f4a-${(place * 7_777_777).toString(16).padStart(12, '0')}`;
  const customers = Array.from({ length: 1000 }, (_, number) => storedCustomer(`C-${number}`, Array.from({ length: 50 }, (_each, place) =>
    contact('presented', { decisionId: uuid(number * 100 + Math.floor(place / 2)), offerId: `offer-number-${place % 25}`, placement: `placement-${place % 4}`, occurredAt: now + place * 1_234_567 }))));
  const before = await memory();
  await store.load(customers);
  expect((await memory() - before) / customers.length).toBeLessThan(4096);
});

test('outcome ids that expired go with those that come', async () => {
  await store.putProfile('C-1', profile);
  const record = (place: number, at: number): Promise<unknown> => store.record(recordOf('C-1', contact('opened'), { now: at, idempotency: idempotency(`o-${place}`, 'b', 'a', at + dayMs) }));
  for (let place = 0; place < 100; place++) await record(place, now);
  for (let place = 0; place < 30; place++) await record(1000 + place, now + dayMs);
  const [outcomes, expiry] = [(await keysOf(':o'))[0]!, (await keysOf(':x'))[0]!];
  expect([await server.admin.hlen(outcomes), await server.admin.zcard(expiry)]).toEqual([30, 30]);
  // Where none comes any more, the server clears away.
  for (const key of [outcomes, expiry]) expect(await server.admin.pttl(key)).toBeGreaterThan(dayMs);
});

test('reservations that ended go with the next that are made, from the counter and from the customer', async () => {
  await store.putProfile('C-1', profile);
  const hold = async (decisionId: string, at: number): Promise<void> => {
    const { ledgerVersion } = await customerIn(store, 'C-1');
    await store.claim(claimOf('C-1', ledgerVersion, [], { now: at, reserve: [{ ...room(100), offerId: 'x', decisionId, heldUntil: at + 10, confirmed: false }] }));
  };
  for (let place = 0; place < 40; place++) await hold(`d-${place}`, now);
  await hold('d-new', now + 10);
  expect([await server.admin.zcard((await keysOf(':r'))[0]!), await server.admin.hlen((await keysOf(':h'))[0]!)]).toEqual([1, 1]);
  expect(await server.admin.pttl((await keysOf(':h'))[0]!)).toBeGreaterThan(0);
});

test('counters live as long as their period, those without an end for ever', async () => {
  await store.putProfile('C-1', profile);
  await store.record(recordOf('C-1', contact('accepted'), { confirm: [room(5, 'month', 'month', now + 3 * dayMs)] }));
  const [month] = await keysOf(':n');
  const lives = await server.admin.pttl(month!);
  expect(lives).toBeGreaterThan(3 * dayMs);
  expect(lives).toBeLessThan(5 * dayMs);
  await store.record(recordOf('C-1', contact('accepted', { decisionId: 'd-2' }), { confirm: [room(5, 'total', 'total', null)] }));
  const total = (await keysOf(':n')).find((key) => key !== month);
  expect(await server.admin.pttl(total!)).toBe(-1);
  expect([await keysOf(':p'), await keysOf(':k'), await keysOf(':a')]).toEqual([[], [], []]);
  // What they are called stays as long as they do, and nothing else.
  for (const [key, life] of [[month!, lives], [total!, -1]] as const) {
    const details = key.replace(/n$/, 'd');
    expect(await server.admin.hgetall(details)).toEqual(life === -1 ? { name: 'total' } : { name: 'month', until: String(now + 3 * dayMs) });
    expect(Math.abs(await server.admin.pttl(details) - life)).toBeLessThan(dayMs);
  }
});

test('of a customer that is erased stay a tombstone with an end, and counters without the customer', async () => {
  for (const id of ['Ada Lovelace', 'C-2']) await store.putProfile(id, profile);
  const { ledgerVersion } = await customerIn(store, 'Ada Lovelace');
  const reserve = [{ ...room(5), offerId: 'card', decisionId: 'd-1', heldUntil: now + 9, confirmed: false }];
  await store.claim(claimOf('Ada Lovelace', ledgerVersion, [contact('presented', { offerId: 'card' })], { reserve }));
  await store.record(recordOf('Ada Lovelace', contact('accepted', { decisionId: 'd-2' }), { confirm: [room(5)], idempotency: idempotency('o-1') }));
  await store.record(recordOf('C-2', contact('opened')));
  const before = await keysOf('');
  await store.erase('Ada Lovelace', tombstone);
  const left = (await keysOf('')).filter((key) => !key.endsWith(':format') && !key.startsWith('nbo:secret:'));
  const kinds = left.map((key) => key.slice(key.lastIndexOf(':') + 1)).toSorted();
  expect(kinds).toEqual(['c', 'd', 'i', 'n', 't']);
  expect(await server.admin.hkeys((await keysOf(':d'))[0]!)).toEqual(['name']);
  expect(before.length).toBeGreaterThan(left.length);
  const [grave] = await keysOf(':t');
  expect(await server.admin.get(grave!)).toBe(`1 ${tombstone.erasedAt} ${tombstone.keptUntil}`);
  expect(await server.admin.pttl(grave!)).toBeGreaterThan(tombstone.keptUntil - tombstone.erasedAt);
});

test('many writes of one customer at the same time keep the order of their calls, and none is lost', async () => {
  const other = await openRedisStore(server.url, { commandTimeoutMs: 20_000 });
  await store.putProfile('C-1', profile);
  const write = (each: CustomerStore, place: number): Promise<unknown> => each.record(recordOf('C-1', contact('opened', { decisionId: 'd', reason: String(place) })));
  await Promise.all(Array.from({ length: 64 }, (_, place) => write(store, place)));
  expect((await contactsIn(store, 'C-1')).map(({ reason }) => reason)).toEqual(Array.from({ length: 64 }, (_, place) => String(place)));
  // Two processes: each keeps its own order.
  await Promise.all(Array.from({ length: 64 }, (_, place) => write(place % 2 === 0 ? store : other, 100 + place)));
  const places = (await contactsIn(other, 'C-1')).slice(64).map(({ reason }) => Number(reason));
  expect(places).toHaveLength(64);
  for (const odd of [0, 1]) expect(places.filter((place) => place % 2 === odd)).toEqual(Array.from({ length: 32 }, (_, place) => 100 + 2 * place + odd));
  await other.close();
});
