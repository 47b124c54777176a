import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createHttpServer, type HttpServer } from '../../src/http/http-server.js';
import { expectConforms } from '../support/conforms.js';
import { createFakeServices } from '../support/fake-services.js';

const silent = { keys: null, clock: () => 0, logger: { error: () => undefined } };
const servers: HttpServer[] = [];
afterEach(async () => { await Promise.all(servers.splice(0).map((http) => http.drain())); });

const lasting = createHttpServer({ ...silent, services: createFakeServices().services });
let lastingPort: number;
beforeAll(async () => ({ port: lastingPort } = await lasting.listen(0, '127.0.0.1')));
afterAll(() => lasting.drain());

async function start(overrides: Parameters<typeof createFakeServices>[0] = {}): Promise<{ http: HttpServer; port: number }> {
  const http = createHttpServer({ ...silent, services: createFakeServices(overrides).services });
  http.server.keepAliveTimeout = 0;         // nobody but a drain closes what is idle
  servers.push(http);
  return { http, port: (await http.listen(0, '127.0.0.1')).port };
}

/** Sends bytes as they are, and resolves all that came back when the server has closed the connection. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => void (received += chunk)).on('close', () => resolve(received)).on('error', reject);
  });
}

const close = 'Connection: close\r\n';
const host = 'Host: localhost\r\n';
test.each<[string, string, number, string]>([
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'This is not a request in HTTP/1.1.'],
  ['an unknown method', `BREW / HTTP/1.1\r\n${host}\r\n`, 400, 'This is not a request in HTTP/1.1.'],
  ['TLS', '\x16\x03\x01\x02\x00\x01', 400, 'This is not a request in HTTP/1.1.'],
  ['two lengths that contradict each other', `POST /v1/decisions HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`, 400, 'This is not a request in HTTP/1.1.'],
  ['headers of 20 kB', `GET /livez HTTP/1.1\r\n${host}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'The URL and the headers have more than 16 kB.'],
  ['a URL of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431, 'The URL and the headers have more than 16 kB.'],
  ['no Host', `GET /livez HTTP/1.1\r\n${close}\r\n`, 403, 'The service runs without keys, so it answers to the names of this machine only: localhost, 127.0.0.1, [::1]. Set NBO_KEYS to a key file to serve others.'],
  ['an expectation that nobody knows', `POST /v1/decisions HTTP/1.1\r\n${host}${close}Expect: more\r\nContent-Length: 2\r\n\r\n{}`, 400, 'Of what a request may expect only 100-continue is known here: send it without Expect.'],
  ['no content type', `POST /v1/decisions HTTP/1.1\r\n${host}${close}Content-Length: 2\r\n\r\n{}`, 415, 'The Content-Type is missing: send application/json.'],
  ['no body', `POST /v1/decisions HTTP/1.1\r\n${host}${close}Content-Type: application/json\r\n\r\n`, 400, 'The body is empty, and JSON was expected.'],
  ['a body announced with 1 GB', `POST /v1/decisions HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{`, 413, 'The body has more than 64 kB, which is the most that is read here.'],
  ['chunks beyond the limit', `POST /v1/decisions HTTP/1.1\r\n${host}${close}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n11000\r\n${'x'.repeat(0x11000)}\r\n0\r\n\r\n`, 413, 'The body has more than 64 kB, which is the most that is read here.'],
])('%s', async (_name, text, status, detail) => {
  const answer = await exchange(lastingPort, text);
  const [head, body] = answer.split('\r\n\r\n') as [string, string];
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toMatch(/^Connection: close$/m);
  expectConforms('GET', '/nowhere', status, body, /^Content-Type: (.*)$/m.exec(head)?.[1]);
  expect(JSON.parse(body)).toMatchObject({ status, detail });
});

test('a request in chunks of one byte is a request', async () => {
  const chunks = Array.from('{"channel":"web"}', (byte) => `1\r\n${byte}\r\n`).join('');
  const answer = await exchange(lastingPort, `POST /v1/decisions HTTP/1.1\r\n${host}${close}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test('a caller who goes away in the middle of a body is no fault of the service', async () => {
  const done: unknown[] = [];
  const logged: unknown[] = [];
  const reported = new Promise<void>((resolve) => {
    const http = createHttpServer({ ...silent, services: createFakeServices().services, logger: { error: (fields) => void logged.push(fields) }, onRequestDone: ({ route, status }) => { done.push([route, status]); resolve(); } });
    servers.push(http);
    void http.listen(0, '127.0.0.1').then(({ port }) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`POST /v1/decisions HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`, () => socket.destroy()));
    });
  });
  await reported;
  expect(done).toEqual([['/v1/decisions', 499]]);
  expect(logged).toEqual([]);
});

/** A decision that waits until it is let go. */
function gate(): { decide: () => Promise<string>; asked: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  let ask = (): void => undefined;
  const opened = new Promise<void>((resolve) => void (open = resolve));
  const asked = new Promise<void>((resolve) => void (ask = resolve));
  return { decide: async () => { ask(); await opened; return '{}'; }, asked, open: () => open() };
}
const request = `POST /v1/decisions HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{"channel":"web"}`;

test('what waits behind it on the same connection ends with a caller who goes away, too', async () => {
  const held = gate();
  const done: unknown[] = [];
  await new Promise<void>((resolve) => {
    const http = createHttpServer({ ...silent, services: createFakeServices({ decisions: { decide: held.decide } }).services, onRequestDone: ({ route, status }) => { if (done.push([route, status]) === 3) resolve(); } });
    servers.push(http);
    void http.listen(0, '127.0.0.1').then(async ({ port }) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`${request}GET /livez HTTP/1.1\r\n${host}\r\nGET /readyz HTTP/1.1\r\n${host}\r\n`));
      await held.asked;
      socket.destroy();
    });
  });
  expect(done).toHaveLength(3);
  expect(done).toEqual(expect.arrayContaining([['/v1/decisions', 499], ['/livez', 499], ['/readyz', 499]]));
  held.open();
});

const callersInTheirOwnThread = `
  const { connect } = require('node:net');
  const { parentPort, workerData: { port, request, callers, sent } } = require('node:worker_threads');
  const count = () => { Atomics.add(sent, 0, 1); Atomics.notify(sent, 0); };
  const call = () => new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request, count));
    socket.setEncoding('utf8').on('data', (chunk) => void (received += chunk)).on('error', (error) => { count(); resolve(error.code); }).on('close', () => resolve(received.split('\\r\\n')[0]));
  });
  Promise.all(Array.from({ length: callers }, call)).then((answers) => parentPort.postMessage(answers));
`;

describe('drain', () => {
  /** Until nobody can open a connection. */
  const closedFor = async ({ server }: HttpServer): Promise<void> => { while (server.listening) await setImmediate(); };

  test('answers those who had opened a connection and sent, and whom the process had no time to look at', async () => {
    const { http, port } = await start();
    const callers = 40;
    const sent = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(callersInTheirOwnThread, { eval: true, workerData: { port, request, callers, sent } });
    const answers = once(worker, 'message');
    for (let ready = 0; ready < callers; ready = Atomics.load(sent, 0)) Atomics.wait(sent, 0, ready);       // this thread stands still
    await http.drain({ takeWithinMs: 600_000, withinMs: 600_000 });
    expect(await answers).toEqual([Array.from({ length: callers }, () => 'HTTP/1.1 200 OK')]);
  });

  test('answers what is under way, closes its connection, and takes nothing new', async () => {
    const held = gate();
    const { http, port } = await start({ decisions: { decide: held.decide } });
    const underWay = exchange(port, request);
    expect(http.answersUnderWay()).toBe(0);
    await held.asked;
    expect(http.answersUnderWay()).toBe(1);
    let drained = false;
    const draining = http.drain().then(() => void (drained = true));
    await closedFor(http);
    await expect(exchange(port, request)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(drained).toBe(false);
    held.open();
    const answer = await underWay;
    await draining;
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
  });

  test('what comes while it stops listening is begun when nobody can open a connection: else who is answered would open the next', async () => {
    const listening: boolean[] = [];
    const started = await start({ decisions: { decide: () => { listening.push(started.http.server.listening); return Promise.resolve('{}'); } } });
    const { own, answer } = await connected(started);
    own.write(request);
    await started.http.drain({ takeWithinMs: 600_000, withinMs: 600_000 });
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(listening).toEqual([false]);
  });

  test('idle connections are closed at once', async () => {
    const { http, port } = await start();
    const idle = exchange(port, `GET /livez HTTP/1.1\r\n${host}\r\n`);
    await (await fetch(`http://localhost:${port}/livez`)).text();
    await http.drain({ withinMs: 600_000 });
    expect(await idle).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('a caller who keeps a connection has its next request answered within the grace, and the connection closed with it', async () => {
    const { http, port } = await start();
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request)).setEncoding('utf8').on('data', (chunk: string) => void (received += chunk));
    const closed = once(socket, 'close');
    while (!received.endsWith('}')) await setImmediate();
    const draining = http.drain({ graceMs: 600_000, withinMs: 600_000 });      // longer than a test may take
    await closedFor(http);
    await expect(exchange(port, request)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    socket.write(request);
    await Promise.all([draining, closed]);
    expect(received.match(/HTTP\/1\.1 \d+|^Connection: .*/gm)).toEqual(['HTTP/1.1 200', 'Connection: keep-alive', 'HTTP/1.1 200', 'Connection: close']);
  });

  test('so has one who opened it in advance', async () => {
    const started = await start();
    const { own, answer } = await connected(started);
    const draining = started.http.drain({ graceMs: 600_000, withinMs: 600_000 });
    own.write(request);
    await draining;
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*^Connection: close\r$/m);
  });

  test('after the grace what is idle is closed', async () => {
    const started = await start();
    const silent = await connected(started);
    const idle = exchange(started.port, `GET /livez HTTP/1.1\r\n${host}\r\n`);
    await (await fetch(`http://localhost:${started.port}/livez`)).text();
    await started.http.drain({ graceMs: 1, withinMs: 600_000 });
    expect(await silent.answer).toBe('');
    expect(await idle).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  /** A connection that the server knows of, and on which it has read nothing yet. */
  async function connected({ http, port }: { http: HttpServer; port: number }): Promise<{ own: Socket; theirs: Socket; answer: Promise<string> }> {
    const taken = new Promise<Socket>((resolve) => { http.server.once('connection', resolve); });
    let own!: Socket;
    const answer = new Promise<string>((resolve, reject) => {
      let received = '';
      own = connect(port, '127.0.0.1').setEncoding('utf8').on('data', (chunk: string) => void (received += chunk)).on('close', () => resolve(received)).on('error', reject);
    });
    await Promise.all([taken, once(own, 'connect')]);
    return { own, theirs: await taken, answer };
  }

  test('connections on which nothing came are closed at once', async () => {
    const started = await start();
    const silent = [await connected(started), await connected(started)];
    await started.http.drain({ withinMs: 600_000 });      // longer than a test may take
    expect(await Promise.all(silent.map(({ answer }) => answer))).toEqual(['', '']);
  });

  test('a request of which a part has come is waited for', async () => {
    const started = await start();
    const { own, theirs, answer } = await connected(started);
    own.write(request.slice(0, 20));
    while (theirs.bytesRead === 0) await setImmediate();
    const silent = await connected(started);
    const draining = started.http.drain();
    expect(await silent.answer).toBe('');
    own.write(request.slice(20));
    await draining;
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*^Connection: close\r$/m);
  });

  test('so is one that has come, and was not read yet', async () => {
    const started = await start();
    const { own, theirs, answer } = await connected(started);
    own.write(request);
    const draining = started.http.drain();
    expect(theirs.bytesRead).toBe(0);
    await draining;
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('an answer that its caller has yet to take is not cut', async () => {
    const text = JSON.stringify({ long: 'x'.repeat(24 * 1024 * 1024) });         // more than the system takes for a caller who does not read
    const { http, port } = await start({ decisions: { decide: () => Promise.resolve(text) } });
    const socket = connect(port, '127.0.0.1', () => socket.write(request)).pause();
    const [, response] = await once(http.server, 'request') as [unknown, ServerResponse];
    while (!response.writableEnded) await setImmediate();
    expect(response.writableFinished).toBe(false);
    const draining = http.drain({ withinMs: 600_000 });
    let received = 0;
    socket.on('data', (chunk) => void (received += chunk.length)).resume();
    await Promise.all([draining, once(socket, 'close')]);
    expect(received).toBeGreaterThan(text.length);
  });

  test('what never ends is cut', async () => {
    const held = gate();
    const { http, port } = await start({ decisions: { decide: held.decide } });
    const underWay = exchange(port, request);
    await held.asked;
    await http.drain({ withinMs: 1 });
    expect(await underWay).toBe('');
    held.open();
  });

  test.each([
    ['one that is being answered', request, 'close'],
    ['one whose answer waits for the others', `GET /v1/customers/C-1001 HTTP/1.1\r\n${host}\r\n`, 'keep-alive'],
  ])('requests that wait behind it on the same connection are answered, too, and it is closed after the last: %s', async (_name, last, connection) => {
    const held = gate();
    const { http, port } = await start({ decisions: { decide: held.decide } });
    const three = exchange(port, `${request}GET /livez HTTP/1.1\r\n${host}\r\n${last}`);
    await held.asked;
    const draining = http.drain({ withinMs: 600_000 });      // longer than a test may take
    held.open();
    await draining;
    const answer = await three;
    expect(answer.match(/HTTP\/1\.1 \d+|^Connection: .*/gm)).toEqual(['HTTP/1.1 200', 'Connection: keep-alive', 'HTTP/1.1 200', 'Connection: keep-alive', 'HTTP/1.1 200', `Connection: ${connection}`]);
    expect(answer).toMatch(/\r\n\r\n\{.*\}$/);
  });

  test('a request that comes behind it after that is not begun', async () => {
    const held = gate();
    const begun: unknown[] = [];
    const { http, port } = await start({ decisions: { decide: held.decide }, events: { ...createFakeServices().services.events, take: (body) => { begun.push(body); return new Promise(() => undefined); } } });
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request)).setEncoding('utf8').on('data', (chunk: string) => void (received += chunk));
    const closed = once(socket, 'close');
    const [theirs] = await once(http.server, 'connection') as [Socket];
    await held.asked;
    const draining = http.drain({ withinMs: 600_000 });
    const event = '{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"C-1001"}';
    const before = theirs.bytesRead;
    socket.write(`POST /v1/events HTTP/1.1\r\n${host}Content-Type: application/cloudevents+json\r\nContent-Length: ${event.length}\r\n\r\n${event}`);
    while (theirs.bytesRead === before) await setImmediate();
    held.open();
    await Promise.all([draining, closed]);
    expect(received.match(/HTTP\/1\.1 \d+|^Connection: .*/gm)).toEqual(['HTTP/1.1 200', 'Connection: close']);
    expect(begun).toEqual([]);
  });
});
