import { ServiceError, type ErrorCode } from '../../src/errors.js';
import { createHttpServer } from '../../src/http/http-server.js';
import { problemKinds, toProblem } from '../../src/http/problem.js';
import { createFakeServices } from '../support/fake-services.js';
import { call } from '../support/http-client.js';

let failure: unknown;
const logged: { fields: object; message: string }[] = [];
const recorded = { status: 201 as const, body: { customerId: 'C-1', activity: 'invoice', channel: 'email', outcome: 'opened' as const, occurredAt: '2026-11-23T10:00:00.000Z' } };
const fake = createFakeServices({
  decisions: { decide: () => { throw failure; } },
  outcomes: { record: () => Promise.reject(new ServiceError('INTERNAL', 'unused')), recordBatch: (bodies) => Promise.resolve(bodies.map(({ outcomeId }) => (outcomeId === undefined ? recorded : new ServiceError('UNPROCESSABLE', 'Another body.', [{ pointer: '/outcomeId', detail: 'came before' }])))) },
  readiness: () => ({ ready: false, reason: 'No catalog yet.' }),
});
const http = createHttpServer({ services: fake.services, keys: null, clock: () => 0, logger: { error: (fields, message) => void logged.push({ fields, message }) } });

beforeAll(() => http.listen(0, '127.0.0.1'));
beforeEach(() => void (logged.length = 0));
afterAll(() => http.drain());

const decide = () => call(http.server, 'post', '/v1/decisions', { body: { channel: 'web' } });

test.each(Object.keys(problemKinds).filter((code) => code !== 'INTERNAL') as ErrorCode[])('%s is told as it is', async (code) => {
  failure = new ServiceError(code, 'What happened.', [{ pointer: '/channel', detail: 'what is wrong' }]);
  const answer = await decide();
  const { status, title, type } = problemKinds[code];
  expect(answer.status).toBe(status);
  expect(answer.json).toEqual({ type, title, status, detail: 'What happened.', errors: [{ pointer: '/channel', detail: 'what is wrong' }] });
  expect(answer.headers['retry-after']).toBe(code === 'STORE_UNAVAILABLE' ? '1' : undefined);
  expect(answer.headers['www-authenticate'] !== undefined).toBe(code === 'UNAUTHENTICATED');
  expect(answer.headers['accept']).toBe(code === 'NOT_ACCEPTABLE_BODY' ? 'application/json' : undefined);
  expect(logged).toEqual([]);
});

test('whoever sends a patch in another format is told which are read', async () => {
  const answer = await call(http.server, 'patch', '/v1/customers/C-1', { body: '[]', headers: { 'Content-Type': 'application/json-patch+json' } });
  expect([answer.status, answer.headers['accept']]).toEqual([415, 'application/merge-patch+json, application/json']);
});

test.each([
  ['an error', new TypeError('secret of customer C-1')],
  ['INTERNAL', new ServiceError('INTERNAL', 'secret', [{ pointer: '/secret', detail: 'secret' }])],
  ['something that is no error', 'secret'],
  ['nothing', undefined],
  ['an error with a status', Object.assign(new Error('secret'), { status: 400 })],
])('of a fault of its own nothing is told: %s', async (_name, thrown) => {
  failure = thrown ?? new Error();
  const answer = await decide();
  expect(answer.json).toEqual({ type: '/docs#internal', title: 'Internal error', status: 500, detail: 'A fault of the service. Its log says more.', errors: [] });
  expect(logged).toEqual([{ fields: { err: failure, method: 'POST' }, message: 'A request failed' }]);
});

test('of several outcomes each has its own status, and its own problem', async () => {
  const answer = await call(http.server, 'post', '/v1/outcomes', { body: [{ token: 'a', outcome: 'opened' }, { token: 'b', outcome: 'opened', outcomeId: 'x' }] });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual([recorded, { status: 422, body: { type: '/docs#unprocessable', title: 'Contradiction', status: 422, detail: 'Another body.', errors: [{ pointer: '/outcomeId', detail: 'came before' }] } }]);
});

test('what is not ready answers 503, and says why', async () => {
  const answer = await call(http.server, 'get', '/readyz');
  expect([answer.status, answer.json]).toEqual([503, { ready: false, reason: 'No catalog yet.' }]);
});

test('a service without metrics has none', async () => {
  expect((await call(http.server, 'get', '/metrics')).status).toBe(404);
});

test('many errors are cut to 50', () => {
  const errors = Array.from({ length: 60 }, (_, index) => ({ pointer: `/${index}`, detail: 'x' }));
  expect(toProblem(new ServiceError('INVALID_REQUEST', 'x', errors)).errors).toEqual(errors.slice(0, 50));
});

test('each kind has its own place in the documentation', () => {
  const types = Object.values(problemKinds).map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
});
