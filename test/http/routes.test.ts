import { createHttpServer, type RequestDone } from '../../src/http/http-server.js';
import { createFakeServices, type FakeServices } from '../support/fake-services.js';
import { call, type Sent } from '../support/http-client.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const fake: FakeServices = createFakeServices();
const done: RequestDone[] = [];
const http = createHttpServer({
  services: fake.services, keys: null, clock: () => now, logger: { error: () => undefined }, onRequestDone: (request) => void done.push(request),
  metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', metrics: () => Promise.resolve('nbo_up 1\n') },
});
const { server } = http;
let port: number;

beforeAll(async () => ({ port } = await http.listen(0, '127.0.0.1')));
beforeEach(() => void (fake.calls.length = 0));
afterAll(() => http.drain());

interface Row { name: string; method: string; path: string; sent?: Sent; status: number; called?: string; args?: readonly unknown[] }
const event = { specversion: '1.0', id: '1', source: '/s', type: 't' };
const outcome = { customerId: 'C-1001', decisionId: 'd1', offerId: 'o1', channel: 'web', outcome: 'clicked' };
const full = {
  customerId: 'C-1001', customer: { attributes: { age: 3 }, consents: ['web'], holdings: [] }, channel: 'web', direction: 'outbound', limit: 100,
  placements: [{ id: 'hero', limit: 1, kinds: ['win-back'], fallback: 'o1' }], context: { any: { thing: [1] } }, locale: 'sv-SE', explain: 'full', record: 'none', at: '2026-11-23T11:00:00.25+01:00',
};

const rows: readonly Row[] = [
  { name: 'a decision with only a channel', method: 'post', path: '/v1/decisions', sent: { body: { channel: 'web' } }, status: 200, called: 'decide', args: [{ channel: 'web' }] },
  { name: 'a decision with everything', method: 'post', path: '/v1/decisions', sent: { body: full }, status: 200, called: 'decide', args: [full] },
  { name: 'an id of 128 characters beyond the basic plane', method: 'post', path: '/v1/decisions', sent: { body: { channel: 'web', customerId: '😀'.repeat(128) } }, status: 200, called: 'decide' },
  { name: 'a character escaped as a surrogate pair', method: 'post', path: '/v1/decisions', sent: { body: '{"channel":"web","customerId":"\\ud83d\\ude00"}' }, status: 200, called: 'decide', args: [{ channel: 'web', customerId: '😀' }] },
  { name: 'a byte order mark', method: 'post', path: '/v1/decisions', sent: { body: '\ufeff{"channel":"web"}' }, status: 200, called: 'decide' },
  { name: 'a content type with a charset', method: 'post', path: '/v1/decisions', sent: { body: { channel: 'web' }, headers: { 'Content-Type': 'Application/JSON; charset="UTF-8"' } }, status: 200, called: 'decide' },
  { name: 'a member twice: the last counts', method: 'post', path: '/v1/decisions', sent: { body: '{"channel":"app","channel":"web"}' }, status: 200, called: 'decide', args: [{ channel: 'web' }] },
  { name: 'nested as deep as may be', method: 'post', path: '/v1/decisions', sent: { body: `{"channel":"web","context":{"a":${'['.repeat(62)}${']'.repeat(62)}}}` }, status: 200, called: 'decide' },
  { name: 'an outcome by ids', method: 'post', path: '/v1/outcomes', sent: { body: outcome }, status: 201, called: 'record', args: [outcome] },
  { name: 'an outcome by token', method: 'post', path: '/v1/outcomes', sent: { body: { token: 't', outcome: 'not-now', outcomeId: 'x', occurredAt: '2026-11-23T10:00:00Z', reason: 'a\nb', value: -1.5 } }, status: 201, called: 'record' },
  { name: 'an activity', method: 'post', path: '/v1/outcomes', sent: { body: { customerId: 'C-1001', activity: 'newsletter', channel: 'email', outcome: 'opened' } }, status: 201, called: 'record' },
  { name: 'several outcomes', method: 'post', path: '/v1/outcomes', sent: { body: [outcome, { token: 't', outcome: 'opened' }] }, status: 200, called: 'recordBatch', args: [[outcome, { token: 't', outcome: 'opened' }]] },
  { name: '100 outcomes of more than 64 kB', method: 'post', path: '/v1/outcomes', sent: { body: Array.from({ length: 100 }, () => ({ ...outcome, reason: 'ö'.repeat(500) })) }, status: 200, called: 'recordBatch' },
  { name: 'a new customer', method: 'put', path: '/v1/customers/%C3%85sa%2F1', sent: { body: { attributes: { age: 1 }, timeZone: 'Europe/Stockholm', locale: 'sv' } }, status: 201, called: 'put', args: ['Åsa/1', { attributes: { age: 1 }, timeZone: 'Europe/Stockholm', locale: 'sv' }] },
  { name: 'a merge patch', method: 'patch', path: '/v1/customers/C-1001', sent: { body: { attributes: null, consents: null, holdings: null, timeZone: null, locale: null }, headers: { 'Content-Type': 'application/merge-patch+json' } }, status: 200, called: 'patch' },
  { name: 'a merge patch sent as JSON', method: 'patch', path: '/v1/customers/C-1001', sent: { body: { attributes: { age: null } } }, status: 200, called: 'patch' },
  { name: 'a customer', method: 'get', path: '/v1/customers/C-1001', status: 200, called: 'get', args: ['C-1001'] },
  { name: 'a customer, headers only', method: 'head', path: '/v1/customers/C-1001', status: 200, called: 'get' },
  { name: 'an unknown customer', method: 'get', path: '/v1/customers/C-9', status: 404 },
  { name: 'an export', method: 'get', path: '/v1/customers/C-1001/export', status: 200, called: 'export', args: ['C-1001'] },
  { name: 'an erasure', method: 'delete', path: '/v1/customers/C-1001', status: 204, called: 'erase', args: ['C-1001'] },
  { name: 'a link', method: 'post', path: '/v1/customers/C-1001/link', sent: { body: { visitorId: 'v-1' } }, status: 200, called: 'link', args: ['C-1001', { visitorId: 'v-1' }] },
  { name: 'an export of a visitor', method: 'get', path: '/v1/visitors/v%2F1/export', status: 200, called: 'exportVisitor', args: ['v/1'] },
  { name: 'an erasure of a visitor', method: 'delete', path: '/v1/visitors/v-1', status: 204, called: 'eraseVisitor', args: ['v-1'] },
  { name: 'a decision for a visitor', method: 'post', path: '/v1/decisions', sent: { body: { channel: 'web', visitorId: 'v-1' } }, status: 200, called: 'decide', args: [{ channel: 'web', visitorId: 'v-1' }] },
  { name: 'an outcome of a visitor', method: 'post', path: '/v1/outcomes', sent: { body: { ...outcome, customerId: undefined, visitorId: 'v-1' } }, status: 201, called: 'record' },
  { name: 'an event of a visitor', method: 'post', path: '/v1/events', sent: { body: { specversion: '1.0', id: '1', source: '/s', type: 't', visitorid: 'v-1' } }, status: 202, called: 'takeEvent' },
  { name: 'a list sent as one event', method: 'post', path: '/v1/events', sent: { body: [event], headers: { 'Content-Type': 'application/cloudevents+json' } }, status: 400 },
  { name: 'a single event sent as a list', method: 'post', path: '/v1/events', sent: { body: event, headers: { 'Content-Type': 'application/cloudevents-batch+json' } }, status: 400 },
  { name: 'a list of events', method: 'post', path: '/v1/events', sent: { body: [event], headers: { 'Content-Type': 'application/cloudevents-batch+json; charset=utf-8' } }, status: 202, called: 'takeEvents' },
  { name: 'the catalog', method: 'get', path: '/v1/catalog', status: 200 },
  { name: 'a candidate of 900 kB', method: 'post', path: '/v1/catalog/validate', sent: { body: { files: { 'offers/a.yaml': 'x'.repeat(900_000) } } }, status: 200, called: 'validate' },
  { name: 'liveness', method: 'get', path: '/livez', status: 200 },
  { name: 'readiness', method: 'get', path: '/readyz?probe=1', status: 200 },
  { name: 'metrics', method: 'get', path: '/metrics', status: 200 },
  { name: 'the contract', method: 'get', path: '/openapi.yaml', status: 200 },
  { name: 'the documentation', method: 'get', path: '/docs', status: 200 },
];

test.each(rows)('$method $path: $name', async ({ method, path, sent, status, called, args }) => {
  const answer = await call(server, method, path, sent);
  expect(answer.status).toBe(status);
  expect(fake.calls.map((entry) => entry.method)).toEqual(called === undefined ? [] : [called]);
  if (args !== undefined) expect(fake.calls[0]!.args).toEqual(args);
  expect(status === 204 ? 'nosniff' : answer.headers['x-content-type-options']).toBe('nosniff');
  if (path.startsWith('/v1/')) expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['x-powered-by']).toBeUndefined();
});

test('the call says when, how long and who', async () => {
  await call(server, 'post', '/v1/decisions', { body: { channel: 'web' } });
  await call(server, 'post', '/v1/decisions', { body: { channel: 'web' }, headers: { 'X-Request-Timeout-Ms': '5000' } });
  const contexts = fake.calls.map((entry) => entry.call);
  expect(contexts).toEqual([500, 5000].map((timeoutMs) => ({ now, timeoutMs, caller: null, scopes: new Set(['decide', 'record', 'customers', 'simulate', 'admin']) })));
});

test.each([
  ['/v1/decisions', 'POST, OPTIONS'], ['/v1/outcomes', 'POST, OPTIONS'], ['/v1/customers/x', 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS'],
  ['/v1/customers/x/export', 'GET, HEAD, OPTIONS'], ['/v1/catalog', 'GET, HEAD, OPTIONS'], ['/v1/catalog/validate', 'POST, OPTIONS'], ['/readyz', 'GET, HEAD, OPTIONS'],
])('OPTIONS %s says what there is', async (path, allow) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'OPTIONS' });
  expect([response.status, response.headers.get('allow')]).toEqual([204, allow]);
});

test('each request is reported by its route, never by its path', async () => {
  await new Promise((resolve) => setImmediate(resolve));
  done.length = 0;
  await call(server, 'get', '/v1/customers/C-1001');
  await call(server, 'get', '/v1/customers/C-9/export');
  await call(server, 'post', '/nowhere');
  await new Promise((resolve) => setImmediate(resolve));
  expect(done.map(({ route, method, status }) => [method, route, status])).toEqual([['GET', '/v1/customers/{id}', 200], ['GET', '/v1/customers/{id}/export', 404], ['POST', 'none', 404]]);
  expect(done.every(({ durationMs }) => durationMs >= 0)).toBe(true);
});
