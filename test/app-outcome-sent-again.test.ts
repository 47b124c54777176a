import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const dayMs = 86_400_000;
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** An outcome that was recorded is answered the same for seven days, also where its token expires meanwhile. */
describe.each<[string, () => string | undefined]>([['on a folder', () => undefined], ['on Redis', () => redis.url]])('an outcome sent again %s', (_name, storeUrl) => {
  const decidedAt = Date.UTC(2026, 10, 23, 10);
  let policy: PolicyCatalog;
  let service: TestService;
  let at: number;
  let made = 0;
  let token: string;
  beforeEach(async () => {
    policy = await writePolicyCatalog();
    const url = storeUrl();
    at = decidedAt;
    service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: url === undefined ? policy.storeFolder : `${url}?prefix=again-${made++}` }, () => at);
    await call('PUT', '/v1/customers/anna', {});
    token = (await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'call-center' })).body.offers[0].token;
  });
  afterEach(async () => {
    await service.remove();
    await policy.remove();
  });
  const call = (method: string, path: string, body?: object): Promise<HttpAnswer> => service.call(method, path, body, { 'X-Request-Timeout-Ms': '5000' });
  const outcome = (members: object = {}): Promise<HttpAnswer> => call('POST', '/v1/outcomes', { token, outcome: 'accepted', outcomeId: 'o-1', ...members });
  const onDay = async (day: number, members?: object): Promise<HttpAnswer> => {
    at = decidedAt + day * dayMs;
    return outcome(members);
  };

  test('gets the first answer after its token has expired, and another body is told', async () => {
    const first = await onDay(89);
    expect(first.status).toBe(201);
    for (const day of [90, 95]) expect(await onDay(day)).toMatchObject({ status: 200, body: first.body });
    expect((await onDay(95, { outcome: 'declined' })).status).toBe(422);
    expect((await call('GET', '/v1/customers/anna/export')).body.contacts).toHaveLength(1);
  });

  test.each([['a new one', { outcomeId: 'o-2' }, 95], ['one without an id', { outcomeId: undefined }, 95], ['one of which the id is forgotten', {}, 96]])('%s is refused for its token', async (_which, members, day) => {
    expect((await onDay(89)).status).toBe(201);
    const refused = await onDay(day, members);
    expect([refused.status, refused.body.errors]).toEqual([400, [{ pointer: '/token', detail: expect.stringContaining('has expired') }]]);
    expect((await call('GET', '/v1/customers/anna/export')).body.contacts).toHaveLength(1);
  });

  test('one who was erased is not known any more', async () => {
    expect((await onDay(89)).status).toBe(201);
    await call('DELETE', '/v1/customers/anna');
    at += 1000;
    await call('PUT', '/v1/customers/anna', {});
    expect((await onDay(89.5)).status).toBe(404);
    expect((await onDay(91)).status).toBe(400);
    expect((await call('GET', '/v1/customers/anna/export')).body.contacts).toEqual([]);
  });
});
