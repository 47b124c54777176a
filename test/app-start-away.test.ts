import { policyFiles } from './history/policy.js';
import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startCluster, startRedis, until, type RedisServer } from './support/redis-servers.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const patience = { 'X-Request-Timeout-Ms': '5000' };

/** A node that starts while its Redis is away serves what needs no consent and no history, and the rest when it is back. */
describe('a service that starts without its Redis', () => {
  let redis: RedisServer;
  let policy: PolicyCatalog;
  let service: TestService | undefined;
  beforeEach(async () => {
    redis = await startRedis();
    policy = await writePolicyCatalog(policyFiles);
    // What a node that ran before has left.
    const before = await start();
    await before.call('PUT', '/v1/customers/anna', { consents: ['web'] });
    await stop();
  });
  afterEach(async () => {
    await stop();
    await policy.remove();
    await redis.stop();
  });
  const start = async (environment: Record<string, string> = {}): Promise<TestService> => service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: redis.url, ...environment });
  const stop = async (): Promise<void> => {
    await service?.remove();
    service = undefined;
  };
  const decide = (more: object = {}): Promise<HttpAnswer> => service!.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web', limit: 9, ...more });
  const offersOf = ({ body }: HttpAnswer): string[] => body.offers.map(({ offerId }: any) => offerId);
  const accept = (token: string): Promise<HttpAnswer> => service!.call('POST', '/v1/outcomes', { token, outcome: 'clicked', outcomeId: 'o-1' }, patience);
  const isBack = async (): Promise<boolean> => (await decide()).body.degraded.length === 0;

  test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ['has died', () => redis.kill(), () => redis.start()],
    ['is frozen', () => Promise.resolve(redis.freeze()), () => Promise.resolve(redis.thaw())],
  ])('where it %s', async (_name, begin, end) => {
    await begin();
    await start();
    const without = await decide({ record: 'presented' });
    expect([without.status, offersOf(without), without.body.degraded]).toEqual([200, ['help'], ['store']]);
    expect(without.body.offers[0].token).toBeUndefined();
    expect((await service!.call('POST', '/v1/decisions', { channel: 'web' })).body).toMatchObject({ degraded: ['store'] });
    expect((await accept('v1.x.y')).status).toBe(503);
    // What is wrong by itself is told without a store; an outcome that may have come before is not known to be wrong.
    const walkIn = { customerId: 'anna', decisionId: 'walk-in', offerId: 'help', channel: 'fax', outcome: 'accepted' };
    expect((await service!.call('POST', '/v1/outcomes', walkIn)).body).toMatchObject({ status: 400, errors: [{ pointer: '/channel' }] });
    expect((await service!.call('POST', '/v1/outcomes', { ...walkIn, outcomeId: 'o-1' })).status).toBe(503);
    expect((await service!.call('GET', '/v1/customers/anna')).status).toBe(503);
    const ready = await service!.call('GET', '/readyz');
    expect([ready.status, ready.body.ready, ready.body.store.problem]).toEqual([200, true, expect.stringMatching(/^The store (?:cannot be reached|could not answer): /)]);

    await end();
    await until(isBack);
    const [offer] = (await decide()).body.offers;
    expect((await accept(offer.token)).status).toBe(201);
    await until(async () => (await service!.call('GET', '/readyz')).body.store === undefined);
  });

  test('with a secret in its configuration its tokens are signed from the start', async () => {
    await redis.kill();
    await start({ NBO_TOKEN_SECRET: 's'.repeat(32) });
    const { body } = await decide();
    expect([body.offers.map(({ offerId }: any) => offerId), body.degraded]).toEqual([['help'], ['store']]);
    await redis.start();
    await until(isBack);
    expect((await accept(body.offers[0].token)).status).toBe(201);
  });

  test('comes back without anybody who asks, but for its readiness', async () => {
    await redis.kill();
    await start();
    await redis.start();
    await until(async () => (await service!.call('GET', '/readyz')).body.store === undefined);
    expect((await decide()).body.degraded).toEqual([]);
  });

  test('a Redis that comes back as one that throws keys away is not used until it is set right', async () => {
    await redis.kill();
    await start();
    await redis.start();
    await redis.admin.config('SET', 'maxmemory', '100mb');
    await redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await until(async () => String((await service!.call('GET', '/readyz')).body.store?.problem).includes('throws keys away'));
    expect((await decide()).body.degraded).toEqual(['store']);
    await redis.admin.config('SET', 'maxmemory-policy', 'noeviction');
    await until(isBack);
  });

  test.each<[string, (url: string) => string, () => Promise<unknown>, RegExp]>([
    ['throws keys away', (url) => url, () => redis.admin.config('SET', 'maxmemory', '100mb').then(() => redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru')), /throws keys away/],
    ['holds data of a newer format', (url) => url, () => redis.admin.set('nbo:format', '9'), /newer version/],
    ['refuses the password', (url) => url.replace('//', '//:wrong@'), () => redis.admin.config('SET', 'requirepass', 'right'), /refuses this user and password/],
    ['is a replica', (url) => url, () => redis.admin.call('replicaof', '127.0.0.1', '1'), /is a replica/],
    ['is no cluster', (url) => url.replace('redis://', 'redis-cluster://'), () => Promise.resolve(), /for a single server write redis:\/\//],
    ['has a name that does not exist', () => 'redis://nowhere.invalid:6379', () => Promise.resolve(), /cannot be reached/],
  ])('a Redis that answers, and %s, ends the start', async (_name, urlOf, prepare, words) => {
    await prepare();
    await expect(start({ NBO_STORE: urlOf(redis.url) })).rejects.toThrow(words);
  });

  test('Sentinels that do not answer are waited for, too', async () => {
    await start({ NBO_STORE: 'redis-sentinel://127.0.0.1:1/mymaster' });
    expect((await decide()).body.degraded).toEqual(['store']);
  });
});

test('a service that starts without its cluster uses it when it is there', async () => {
  const cluster = await startCluster();
  const policy = await writePolicyCatalog(policyFiles);
  const all = [...cluster.masters, ...cluster.replicas];
  let service: TestService | undefined;
  try {
    await Promise.all(all.map((server) => server.kill()));
    service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: cluster.url });
    const { call } = service;
    expect((await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web' })).body.degraded).toEqual(['store']);
    await Promise.all(all.map((server) => server.start()));
    await until(async () => [200, 201].includes((await call('PUT', '/v1/customers/anna', { consents: ['web'] }, patience)).status));
    expect((await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web', record: 'presented' }, patience)).body).toMatchObject({ degraded: [], offers: [{ offerId: 'scarce' }, { offerId: 'good' }, { offerId: 'fair' }] });
  } finally {
    await service?.remove();
    await policy.remove();
    await cluster.stop();
  }
});
