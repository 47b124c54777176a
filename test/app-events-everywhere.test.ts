import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const files = {
  'triggers/events.yaml': 'storm: {}\nvisit: {}\nexpecting-a-child: { source: partner }\n',
  'triggers/triggers.yaml': `
- { id: storm, type: external, on: { event: storm }, matches: customer.note == event.data.region, window: 2d, effect: { unlocks: [plenty] } }
- { id: visited, type: journey, on: { event: visit }, window: 2d, effect: { weight: 100, offers: [hundred] } }
- { id: expecting, type: life-event, source: partner, on: { event: expecting-a-child, when: eventCount("expecting-a-child") >= 1 }, window: 200d, effect: { weight: 100, offers: [hundred] } }
`,
};
const at = Date.UTC(2026, 10, 23, 10);
const patience = { 'X-Request-Timeout-Ms': '5000' };

interface Nodes { readonly first: TestService; readonly second: TestService; stop(): Promise<void> }
async function twoNodes(policy: PolicyCatalog, store: string, more: Readonly<Record<string, string>> = {}): Promise<Nodes> {
  const environment = { NBO_CATALOG: policy.catalogFolder, NBO_STORE: store, ...more };
  // One after the other: LMDB cannot open a folder while the same process has a write under way in it.
  const first = await runService(environment, () => at);
  const second = await runService(environment, () => at);
  return { first, second, stop: async () => {
    await first.remove();
    await second.remove();
  } };
}
const event = (type: string, id: string, members: object = {}): object => ({ specversion: '1.0', id, source: '/test', type, ...members });
const take = (node: TestService, body: object): Promise<HttpAnswer> => node.call('POST', '/v1/events', body, patience);
const offered = async (node: TestService, customerId: string): Promise<string[]> =>
  (await node.call('POST', '/v1/decisions', { customerId, channel: 'call-center' }, patience)).body.offers.map(({ offerId }: { offerId: string }) => offerId);

const stores: [string, (policy: PolicyCatalog) => Promise<{ store: string; redis?: RedisServer }>][] = [
  ['the embedded store', (policy) => Promise.resolve({ store: policy.storeFolder })],
  ['Redis', async () => {
    const redis = await startRedis();
    return { store: redis.url, redis };
  }],
];
describe.each(stores)('two nodes on %s', (_name, openStore) => {
  let policy: PolicyCatalog;
  let nodes: Nodes;
  let redis: RedisServer | undefined;
  beforeAll(async () => {
    policy = await writePolicyCatalog(files);
    const opened = await openStore(policy);
    redis = opened.redis;
    nodes = await twoNodes(policy, opened.store);
    const customers = Array.from({ length: 300 }, (_, place) => place);
    await Promise.all(customers.map((place) => nodes.first.call('PUT', `/v1/customers/c${place}`, { attributes: { note: place % 3 === 0 ? 'north' : 'south' } }, patience)));
  }, 60_000);
  afterAll(async () => {
    await nodes.stop();
    await redis?.stop();
    await policy.remove();
  });

  test('an event that is acknowledged by one shows in the next decision of the other, each time', async () => {
    for (let place = 0; place < 20; place++) {
      const [one, other] = place % 2 === 0 ? [nodes.first, nodes.second] : [nodes.second, nodes.first];
      expect((await offered(other, `c${place}`))[0]).toBe('scarce');
      expect((await take(one, event('visit', `v-${place}`, { subject: `c${place}` }))).status).toBe(202);
      expect((await offered(other, `c${place}`))[0]).toBe('hundred');
    }
  });

  test('one storm: the next decision of each customer of the region has the offer, on every node, and of no other', async () => {
    const stats = redis === undefined ? null : new Redis(redis.url);
    const writes = async (): Promise<number> => [...(await stats!.info('commandstats')).matchAll(/^cmdstat_(?:hset|zadd|set):calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
    const before = stats === null ? 0 : await writes();
    for (let place = 0; place < 6; place++) expect(await offered(place % 2 === 0 ? nodes.first : nodes.second, `c${place}`)).not.toContain('plenty');
    expect((await take(nodes.first, event('storm', 's-1', { data: { region: 'north' } }))).status).toBe(202);
    // The event, when it ends, and a version: whatever the number of customers.
    if (stats !== null) expect(await writes() - before).toBe(3);
    await stats?.quit();
    const all = await Promise.all(Array.from({ length: 300 }, async (_, place) => ({ place, offers: await offered(place % 2 === 0 ? nodes.second : nodes.first, `c${place}`) })));
    for (const { place, offers } of all) expect(offers.includes('plenty')).toBe(place % 3 === 0);
  });
});

describe('what a partner knows, without the consent, is nowhere', () => {
  let policy: PolicyCatalog;
  let redis: RedisServer;
  let service: TestService;
  beforeAll(async () => {
    policy = await writePolicyCatalog(files);
    redis = await startRedis();
    service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: redis.url, NBO_DECISION_LOG: join(policy.catalogFolder, '..', 'log') }, () => at);
  });
  afterAll(async () => {
    await service.remove();
    await redis.stop();
    await policy.remove();
  });
  const secret = 'stork-4711';
  /** Every value of the store, the decision log and the metrics, as one text. */
  async function everywhere(): Promise<string> {
    const client = new Redis(redis.url);
    const values: unknown[] = [];
    for (const key of await client.keys('*')) {
      const type = await client.type(key);
      if (type === 'string') values.push(key, (await client.getBuffer(key))!.toString('latin1'));
      else if (type === 'hash') values.push(key, ...Object.values(await client.hgetallBuffer(key)).map((value) => value.toString('latin1')));
      else values.push(key, ...(await client.zrange(key, '0', '-1')));
    }
    await client.quit();
    const folder = join(policy.catalogFolder, '..', 'log');
    const logs = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
    return [...values, ...logs, (await service.call('GET', '/metrics')).body].join('\n');
  }
  const tell = (id: string): Promise<HttpAnswer> => take(service, event('expecting-a-child', id, { subject: 'anna', data: { clinic: secret } }));
  const decideInFull = (): Promise<HttpAnswer> => service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'call-center', explain: 'full' }, patience);
  /** The decision log is written after the answer: until a later decision stands in it. */
  async function logged(decisionId: string): Promise<string> {
    for (;;) {
      const text = await everywhere();
      if (text.includes(decisionId)) return text;
    }
  }

  test('a refused event leaves nothing in store, log or metrics', async () => {
    await service.call('PUT', '/v1/customers/anna', { consents: ['web'] });
    expect(await tell('p-1')).toMatchObject({ status: 403 });
    const text = await logged((await decideInFull()).body.decisionId);
    for (const trace of [secret, 'expecting']) expect(text).not.toContain(trace);
  });

  test('with the consent it is kept, and counts; withdrawn, it is gone from the store, and from what is logged from then on', async () => {
    await service.call('PATCH', '/v1/customers/anna', { consents: ['web', 'partner-data'] });
    expect(await tell('p-2')).toMatchObject({ status: 202 });
    expect(await everywhere()).toContain(secret);
    expect((await offered(service, 'anna'))[0]).toBe('hundred');
    await service.call('PATCH', '/v1/customers/anna', { consents: ['web'] });
    const { body } = await decideInFull();
    expect(body.offers[0].offerId).toBe('scarce');
    const text = await logged(body.decisionId);
    const line = text.split('\n').find((each) => each.startsWith('{') && each.includes(body.decisionId))!;
    expect(line).toContain('scarce');
    expect(line).not.toMatch(/expecting|stork/);
    const stored = text.split('\n').filter((each) => !each.startsWith('{'));
    expect(stored.join('\n')).not.toMatch(/expecting|stork/);
    // Nor is it known that it was there: with a consent given anew the partner sends it again.
    await service.call('PATCH', '/v1/customers/anna', { consents: ['web', 'partner-data'] });
    expect(await tell('p-2')).toMatchObject({ status: 202, body: { repeated: false } });
    expect(await tell('p-2')).toMatchObject({ status: 202, body: { repeated: true } });
    expect((await offered(service, 'anna'))[0]).toBe('hundred');
  });
});
