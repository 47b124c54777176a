import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
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

test('it comes as it is, with its length, though it goes out in parts', async () => {
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

/** Nothing has been written for so many turns. */
async function standsStill(socket: Socket): Promise<void> {
  for (let [turns, before] = [0, -1]; turns < 300; turns++) {
    if (socket.bytesWritten !== before) [turns, before] = [0, socket.bytesWritten];
    await setImmediate();
  }
}

test('between the parts others have their turn', async () => {
  const answering = once(http.server, 'request') as Promise<[unknown, ServerResponse]>;
  const whole = fetch(url('/v1/catalog')).then((answer) => answer.arrayBuffer());
  const [, response] = await answering;
  let turns = 0;
  while (!response.writableEnded) {
    await setImmediate();
    turns++;
  }
  expect((await whole).byteLength).toBe(large.length);
  expect(turns).toBeGreaterThanOrEqual(large.length / (256 * 1024));
});

test('a caller who reads nothing is sent no more than the system takes, and keeps nobody waiting; who goes away ends it', async () => {
  const answering = once(http.server, 'request') as Promise<[unknown, ServerResponse]>;
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /v1/catalog HTTP/1.1\r\nHost: localhost\r\n\r\n')).pause();
  const [, response] = await answering;
  await standsStill(response.req.socket);
  await (await fetch(url('/livez'))).text();
  expect(response.writableLength).toBeLessThanOrEqual(300 * 1024);
  expect(response.writableFinished).toBe(false);
  socket.destroy();
  while (!done.some(({ route, status }) => route === '/v1/catalog' && status === 499)) await setImmediate();
  expect(logged).toEqual([]);
});
