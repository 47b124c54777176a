import { openStoreForMove } from '../src/app.js';
import { runCommandLine } from '../src/cli/command-line.js';
import type { Surroundings } from '../src/cli/surroundings.js';
import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

/** A service that moves from a folder to a Redis while it runs, and back: what its clients were told stays true. */
const at = Date.UTC(2026, 10, 23, 10);
let server: RedisServer;
let policy: PolicyCatalog;
const running: TestService[] = [];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  policy = await writePolicyCatalog();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.remove()));
  await policy.remove();
});

async function serviceOn(store: string): Promise<TestService> {
  const service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: store }, () => at);
  running.push(service);
  return service;
}

async function stop(): Promise<void> {
  await Promise.all(running.splice(0).map((each) => each.remove()));
}

async function migrate(from: string, to: string): Promise<{ code: number; summary: any }> {
  let text = '';
  const collect = { isTerminal: false, columns: undefined, write: (more: string) => { text += more; return Promise.resolve(); } };
  const surroundings = { environment: {}, version: '0.0.0', output: collect, errors: { ...collect, write: () => Promise.resolve() }, now: () => at, openStoreForMove } as Partial<Surroundings> as Surroundings;
  const code = await runCommandLine(['migrate', '--from', from, '--to', to, '--json'], surroundings);
  return { code, summary: JSON.parse(text) };
}

const decide = async (service: TestService, customerId: string): Promise<any> =>
  (await service.call('POST', '/v1/decisions', { customerId, channel: 'call-center', limit: 1, record: 'presented' })).body;
const outcome = (service: TestService, body: object): Promise<HttpAnswer> => service.call('POST', '/v1/outcomes', body);

test.each([
  ['a folder to Redis', () => policy.storeFolder, () => `${server.url}?prefix=a`],
  ['Redis to a folder', () => `${server.url}?prefix=b`, () => policy.storeFolder],
])('from %s: customers, outcomes, limits, erasures and tokens', async (_name, fromOf, toOf) => {
  const [from, to] = [fromOf(), toOf()];
  const old = await serviceOn(from);
  for (let customer = 1; customer <= 9; customer++) await old.call('PUT', `/v1/customers/c${customer}`, { attributes: { age: 40 + customer }, consents: ['email'] });
  const decisions: any[] = [];
  for (let customer = 1; customer <= 4; customer++) decisions.push(await decide(old, `c${customer}`));
  const accepted = { token: decisions[0].offers[0].token, outcome: 'accepted', outcomeId: 'o-1' };
  const first = await outcome(old, accepted);
  expect(first.status).toBe(201);

  const opens = (service: TestService, visitorId: string): Promise<HttpAnswer> => outcome(service, { visitorId, activity: 'newsletter', channel: 'web', outcome: 'opened', outcomeId: 'o-v' });
  for (const visitorId of ['v-1', 'v-2', 'v-3']) expect((await opens(old, visitorId)).status).toBe(201);
  await old.call('POST', '/v1/customers/c5/link', { visitorId: 'v-2' });

  // While it runs.
  expect(await migrate(from, to)).toMatchObject({ code: 0, summary: { complete: true, customers: { held: 9, written: 9 }, visitors: { held: 3, written: 3 } } });
  const clicked = await outcome(old, { token: decisions[1].offers[0].token, outcome: 'clicked', outcomeId: 'o-2' });
  await old.call('DELETE', '/v1/customers/c3');
  await old.call('POST', '/v1/customers/c5/link', { visitorId: 'v-3' });
  await old.call('PUT', '/v1/customers/c10', {});
  const exports = await Promise.all(['c1', 'c2', 'c5', 'c10'].map(async (id) => (await old.call('GET', `/v1/customers/${id}/export`)).body));
  await stop();
  // Only what has changed since.
  expect(await migrate(from, to)).toMatchObject({ code: 0, summary: { complete: true, customers: { held: 9, written: 3, removed: 1, differing: 0 }, visitors: { held: 3, written: 1, differing: 0 }, tombstones: { held: 1, written: 1 }, limits: { held: 1, differing: 0 }, secrets: { written: 0 } } });

  const moved = await serviceOn(to);
  expect(await Promise.all(['c1', 'c2', 'c5', 'c10'].map(async (id) => (await moved.call('GET', `/v1/customers/${id}/export`)).body))).toEqual(exports);
  const visitor = async (id: string): Promise<any> => (await moved.call('GET', `/v1/visitors/${id}/export`)).body;
  expect(await visitor('v-1')).toMatchObject({ visitorId: 'v-1', contacts: [{ activity: 'newsletter', outcome: 'opened' }] });
  for (const id of ['v-2', 'v-3']) expect(await visitor(id)).toMatchObject({ visitorId: id, customerId: 'c5' });
  for (const visitorId of ['v-1', 'v-2']) expect((await opens(moved, visitorId)).status).toBe(200);
  const again = await outcome(moved, accepted);
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect((await outcome(moved, { token: decisions[1].offers[0].token, outcome: 'clicked', outcomeId: 'o-2' })).body).toEqual(clicked.body);
  expect((await outcome(moved, { ...accepted, outcome: 'declined' })).status).toBe(422);
  expect((await outcome(moved, { token: decisions[2].offers[0].token, outcome: 'accepted' })).status).toBe(404);
  // Of 5 places one is taken and two are held: two are free.
  const next = [await decide(moved, 'c6'), await decide(moved, 'c7'), await decide(moved, 'c8')];
  expect(next.map(({ offers }) => offers[0].offerId)).toEqual(['scarce', 'scarce', 'hundred']);
  for (const { offers } of [decisions[1], decisions[3]]) expect((await outcome(moved, { token: offers[0].token, outcome: 'accepted' })).status).toBe(201);
});
