import { StoreError } from '../../../src/customers/customer-store.js';
import { createDues } from '../../../src/customers/redis/dues.js';
import { connect, type RedisConnection } from '../../../src/customers/redis/connection.js';
import { createRedisStore } from '../../../src/customers/redis/redis-store.js';
import { dueKeys, placeOf } from '../../../src/customers/redis/keys.js';
import { parseRedisAddress } from '../../../src/customers/redis-address.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { now } from '../../contracts/customer-samples.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** In a cluster the buckets lie on many machines; here what is asked of some of them fails. */
test.each(['command', 'script'] as const)('one bucket whose %ss fail keeps nobody of the others from being taken, and all that fail reject', async (of) => {
  const parsed = parseRedisAddress(`${server.url}?prefix=${of}`);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { prefix } = parsed.address;
  const connection = await connect(parsed.address, { commandTimeoutMs: 20_000 });
  const store = await createRedisStore(connection, prefix);
  const away = new Set<string>();
  const fails = (key: unknown): boolean => away.has(String(key));
  const partly: RedisConnection = {
    ...connection,
    command: (name, ...args) => of === 'command' && args.some(fails) ? Promise.reject(new StoreError('away')) : connection.command(name, ...args),
    script: (script, keys, args) => of === 'script' && keys.some(fails) ? Promise.reject(new StoreError('away')) : connection.script(script, keys, args),
  };
  const dues = createDues(partly, prefix);
  const dueKeyOf = (id: string): string => {
    const place = placeOf(id);
    return dueKeys(prefix, place.slice(1, place.indexOf('}'))).at;
  };
  const ids = ['C-1', 'C-2', 'C-3'];
  expect(new Set(ids.map(dueKeyOf)).size).toBe(3);
  const failures: string[] = [];
  const take = async (): Promise<string[]> => (await dues.take({ now, most: 10, leaseUntil: now + 1, failed: ({ message }) => failures.push(message) })).map(({ customerId }) => customerId).toSorted();
  try {
    await store.wake(ids, now);
    away.add(dueKeyOf('C-2'));
    expect(await take()).toEqual(['C-1', 'C-3']);
    expect(failures).toEqual(['away']);
    // Of the one that is left nobody answers for certain where scripts fail; with commands 255 others do.
    if (of === 'script') await expect(take()).rejects.toThrow('away');
    else expect(await take()).toEqual([]);
    away.clear();
    expect(await take()).toEqual(['C-2']);
  } finally {
    await store.close();
  }
});
