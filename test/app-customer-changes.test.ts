import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { transpileSources, type RunnableSources } from './support/run-typescript.js';
import { startServiceProcess, type ServiceProcess } from './support/service-process.js';

const mergePatch = { 'Content-Type': 'application/merge-patch+json', 'X-Request-Timeout-Ms': '5000' };
const names = Array.from({ length: 200 }, (_, place) => `a${place}`);
const schema = `
currency: SEK
timeZone: Europe/Stockholm
customer: { type: object, additionalProperties: false, properties: { ${names.map((name) => `${name}: { type: integer }`).join(', ')} } }
context: { type: object }
offer: { type: object }
channels: [web, email, call-center]
`;

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

/** Changes of one customer that meet, in processes that are started as a user starts them, on each store. */
describe.each<[string, number, () => Record<string, string>]>([
  ['one process on a folder', 1, () => ({})],
  ['two processes on one folder', 2, () => ({})],
  ['one node on a Redis', 1, () => ({ NBO_STORE: redis.url })],
  ['two nodes on one Redis', 2, () => ({ NBO_STORE: redis.url })],
])('200 changes at once of one customer, by %s', (_name, processes, environment) => {
  let policy: PolicyCatalog;
  const services: ServiceProcess[] = [];
  beforeAll(async () => {
    policy = await writePolicyCatalog({ 'schema.yaml': schema });
    while (services.length < processes) services.push(await startServiceProcess(sources, { NBO_CATALOG: policy.catalogFolder, NBO_STORE: policy.storeFolder, ...environment() }));
  });
  afterAll(async () => {
    const ends = await Promise.all(services.splice(0).map((service) => service.stop()));
    await policy.remove();
    expect(ends).toEqual(Array.from({ length: processes }, () => 0));
  });

  test('all are made, each is answered with its own, and none is lost', async () => {
    const path = `/v1/customers/C-${processes}`;
    expect((await services[0]!.call('PUT', path, { consents: ['web'] })).status).toBe(201);
    const answers = await Promise.all(names.map((name, place) => services[place % processes]!.call('PATCH', path, { attributes: { [name]: place } }, mergePatch)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.map(({ body }, place) => body.attributes[names[place]!])).toEqual(names.map((_, place) => place));
    const { body } = await services.at(-1)!.call('GET', path);
    expect(body).toEqual({ id: `C-${processes}`, attributes: Object.fromEntries(names.map((name, place) => [name, place])), consents: ['web'], holdings: [] });
  });
});
