import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { transpileSources, type RunnableSources } from './support/run-typescript.js';
import { startServiceProcess, type ServiceProcess } from './support/service-process.js';

const patience = { 'X-Request-Timeout-Ms': '5000' };

let sources: RunnableSources;
let redis: RedisServer;
beforeAll(async () => {
  sources = await transpileSources();
  redis = await startRedis();
});
afterAll(async () => {
  await sources.remove();
  await redis.stop();
});

/** Claims of several processes, started as a user starts them, on each store. */
describe.each<[string, readonly (() => Record<string, string>)[]]>([
  ['two processes on one folder', [() => ({}), () => ({})]],
  ['two workers on one port and one folder', [() => ({ NBO_WORKERS: '2' })]],
  ['two nodes on one Redis', [() => ({ NBO_STORE: redis.url }), () => ({ NBO_STORE: redis.url })]],
])('200 decisions at once for one customer, by %s', (_name, environments) => {
  let policy: PolicyCatalog;
  const services: ServiceProcess[] = [];
  beforeAll(async () => {
    policy = await writePolicyCatalog({ 'rules/cap.yaml': `
- { id: three, kind: communication, applies: channel == "web", cap: { outcome: presented, max: 3, per: 7d, scope: channel } }
- { id: thirty, kind: communication, applies: channel == "call-center", cap: { outcome: presented, max: 30, per: 7d, scope: channel } }
` });
    for (const environment of environments) services.push(await startServiceProcess(sources, { NBO_CATALOG: policy.catalogFolder, NBO_STORE: policy.storeFolder, ...environment() }));
  });
  afterAll(async () => {
    const ends = await Promise.all(services.splice(0).map((service) => service.stop()));
    await policy.remove();
    expect(ends).toEqual(environments.map(() => 0));
  });

  test.each([['a cap of 3', 'web', 3, 'three'], ['a cap of 30, far more than a decision loses races', 'call-center', 30, 'thirty']])('under %s: exactly so many are presented', async (_cap, channel, max, rule) => {
    const customerId = `C-${max}`;
    expect((await services[0]!.call('PUT', `/v1/customers/${customerId}`, { consents: ['web'] })).status).toBe(201);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, place) =>
      services[place % services.length]!.call('POST', '/v1/decisions', { customerId, channel, limit: 1, record: 'presented', explain: 'full' }, patience)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.filter(({ body }) => body.degraded.length > 0)).toEqual([]);
    const presented = answers.filter(({ body }) => body.offers.length > 0);
    expect(presented.map(({ body }) => body.offers.length)).toEqual(Array.from({ length: max }, () => 1));
    const { contacts } = (await services.at(-1)!.call('GET', `/v1/customers/${customerId}/export`)).body;
    expect(contacts.map(({ decisionId }: any) => decisionId).toSorted()).toEqual(presented.map(({ body }) => body.decisionId).toSorted());
    for (const { body } of answers.filter(({ body: { offers } }) => offers.length === 0)) {
      for (const { rejectedBy } of body.excluded) expect([rule, 'claim', 'limit']).toContain(rejectedBy[0].rule);
    }
  });
});
