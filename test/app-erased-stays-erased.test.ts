import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const patience = { 'X-Request-Timeout-Ms': '5000' };
const dayMs = 86_400_000;
/** Its ledger reaches a year back, four times as far as a token is good. */
const files = {
  'rules/rest.yaml': '- { id: rest, kind: communication, cooldown: { after: declined, for: 365d, scope: offer } }\n',
  'triggers/events.yaml': 'signed.up: { createsCustomer: true }\npurchase: {}\n',
};

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** Nothing that speaks of the time before an erasure brings anything back, however late it comes. */
describe.each<[string, () => string | undefined]>([['on a folder', () => undefined], ['on Redis', () => redis.url]])('erased stays erased %s', (_name, storeUrl) => {
  const erasedAt = Date.UTC(2026, 10, 23, 10);
  let policy: PolicyCatalog;
  let service: TestService;
  let at: number;
  let made = 0;
  beforeEach(async () => {
    policy = await writePolicyCatalog(files);
    const url = storeUrl();
    at = erasedAt;
    service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: url === undefined ? policy.storeFolder : `${url}?prefix=erased-${made++}` }, () => at);
  });
  afterEach(async () => {
    await service.remove();
    await policy.remove();
  });
  const call = (method: string, path: string, body?: object): Promise<HttpAnswer> => service.call(method, path, body, patience);
  const iso = (time: number): string => new Date(time).toISOString();
  const declined = (whom: object): Promise<HttpAnswer> => call('POST', '/v1/outcomes', { ...whom, decisionId: 'd-1', offerId: 'plenty', channel: 'web', outcome: 'declined', occurredAt: iso(erasedAt - 1000) });
  const happened = (whom: object, time: number, type = 'signed.up'): Promise<HttpAnswer> => call('POST', '/v1/events', { specversion: '1.0', id: iso(time), source: '/crm', type, time: iso(time), ...whom });
  const statusesOn = async (days: readonly number[], ask: () => Promise<HttpAnswer>): Promise<[number, number][]> => {
    const statuses: [number, number][] = [];
    for (const day of days) {
      at = erasedAt + day * dayMs;
      statuses.push([day, (await ask()).status]);
    }
    return statuses;
  };

  test('an outcome without a token is refused while the ledger would take it, also when the id is in use again', async () => {
    await call('PUT', '/v1/customers/anna', {});
    expect((await declined({ customerId: 'anna' })).status).toBe(201);
    await call('DELETE', '/v1/customers/anna');
    at += 1000;
    await call('PUT', '/v1/customers/anna', {});
    // After that it lies further back than the ledger reaches.
    expect(await statusesOn([1, 89, 92, 364, 365], () => declined({ customerId: 'anna' }))).toEqual([[1, 404], [89, 404], [92, 404], [364, 404], [365, 400]]);
    expect((await call('GET', '/v1/customers/anna/export')).body.contacts).toEqual([]);
  });

  test('so is one of a visitor', async () => {
    expect((await declined({ visitorId: 'v-1' })).status).toBe(201);
    await call('DELETE', '/v1/visitors/v-1');
    expect(await statusesOn([1, 92, 364], () => declined({ visitorId: 'v-1' }))).toEqual([[1, 404], [92, 404], [364, 404]]);
    expect((await call('GET', '/v1/visitors/v-1/export')).status).toBe(404);
  });

  test('a history of events that is played again makes nobody, whenever that is', async () => {
    const whoms: [object, string][] = [[{ subject: 'anna' }, '/v1/customers/anna'], [{ visitorid: 'v-1' }, '/v1/visitors/v-1']];
    for (const [whom, path] of whoms) {
      at = erasedAt - 1000;
      expect((await happened(whom, at)).status).toBe(202);
      at = erasedAt;
      await call('DELETE', path);
      expect(await statusesOn([1, 92, 364, 366, 1000], () => happened(whom, erasedAt - 1000))).toEqual([[1, 404], [92, 404], [364, 404], [366, 404], [1000, 404]]);
      expect((await call('GET', `${path}/export`)).status).toBe(404);
    }
  });

  test('an event makes somebody for 90 days, and is of one who is there at any age', async () => {
    expect((await happened({ subject: 'bo' }, at - 90 * dayMs + 1)).status).toBe(202);
    expect((await happened({ subject: 'bo' }, at - 400 * dayMs)).status).toBe(202);
    expect((await happened({ visitorid: 'v-2' }, at - 90 * dayMs + 1, 'purchase')).status).toBe(202);
    const refused = await happened({ subject: 'cy' }, at - 90 * dayMs);
    expect([refused.status, refused.body.title, refused.body.detail, refused.body.errors]).toEqual([404, expect.any(String), 'There is no such customer, and an event as old as this makes none', [{ pointer: '/subject', detail: 'This customer does not exist, or not any more' }]]);
    const unknown = await happened({ subject: 'cy' }, at, 'purchase');
    expect([unknown.status, unknown.body.detail]).toEqual([404, 'There is no such customer']);
  });
});
