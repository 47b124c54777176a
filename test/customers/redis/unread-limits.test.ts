import { StoreError } from '../../../src/customers/customer-store.js';
import { connect, type RedisConnection } from '../../../src/customers/redis/connection.js';
import { createRedisStore } from '../../../src/customers/redis/redis-store.js';
import { usageScript } from '../../../src/customers/redis/limit-scripts.js';
import { parseRedisAddress } from '../../../src/customers/redis-address.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { now, profile, room } from '../../contracts/customer-samples.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** In a cluster the counters lie on other machines than the customer; here only what asks for them fails. */
test.each<[string, () => Promise<unknown>]>([
  ['are away', () => Promise.reject(new StoreError('away'))],
  ['never answer', () => new Promise(() => undefined)],
])('counters that %s do not take the customer with them', async (_, usage) => {
  const parsed = parseRedisAddress(server.url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const commandTimeoutMs = 250;
  const connection = await connect(parsed.address, { commandTimeoutMs });
  const partly: RedisConnection = { ...connection, script: (script, keys, args) => script === usageScript ? usage() : connection.script(script, keys, args) };
  const store = await createRedisStore(partly, parsed.address.prefix, { commandTimeoutMs });
  try {
    await store.putProfile('C-1', profile);
    const { customer, limitUsage } = await store.read('C-1', [room(1)], now);
    expect([customer?.profile, limitUsage]).toEqual([profile, null]);
    expect(await store.read('nobody', [room(1)], now)).toEqual({ customer: null, limitUsage: null });
  } finally {
    // What never answers would be waited for.
    connection.close();
  }
});

test('counters alone that are away are an error', async () => {
  const parsed = parseRedisAddress(server.url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const connection = await connect(parsed.address, { commandTimeoutMs: 250 });
  const store = await createRedisStore({ ...connection, script: (script, keys, args) => script === usageScript ? Promise.reject(new StoreError('away')) : connection.script(script, keys, args) }, parsed.address.prefix);
  await expect(store.read(null, [room(1)], now)).rejects.toThrow(StoreError);
  await store.close();
});
