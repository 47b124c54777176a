import { policyFiles } from './history/policy.js';
import { startProxy, type TcpProxy } from './customers/redis/tcp-proxy.js';
import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, until, type RedisServer } from './support/redis-servers.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const patience = { 'X-Request-Timeout-Ms': '5000' };
const impatience = { 'X-Request-Timeout-Ms': '150' };

/** The service over HTTP while its Redis cannot be used: "help" is the offer that needs neither consent nor history. */
let redis: RedisServer;
let proxy: TcpProxy;
let policy: PolicyCatalog;
let service: TestService;
beforeEach(async () => {
  redis = await startRedis();
  proxy = await startProxy(redis.port);
  policy = await writePolicyCatalog(policyFiles);
  service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: `redis://127.0.0.1:${proxy.port}` });
  await service.call('PUT', '/v1/customers/anna', { consents: ['web'] });
});
afterEach(async () => {
  await service.remove();
  await policy.remove();
  await proxy.close();
  await redis.stop();
});

const decide = (more: object = {}): Promise<HttpAnswer> => service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web', limit: 9, ...more }, impatience);
/** A busy machine may be away from its Redis, too, for a moment. */
async function offersWithStore(more: object = {}): Promise<any[]> {
  for (;;) {
    const { body } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web', limit: 9, ...more }, patience);
    if (body.degraded.length === 0) return body.offers;
  }
}
const offersOf = ({ body }: HttpAnswer): string[] => body.offers.map(({ offerId }: any) => offerId);
const contacts = async (): Promise<any[]> => (await service.call('GET', '/v1/customers/anna/export', undefined, patience)).body.contacts;

interface Absence {
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
  /** Reads are answered all the same. */
  readonly reads?: boolean;
}
const absences: [string, Absence][] = [
  ['has died', { begin: () => redis.kill(), end: () => redis.start() }],
  ['is frozen', { begin: () => Promise.resolve(redis.freeze()), end: () => Promise.resolve(redis.thaw()) }],
  ['is slow by 200 ms, more than the caller waits', { begin: () => Promise.resolve(proxy.delayMs = 200), end: () => Promise.resolve(proxy.delayMs = 0) }],
  ['has no memory left', { begin: () => redis.admin.config('SET', 'maxmemory', '1mb'), end: () => redis.admin.config('SET', 'maxmemory', '0'), reads: true }],
  ['has become a replica', { begin: () => redis.admin.call('replicaof', '127.0.0.1', '1'), end: () => redis.admin.call('replicaof', 'no', 'one') }],
];

test('a scrape of the metrics comes without the limits while the store is away, and with them when it is back', async () => {
  const hasLimits = async (): Promise<boolean> => {
    const { status, body } = await service.call('GET', '/metrics');
    expect([status, String(body).includes('\nnbo_catalog_offers 5\n')]).toEqual([200, true]);
    return String(body).includes('\nnbo_limit_used{offer="scarce",outcome="accepted",per="total"} 0\n');
  };
  await until(hasLimits);
  redis.freeze();
  expect(await hasLimits()).toBe(false);
  redis.thaw();
  await until(hasLimits);
});

test('a node that nobody asks but for its metrics tells that its Redis is gone, and that it is back', async () => {
  const isUp = async (): Promise<boolean> => String((await service.call('GET', '/metrics')).body).includes('\nnbo_store_up 1\n');
  expect(await isUp()).toBe(true);
  await redis.kill();
  await until(async () => !await isUp());
  await redis.start();
  await until(isUp);
});

describe.each(absences)('a Redis that %s', (name, { begin, end, reads = false }) => {
  test('decisions show only what needs no consent and no history, writes are a 503 with Retry-After, and it comes back by itself', async () => {
    const [offer] = await offersWithStore();
    await begin();
    const began = performance.now();
    for (const record of [{ record: 'presented' }, ...(reads ? [] : [{}])]) {
      const answer = await decide(record);
      expect([answer.status, offersOf(answer), answer.body.degraded]).toEqual([200, ['help'], ['store']]);
      expect(answer.body.offers[0].token).toEqual(expect.any(String));
    }
    const tookMs = performance.now() - began;
    const outcome = { token: offer.token, outcome: 'accepted', outcomeId: 'o-1' };
    const refusals = [
      await service.call('POST', '/v1/outcomes', outcome, impatience),
      await service.call('PUT', '/v1/customers/bo', {}, impatience),
      await service.call('PATCH', '/v1/customers/anna', { locale: 'sv' }, impatience),
      ...(reads ? [] : [await service.call('GET', '/v1/customers/anna', undefined, impatience), await service.call('DELETE', '/v1/customers/bo', undefined, impatience)]),
    ];
    if (!reads) expect(refusals[3]!.body.detail).toBe('The store does not answer, and nothing was written; try again');
    for (const { status, headers, body } of refusals) expect([status, headers.get('retry-after'), body.title]).toEqual([503, '1', 'Store not available']);
    const misfit = await service.call('PUT', '/v1/customers/bo', { attributes: { age: 'x' }, consents: [{ purpose: 'web' }, 'web'] }, impatience);
    expect([misfit.status, misfit.body.errors?.map(({ pointer }: any) => pointer)]).toEqual([400, ['/attributes/age', '/consents/1']]);
    const batch = await service.call('POST', '/v1/outcomes', [outcome, { ...outcome, outcomeId: 'o-2', outcome: 'clicked' }], impatience);
    expect([batch.status, batch.body.map((item: any) => item.status)]).toEqual([200, [503, 503]]);
    expect((await service.call('GET', '/readyz')).status).toBe(200);

    await end();
    const ended = performance.now();
    await offersWithStore();
    process.stdout.write(`A Redis that ${name}: ${reads ? 'one decision' : 'two decisions'} that ${reads ? 'waits' : 'wait'} 150 ms took ${Math.round(tookMs)} ms; used again after ${Math.round(performance.now() - ended)} ms\n`);
    // Whatever of the calls that got no answer was done: the same again is there once, and whole.
    for (const each of [outcome, { ...outcome, outcomeId: 'o-2', outcome: 'clicked' }]) {
      await until(async () => [200, 201].includes((await service.call('POST', '/v1/outcomes', each, patience)).status));
    }
    expect((await contacts()).filter(({ outcome: what }) => what !== 'presented').map(({ outcome: what }) => what).toSorted()).toEqual(['accepted', 'clicked']);
    await until(async () => (await service.call('GET', '/readyz')).body.store === undefined);
    // It rests after the accept, and what is recorded is in the ledger.
    const after = await offersWithStore({ record: 'presented' });
    expect(after.map(({ offerId }) => offerId)).toEqual(['good', 'fair', 'plain', 'help']);
    expect((await contacts()).filter(({ outcome: what }) => what === 'presented').length).toBeGreaterThanOrEqual(4);
  });
});

test('a Redis that is slow by 200 ms is waited for by who has the time', async () => {
  proxy.delayMs = 200;
  const { status, body } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web', record: 'presented' }, patience);
  expect([status, body.degraded, body.offers.length]).toEqual([200, [], 3]);
  expect((await service.call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'clicked' }, patience)).status).toBe(201);
});
