import { StoreError, type CustomerStore } from '../../../src/customers/customer-store.js';
import { openRedisStore } from '../../../src/customers/redis/redis-store.js';
import { startCluster, startRedis, startSentinel, until, type RedisServer } from '../../support/redis-servers.js';
import { claimOf, contact, contactsIn, customerIn, idempotency, idsIn, now, profile, recordOf, room, storedCustomer, tombstone, usageIn } from '../../contracts/customer-samples.js';
import { startProxy } from './tcp-proxy.js';

/** So long an answer is waited for where none will come. */
const impatientMs = 250;
const stores: CustomerStore[] = [];
let server: RedisServer;
beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await server.stop();
});

async function open(url = server.url, commandTimeoutMs = impatientMs): Promise<CustomerStore> {
  const store = await openRedisStore(url, { commandTimeoutMs });
  stores.push(store);
  return store;
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then((value) => value, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(StoreError);
  return (error as StoreError).message;
}

const worksAgain = (store: CustomerStore): Promise<void> => until(() => store.read('C-1', [room(1)], now).then(() => true, () => false));
const accept = (outcomeId = 'o-1'): Parameters<CustomerStore['record']>[0] => recordOf('C-1', contact('accepted'), { confirm: [room(1)], idempotency: idempotency(outcomeId) });

const calls: [string, (store: CustomerStore) => Promise<unknown>][] = [
  ['read', (store) => store.read('C-1', [room(1)], now)],
  ['read of limits', (store) => store.read(null, [room(1)], now)],
  ['putProfile', (store) => store.putProfile('C-1', profile)],
  ['export', (store) => store.export('C-1')],
  ['erase', (store) => store.erase('C-2', tombstone)],
  ['record', (store) => store.record(accept())],
  ['claim', (store) => store.claim(claimOf('C-1', 1, []))],
  ['load', (store) => store.load([storedCustomer('C-3')])],
  ['ids', (store) => idsIn(store)],
  ['secret', (store) => store.secret('x', () => 'y')],
];

describe.each<[string, (redis: RedisServer) => Promise<void>, (redis: RedisServer) => Promise<void>, RegExp]>([
  ['has died', (redis) => redis.kill(), (redis) => redis.start(), /no connection|was lost|refused/],
  ['is frozen', (redis) => Promise.resolve(redis.freeze()), (redis) => Promise.resolve(redis.thaw()), /not answer in time|was lost|no connection/],
])('a Redis that %s', (_name, takeAway, bringBack, words) => {
  test('makes every call reject, and comes back by itself', async () => {
    const store = await open();
    await store.putProfile('C-1', profile);
    await takeAway(server);
    for (const message of await Promise.all(calls.map(([, call]) => messageOf(call(store))))) expect(message).toMatch(words);
    // Later calls too, when the connection has been given up.
    expect(await messageOf(store.read('C-1', [], now))).toMatch(words);
    await bringBack(server);
    await worksAgain(store);
    expect((await customerIn(store, 'C-1')).profile).toEqual(profile);
  });

  test('leaves nothing half-written: the same sent again is there once', async () => {
    const store = await open();
    await store.putProfile('C-1', profile);
    const results = Array.from({ length: 20 }, () => store.record(accept()).then(({ type }) => type, () => 'unknown'));
    await takeAway(server);
    for (const type of await Promise.all(results)) expect(type).toMatch(/recorded|repeated|unknown/);
    await bringBack(server);
    await worksAgain(store);
    expect((await store.record(accept())).type).toMatch(/recorded|repeated/);
    expect(await contactsIn(store, 'C-1')).toHaveLength(1);
    expect(await usageIn(store, room(1).counter, now + 1_000_000)).toBe(1);
  });

  test('lets nobody wait behind another write of the same customer for longer than one', async () => {
    const store = await open();
    await store.putProfile('C-1', profile);
    await takeAway(server);
    const waiting = Array.from({ length: 64 }, (_, place) => messageOf(store.record(recordOf('C-1', contact('opened', { decisionId: `d-${place}` })))));
    for (const message of await Promise.all(waiting)) expect(message).toMatch(words);
    await bringBack(server);
    await worksAgain(store);
  });

  test('is closed without waiting for it', async () => {
    const store = await open();
    await takeAway(server);
    const asked = messageOf(store.read('C-1', [], now));
    await store.close();
    expect(await asked).toMatch(words);
    await bringBack(server);
  });
});

test('a slow Redis is waited for, up to the time given', async () => {
  const proxy = await startProxy(server.port);
  try {
    const patient = await open(`redis://127.0.0.1:${proxy.port}`, 5000);
    const impatient = await open(`redis://127.0.0.1:${proxy.port}`, 100);
    await patient.putProfile('C-1', profile);
    proxy.delayMs = 200;
    expect((await customerIn(patient, 'C-1')).profile).toEqual(profile);
    expect(await patient.record(accept())).toEqual({ type: 'recorded' });
    expect(await messageOf(impatient.read('C-1', [], now))).toMatch(/not answer in time/);
    proxy.delayMs = 0;
    await worksAgain(impatient);
    expect(await usageIn(impatient)).toBe(1);
  } finally {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await proxy.close();
  }
});

test('a Redis without memory reads and erases, and refuses to write without holding room for it', async () => {
  const store = await open();
  await store.load([storedCustomer('C-1'), storedCustomer('C-2')]);
  const { ledgerVersion } = await customerIn(store, 'C-1');
  await server.admin.config('SET', 'maxmemory', '1mb');
  const hold = { ...room(1), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 900_000, confirmed: false };
  for (const write of [store.putProfile('C-1', profile), store.load([storedCustomer('C-3')]), store.record(accept()), store.claim(claimOf('C-1', ledgerVersion, [contact('presented')], { reserve: [hold] }))]) {
    expect(await messageOf(write)).toMatch(/no memory left/);
  }
  expect((await customerIn(store, 'C-1')).profile).toEqual(profile);
  expect(await store.erase('C-2', tombstone)).toBe(true);
  expect(await idsIn(store)).toEqual(['C-1']);
  await until(async () => await usageIn(store) === 0);
  await server.admin.config('SET', 'maxmemory', '0');
  expect(await store.record(accept())).toEqual({ type: 'recorded' });
});

describe('a replica', () => {
  test('is told at once', async () => {
    const replica = await startRedis(['--replicaof', '127.0.0.1', String(server.port)]);
    try {
      await (await open()).putProfile('C-1', profile);
      await until(async () => (await replica.admin.info('replication')).includes('master_link_status:up'));
      await until(async () => await replica.admin.dbsize() === await server.admin.dbsize());
      expect(await messageOf(open(replica.url))).toMatch(/is a replica/);
    } finally {
      await replica.stop();
    }
  });

  test('that was a master answers neither reads nor writes, since its data may be old, until it is one again', async () => {
    const store = await open();
    await store.putProfile('C-1', profile);
    await server.admin.call('replicaof', '127.0.0.1', '1');
    for (const message of await Promise.all([...['C-1', 'C-2', 'C-3'].map((id) => messageOf(store.read(id, [], now))), messageOf(store.record(accept()))])) expect(message).toMatch(/is a replica|no connection|was lost/);
    await until(() => store.read(null, [room(1)], now).then(() => true, (error: unknown) => (error as StoreError).message.includes('is a replica')));
    expect(await messageOf(store.read(null, [room(1)], now))).toMatch(/is a replica|no connection|was lost/);
    await server.admin.call('replicaof', 'no', 'one');
    await worksAgain(store);
    expect(await store.record(accept())).toEqual({ type: 'recorded' });
  });
});

describe('opening', () => {
  test('tells where nobody answers, without the password', async () => {
    await server.kill();
    const message = await messageOf(open(`redis://:hush@127.0.0.1:${server.port}`));
    expect(message).toMatch(/redis:\/\/127\.0\.0\.1:\d+ cannot be reached: the connection is refused/);
    expect(message).not.toContain('hush');
    await server.start();
  });

  test('tells of a Redis that is frozen', async () => {
    server.freeze();
    expect(await messageOf(open())).toMatch(/does not answer in time/);
    server.thaw();
  });

  test.each([
    ['a password that is wrong', (port: number) => `redis://:hush@127.0.0.1:${port}`, /refuses this user and password/],
    ['a password that is missing', (port: number) => `redis://127.0.0.1:${port}`, /asks for a password/],
  ])('tells of %s', async (_name, urlOf, words) => {
    await server.admin.config('SET', 'requirepass', 'another');
    const message = await messageOf(open(urlOf(server.port)));
    expect(message).toMatch(words);
    expect(message).not.toContain('hush');
  });

  test('tells of an address that is none, without repeating it', async () => {
    const message = await messageOf(open('redis://:hush@host:port'));
    expect(message).toMatch(/host that is none/);
    expect(message).not.toContain('hush');
  });

  test('of a single server as a cluster says so', async () => {
    expect(await messageOf(open(`redis-cluster://127.0.0.1:${server.port}`))).toMatch(/for a single server write redis:\/\//);
  });

  test.each([['allkeys-lru', /throws keys away.*allkeys-lru/], ['volatile-ttl', /throws keys away.*volatile-ttl/]])('refuses a Redis that evicts by %s', async (policy, words) => {
    await server.admin.config('SET', 'maxmemory', '100mb');
    await server.admin.config('SET', 'maxmemory-policy', policy);
    expect(await messageOf(open())).toMatch(words);
    await server.admin.config('SET', 'maxmemory-policy', 'noeviction');
    await open();
  });

  test('tells of a Redis that is less safe than it could be, once, and not of one that is as safe', async () => {
    const told: string[] = [];
    const opening = async (): Promise<string[]> => {
      const store = await openRedisStore(server.url, { warn: (risk) => told.push(risk) });
      await store.putProfile('C-1', profile);
      await store.close();
      return told.splice(0);
    };
    expect(await opening()).toEqual([]);
    await server.admin.config('SET', 'appendonly', 'no', 'maxmemory', '0', 'maxmemory-policy', 'allkeys-lru');
    expect(await opening()).toEqual([expect.stringMatching(/no append-only file.*Set "appendonly yes"/), expect.stringMatching(/maxmemory-policy allkeys-lru.*Set maxmemory-policy to noeviction/)]);
    await server.admin.config('SET', 'appendonly', 'yes', 'maxmemory-policy', 'noeviction');
    expect(await opening()).toEqual([]);
  });

  test('needs no INFO where that is not permitted', async () => {
    await server.admin.call('acl', 'setuser', 'ada', 'on', '>hush', '~*', '+@all', '-info');
    const store = await open(`redis://ada:hush@127.0.0.1:${server.port}`);
    expect(await store.putProfile('C-1', profile)).toBe('created');
  });

  test('leaves a store of a newer format alone', async () => {
    await (await open()).putProfile('C-1', profile);
    await server.admin.set('nbo:format', '9');
    expect(await messageOf(open())).toMatch(/format 9.*newer version/);
  });

  test('a value that is none of ours is told without personal data, and can be erased', async () => {
    const store = await open();
    await store.putProfile('Ada Lovelace', profile);
    const [key] = await server.admin.keys('nbo:*:c');
    await server.admin.set(key!, 'Ada');
    for (const call of [store.read('Ada Lovelace', [], now), store.record(recordOf('Ada Lovelace', contact('opened')))]) {
      const message = await messageOf(call);
      expect(message).toMatch(/cannot be read/);
      expect(message).not.toContain('Ada');
    }
    expect(await store.erase('Ada Lovelace', tombstone)).toBe(true);
    expect(await store.export('Ada Lovelace')).toBeNull();
  });
});

describe('a cluster', () => {
  test('whose masters die or freeze is followed to the replicas', async () => {
    const cluster = await startCluster();
    try {
      const store = await open(cluster.url, 1000);
      const ids = Array.from({ length: 60 }, (_, place) => `C-${place}`);
      await Promise.all(ids.map((id) => store.putProfile(id, profile)));
      const all = (): Promise<boolean> => Promise.all(ids.map((id) => store.record(recordOf(id, contact('opened'))))).then(() => true, () => false);
      expect(await all()).toBe(true);
      await cluster.masters[0]!.kill();
      const lost = await Promise.allSettled(ids.map((id) => store.read(id, [], now)));
      for (const each of lost) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(StoreError);
      expect(lost.some(({ status }) => status === 'rejected')).toBe(true);
      await until(all);
      cluster.masters[1]!.freeze();
      await until(all);
      cluster.masters[1]!.thaw();
      await until(all);
      for (const id of ids) expect(await store.export(id)).not.toBeNull();
    } finally {
      await Promise.all(stores.splice(0).map((store) => store.close()));
      await cluster.stop();
    }
  });

  test('whose slots move is followed', async () => {
    const cluster = await startCluster();
    try {
      const store = await open(cluster.url, 5000);
      const ids = Array.from({ length: 60 }, (_, place) => `C-${place}`);
      await Promise.all(ids.map((id) => store.putProfile(id, profile)));
      // The replica takes over in agreement with its master: nothing is lost, and the connections stay as they are.
      await cluster.replicas[0]!.admin.call('cluster', 'failover');
      await until(async () => (await cluster.replicas[0]!.admin.info('replication')).includes('role:master'));
      for (const id of ids) expect(await store.record(recordOf(id, contact('opened')))).toEqual({ type: 'recorded' });
      expect(await idsIn(store)).toHaveLength(60);
    } finally {
      await Promise.all(stores.splice(0).map((store) => store.close()));
      await cluster.stop();
    }
  });
});

test('the master that Sentinel names is followed when it dies', async () => {
  const sentinel = await startSentinel();
  try {
    const store = await open(sentinel.url, 1000);
    expect(await store.putProfile('C-1', profile)).toBe('created');
    await until(async () => await sentinel.replica.admin.dbsize() === await sentinel.master.admin.dbsize());
    await sentinel.master.kill();
    await worksAgain(store);
    expect(await store.record(accept())).toEqual({ type: 'recorded' });
    expect((await sentinel.replica.admin.info('replication'))).toContain('role:master');
  } finally {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await sentinel.stop();
  }
});
