import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createHttpServer, type HttpServer, type RequestDone } from '../../src/http/http-server.js';
import { createFakeServices } from '../support/fake-services.js';

/** More than the system takes for a caller who does not read. */
const large = Buffer.alloc(48 * 1024 * 1024);
for (let at = 0; at < large.length; at += 4) large.writeUInt32LE(at, at);

const done: RequestDone[] = [];
const logged: unknown[] = [];
const { services } = createFakeServices();
let http: HttpServer;
let port: number;
beforeAll(async () => {
  http = createHttpServer({ services: { ...services, catalog: { ...services.catalog, describe: () => Promise.resolve(large) } }, keys: null, clock: () => 0, logger: { error: (fields) => void logged.push(fields) }, onRequestDone: (each) => void done.push(each) });
  ({ port } = await http.listen(0, '127.0.0.1'));
});
afterAll(() => http.drain());

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;

test('it comes as it is, with its length', async () => {
  const response = await fetch(url('/v1/catalog'));
  expect([response.status, response.headers.get('content-length'), response.headers.get('cache-control')]).toEqual([200, String(large.length), 'no-store']);
  expect(large.equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
});

test('HEAD has its headers, and no body', async () => {
  const [head, get] = [await fetch(url('/v1/catalog'), { method: 'HEAD' }), await fetch(url('/v1/catalog'))];
  await get.arrayBuffer();
  const but = ({ headers }: Response): unknown => [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  expect([head.status, but(head), await head.text()]).toEqual([200, but(get), '']);
});

test('a caller who says that nothing more will come has all of it', async () => {
  const whole = new Promise<number>((resolve, reject) => {
    let received = 0;
    connect(port, '127.0.0.1').on('data', (chunk) => void (received += chunk.length)).on('close', () => resolve(received)).on('error', reject).end('GET /v1/catalog HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
  expect(await whole).toBeGreaterThan(large.length);
});

test('a caller who reads nothing keeps nobody waiting; who goes away ends it', async () => {
  const before = done.filter(({ route }) => route === '/v1/catalog').length;
  const answering = once(http.server, 'request') as Promise<[unknown, ServerResponse]>;
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /v1/catalog HTTP/1.1\r\nHost: localhost\r\n\r\n')).pause();
  const [, response] = await answering;
  await (await fetch(url('/livez'))).text();
  expect(response.writableFinished).toBe(false);
  socket.destroy();
  while (done.filter(({ route }) => route === '/v1/catalog').length === before) await setImmediate();
  expect(logged).toEqual([]);
});
