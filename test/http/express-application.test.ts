import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../../src/http/express-application.js';

const { app, classes } = createApplication();
let server: Server;

beforeAll(async () => {
  app.use((request, response) => void response.status(200).set('X-Test', `${String(request.get('X-Test'))} ${String(request.app === app && response.app === app)}`).send('ok'));
  server = createServer(classes, (request, response) => {
    // Express sets both prototypes on every request; that costs nothing only where it changes nothing.
    const before: unknown[] = [Object.getPrototypeOf(request), Object.getPrototypeOf(response)];
    app(request as never, response as never);
    if (Object.getPrototypeOf(request) !== before[0] || Object.getPrototypeOf(response) !== before[1]) response.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('requests and responses are born with what Express wants, and work', async () => {
  const { port } = server.address() as AddressInfo;
  const header = await new Promise((resolve, reject) => get({ port, host: '127.0.0.1', headers: { 'X-Test': 'a' }, agent: false }, (answer) => resolve(answer.resume().headers['x-test'])).on('error', reject));
  expect(header).toBe('a true');
});

test('what slows it down or tells too much is off', () => {
  expect(['etag', 'x-powered-by', 'query parser'].map((setting) => app.get(setting) as unknown)).toEqual([false, false, false]);
});
