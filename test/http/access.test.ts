import { isLoopbackAddress, isLoopbackHost } from '../../src/loopback.js';
import { makeKey, parseApiKeys } from '../../src/http/api-keys.js';
import { createHttpServer } from '../../src/http/http-server.js';
import { methods, readSpecification } from '../../src/http/specification.js';
import { scopes, type Scope } from '../../src/service/service.js';
import { createFakeServices } from '../support/fake-services.js';
import { call, type Sent } from '../support/http-client.js';

const fake = createFakeServices();
const secrets = new Map(scopes.map((scope, index) => [scope, makeKey(`only-${scope}`, [scope], new Uint8Array(32).fill(index + 1))]));
const all = makeKey('all', scopes, new Uint8Array(32).fill(99));
const { keys } = parseApiKeys(JSON.stringify([...secrets.values(), all].map(({ entry }) => entry)), 'keys.json');
const metrics = { contentType: 'text/plain; version=0.0.4', metrics: () => Promise.resolve('') };
const shared = { services: fake.services, clock: () => 0, logger: { error: () => undefined }, metrics };
const keyed = createHttpServer({ ...shared, keys });
const open = createHttpServer({ ...shared, keys: null });

beforeAll(() => Promise.all([keyed.listen(0, '127.0.0.1'), open.listen(0, '127.0.0.1')]));
beforeEach(() => void (fake.calls.length = 0));
afterAll(() => Promise.all([keyed.drain(), open.drain()]));

const secretOf = (scope: Scope): string => secrets.get(scope)!.secret;
const bearer = (secret: string): Sent['headers'] => ({ Authorization: `Bearer ${secret}` });
const outcome = { token: 't', outcome: 'opened' };

interface Row { method: string; path: string; body?: unknown; needs: readonly Scope[] }
const rows: readonly Row[] = [
  { method: 'post', path: '/v1/decisions', body: { channel: 'web' }, needs: ['decide'] },
  { method: 'post', path: '/v1/outcomes', body: outcome, needs: ['record'] },
  { method: 'post', path: '/v1/outcomes', body: [outcome], needs: ['record'] },
  { method: 'post', path: '/v1/events', body: { specversion: '1.0', id: '1', source: '/s', type: 't' }, needs: ['record'] },
  { method: 'put', path: '/v1/customers/C-1001', body: {}, needs: ['customers'] },
  { method: 'patch', path: '/v1/customers/C-1001', body: {}, needs: ['customers'] },
  { method: 'get', path: '/v1/customers/C-1001', needs: ['customers'] },
  { method: 'head', path: '/v1/customers/C-1001', needs: ['customers'] },
  { method: 'delete', path: '/v1/customers/C-1001', needs: ['customers'] },
  { method: 'get', path: '/v1/customers/C-1001/export', needs: ['customers'] },
  { method: 'post', path: '/v1/customers/C-1001/link', body: { visitorId: 'v-1' }, needs: ['customers'] },
  { method: 'delete', path: '/v1/visitors/C-1001', needs: ['customers'] },
  { method: 'get', path: '/v1/visitors/C-1001/export', needs: ['customers'] },
  { method: 'get', path: '/v1/catalog', needs: ['decide', 'admin'] },
  { method: 'post', path: '/v1/catalog/validate', body: { files: {} }, needs: ['admin'] },
  { method: 'get', path: '/metrics', needs: ['admin'] },
];

describe.each(rows)('$method $path', ({ method, path, body, needs }) => {
  test.each([
    ['no key', {}, 'Bearer realm="next-best-offer"'],
    ['an unknown key', bearer('nbo_unknown'), 'Bearer realm="next-best-offer", error="invalid_token"'],
    ['another scheme', { Authorization: 'Basic bmJvOnNlY3JldA==' }, 'Bearer realm="next-best-offer", error="invalid_token"'],
    ['a scheme without a key', { Authorization: 'Bearer' }, 'Bearer realm="next-best-offer", error="invalid_token"'],
    ['the hash of a key', bearer(all.entry.sha256), 'Bearer realm="next-best-offer", error="invalid_token"'],
  ])('401 with %s', async (_name, headers, challenge) => {
    const answer = await call(keyed.server, method, path, { body, headers });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge]);
    expect(fake.calls).toEqual([]);
  });

  test.each(scopes)('the scope %s', async (scope) => {
    const answer = await call(keyed.server, method, path, { body, headers: bearer(secretOf(scope)) });
    if (needs.includes(scope)) return expect(answer.status).toBeLessThan(300);
    expect(answer.status).toBe(403);
    if (method !== 'head') expect(answer.json['detail']).toBe(`The key "only-${scope}" lacks the scope ${needs.map((need) => `"${need}"`).join(' or ')}, which this call needs.`);
    expect(fake.calls).toEqual([]);
  });

  test('openapi.yaml names the same scopes', () => {
    const template = path.replace('C-1001', '{id}');
    const { security } = readSpecification().document.paths[template]![method === 'head' ? 'get' : (method as 'get')]!;
    expect(security!.flatMap((way) => way['key'] ?? [])).toEqual(needs);
  });
});

test.each([
  ['record', { channel: 'web', record: 'presented' }, 'The key "only-decide" lacks the scope "record", which "record": "presented" needs.'],
  ['at', { channel: 'web', at: '2026-11-23T10:00:00Z' }, 'The key "only-decide" lacks the scope "simulate", which "at" needs.'],
])('a decision with %s needs one more scope', async (_member, body, detail) => {
  const refused = await call(keyed.server, 'post', '/v1/decisions', { body, headers: bearer(secretOf('decide')) });
  expect([refused.status, refused.json['detail']]).toEqual([403, detail]);
  const taken = await call(keyed.server, 'post', '/v1/decisions', { body, headers: { authorization: `bearer ${all.secret}` } });
  expect(taken.status).toBe(200);
  expect(fake.calls.map(({ call: context }) => [context!.caller, [...context!.scopes]])).toEqual([['all', [...scopes]]]);
});

test('no scope opens everything else', () => {
  const specified = Object.entries(readSpecification().document.paths).flatMap(([path, item]) => methods.filter((method) => item[method] !== undefined && item[method].security?.length !== 0).map((method) => `${method} ${path}`));
  expect(new Set(rows.filter(({ method }) => method !== 'head').map(({ method, path }) => `${method} ${path.replace('C-1001', '{id}')}`))).toEqual(new Set(specified));
});

test.each(['/livez', '/readyz', '/openapi.yaml', '/docs'])('%s needs no key', async (path) => {
  expect((await call(keyed.server, 'get', path)).status).toBe(200);
});

test('a key is asked for before anything is read', async () => {
  const answer = await call(keyed.server, 'post', '/v1/decisions', { body: 'x'.repeat(100_000), headers: { 'Content-Type': 'text/plain' } });
  expect(answer.status).toBe(401);
});

test('with keys, the Host does not matter', async () => {
  expect((await call(keyed.server, 'get', '/livez', { headers: { Host: 'nbo.example.com' } })).status).toBe(200);
});

test.each(['evil.example.com', 'localhost.example.com', '127.0.0.1.example.com', 'example.com:8080', '10.0.0.1', '[::2]', ''])('without keys, not under the name "%s"', async (host) => {
  for (const path of ['/v1/customers/C-1001', '/livez', '/docs', '/nowhere']) {
    const answer = await call(open.server, 'get', path, { headers: { Host: host } });
    expect([answer.status, answer.json['errors']]).toEqual([403, [{ pointer: '/headers/Host', detail: 'is not a loopback name' }]]);
  }
  expect(fake.calls).toEqual([]);
});

test.each(['localhost', 'LOCALHOST:8080', 'nbo.localhost', '127.0.0.1:1', '127.9.9.9', '[::1]:8080', 'localhost.'])('without keys, under the name "%s"', async (host) => {
  expect((await call(open.server, 'get', '/v1/customers/C-1001', { headers: { Host: host } })).status).toBe(200);
});

test.each([
  ['127.0.0.1', true], ['127.255.0.3', true], ['::1', true], ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false], ['172.17.0.1', false], ['::', false], ['::ffff:10.0.0.1', false], ['fe80::1', false], ['', false], ['128.0.0.1', false],
])('the address %s is loopback: %s', (address, expected) => expect(isLoopbackAddress(address)).toBe(expected));

test.each([['localhost:', false], ['localhost:80x', false], ['a@localhost', false], ['127.0.0.1:80, evil', false], ['::1', false], ['[::1]', true]])('the host %s is loopback: %s', (host, expected) => expect(isLoopbackHost(host)).toBe(expected));
