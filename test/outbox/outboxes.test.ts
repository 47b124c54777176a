import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, readFile, readdir, rm, stat, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { createWebhookOutbox } from '../../src/outbox/webhook-outbox.js';
import { openFileOutbox } from '../../src/outbox/file-outbox.js';
import { OutboxError } from '../../src/outbox/outbox.js';

const at = Date.parse('2026-11-23T23:59:00Z');
const eventOf = (id: string, when = at) => ({ id, json: JSON.stringify({ id, text: 'å\n' }), at: when });

describe('the outbox as files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'nbo-outbox-')), 'box');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));
  const fileOf = (day: string): string => join(folder, `outbox-${day}.${process.pid}.ndjson`);
  const idsIn = async (day: string): Promise<unknown[]> => (await readFile(fileOf(day), 'utf8')).trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id);

  test('each event is a line, in order; a file for each day, for this user only', async () => {
    const outbox = openFileOutbox(folder);
    await Promise.all(['a', 'b', 'c'].map((id) => outbox.publish(eventOf(id))));
    await outbox.publish(eventOf('d', at + 60_000));
    await outbox.close();
    expect(await idsIn('2026-11-23')).toEqual(['a', 'b', 'c']);
    expect(await idsIn('2026-11-24')).toEqual(['d']);
    expect([(await stat(folder)).mode & 0o777, (await stat(fileOf('2026-11-23'))).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test('a line that was cut off does not spoil the next', async () => {
    await openFileOutbox(folder).close();
    await appendFile(fileOf('2026-11-23'), '{"id":"cut');
    const outbox = openFileOutbox(folder);
    await outbox.publish(eventOf('a'));
    await outbox.close();
    expect((await readFile(fileOf('2026-11-23'), 'utf8')).split('\n').slice(0, 2)).toEqual(['{"id":"cut', eventOf('a').json]);
  });

  test('what cannot be written is told, and the next is tried anew', async () => {
    const outbox = openFileOutbox(folder);
    await rm(folder, { recursive: true });
    await expect(outbox.publish(eventOf('a'))).rejects.toThrow(OutboxError);
    await expect(outbox.publish(eventOf('b'))).rejects.toMatchObject({ message: expect.stringContaining('cannot be written') as string, wasRefused: true });
    await outbox.close();
    expect(await readdir(join(folder, '..'))).toEqual([]);
  });
});

describe('the outbox as a webhook', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let got: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
  const secret = 's'.repeat(32);
  // A server for each test: what one gave up on may still arrive during the next.
  beforeEach((done) => {
    const requests: (typeof got)[0][] = [];
    got = requests;
    answer = (_, response) => { response.writeHead(204).end(); };
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => {
        requests.push({ path: request.url ?? '', headers: request.headers, body });
        answer(request, response);
      });
    }).listen(0, '127.0.0.1', done);
  });
  afterEach((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  const open = (timeoutMs = 10_000) => createWebhookOutbox({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, secret }, { clock: () => at, timeoutMs });

  test('a CloudEvent, signed over its time and its bytes', async () => {
    const outbox = open();
    await outbox.publish(eventOf('a'));
    await outbox.close();
    expect(got).toHaveLength(1);
    const [{ headers, body }] = got as [(typeof got)[0]];
    expect(body).toBe(eventOf('a').json);
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(headers['nbo-signature']).toBe(`t=${at / 1000},v1=${createHmac('sha256', secret).update(`${at / 1000}.${body}`).digest('hex')}`);
  });

  const refusals: [string, (request: IncomingMessage, response: ServerResponse) => void, string, boolean][] = [
    ['500', (_, response) => { response.writeHead(500).end('x'.repeat(100_000)); }, 'answered 500', false],
    ['503', (_, response) => { response.writeHead(503).end(); }, 'answered 503', true],
    ['408', (_, response) => { response.writeHead(408).end(); }, 'answered 408', false],
    ['429', (_, response) => { response.writeHead(429).end(); }, 'answered 429', true],
    ['404', (_, response) => { response.writeHead(404).end(); }, 'answered 404', true],
    ['a proxy that has waited in vain', (_, response) => { response.writeHead(504).end(); }, 'answered 504', false],
    ['a redirect, which is not followed', (_, response) => { response.writeHead(307, { location: '/elsewhere' }).end(); }, 'answered 307', true],
    ['an end of the connection', (request) => { request.socket.destroy(); }, 'did not answer', false],
  ];
  test.each(refusals)('%s is a failure', async (_, how, message, wasRefused) => {
    answer = how;
    const publishing = open().publish(eventOf('a'));
    await expect(publishing).rejects.toThrow(OutboxError);
    await expect(publishing).rejects.toThrow(message);
    await expect(publishing).rejects.toMatchObject({ wasRefused });
    expect(got.map(({ path }) => path)).toEqual(['/hook']);
  });

  test('where nobody listens it is known not to be there', async () => {
    const outbox = open();
    await new Promise((done) => server.close(done));
    await expect(outbox.publish(eventOf('a'))).rejects.toMatchObject({ name: 'OutboxError', wasRefused: true });
    await new Promise<void>((done) => { server = createServer().listen(0, '127.0.0.1', done); });
  });

  test('who never answers is waited for until the time is over', async () => {
    answer = () => undefined;
    await expect(open(50).publish(eventOf('a'))).rejects.toMatchObject({ message: expect.stringContaining('its time was over') as string, wasRefused: false });
  });

  test('an answer without end is a receipt, and is not read', async () => {
    answer = (_, response) => { response.writeHead(200).write('{'); };
    await open().publish(eventOf('a'));
    expect(got).toHaveLength(1);
  });
});
