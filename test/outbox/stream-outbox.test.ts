import { openStreamOutbox } from '../../src/customers/redis/stream-outbox.js';
import { OutboxError, type Outbox, type OutboxEvent } from '../../src/outbox/outbox.js';
import { StoreError } from '../../src/customers/customer-store.js';
import { serviceConfig } from '../../src/cli/opening/settings.js';
import { startService } from '../../src/app.js';
import { startRedis, until, type RedisServer } from '../support/redis-servers.js';
import { createNbo } from '../cli/in-process.js';
import { createLmdbData } from '../customers/lmdb/lmdb-data.js';
import { callAt, compileWith, createNode, eventOf, minuteMs, moved, noon } from '../service/outbound/outbound-world.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.admin.flushall());

const opened: Outbox[] = [];
const open = async (query = ''): Promise<Outbox> => {
  const outbox = await openStreamOutbox(server.url + query);
  opened.push(outbox);
  return outbox;
};
afterEach(() => Promise.all(opened.splice(0).map((outbox) => outbox.close())));

const event = (id: string): OutboxEvent => ({ id, json: JSON.stringify({ id, text: 'å\n' }), at: noon });
const entries = async (stream = 'nbo:outbox'): Promise<string[][]> => (await server.admin.xrange(stream, '-', '+')).map(([, fields]) => fields);
const idsIn = async (): Promise<string[]> => (await entries()).map(([, id]) => id!);

async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  await server.kill();
  try {
    return await work();
  } finally {
    await server.start();
  }
}

/** Until it is taken: as often as it takes for a server that came back to be found. */
function publishAgain(outbox: Outbox, each: OutboxEvent): Promise<void> {
  return until(() => outbox.publish(each).then(() => true, (error: unknown) => {
    expect(error).toBeInstanceOf(OutboxError);
    return false;
  }));
}

test('each event is an entry with its id and its bytes, in order, in the stream of the prefix', async () => {
  const [outbox, another] = [await open(), await open('?prefix=bank')];
  for (const id of ['a', 'b']) await outbox.publish(event(id));
  await another.publish(event('c'));
  expect(await entries()).toEqual([['id', 'a', 'event', event('a').json], ['id', 'b', 'event', event('b').json]]);
  expect(await entries('bank:outbox')).toEqual([['id', 'c', 'event', event('c').json]]);
});

test('a reader of a consumer group gets each event once, and what it did not acknowledge again', async () => {
  const outbox = await open();
  await server.admin.xgroup('CREATE', 'nbo:outbox', 'senders', '0', 'MKSTREAM');
  for (const id of ['a', 'b']) await outbox.publish(event(id));
  const read = async (from: string): Promise<string[]> => {
    const [[, found]] = await server.admin.xreadgroup('GROUP', 'senders', 'one', 'COUNT', 9, 'STREAMS', 'nbo:outbox', from) as [[string, [string, string[]][]]];
    return found.map(([, fields]) => fields[1]!);
  };
  expect(await read('>')).toEqual(['a', 'b']);
  expect(await read('0')).toEqual(['a', 'b']);
});

test('a server that goes away: what is not taken is told without the event, and is taken when it is back', async () => {
  const outbox = await open();
  await outbox.publish(event('a'));
  await whileAway(async () => {
    const publishing = outbox.publish(event('b'));
    await expect(publishing).rejects.toThrow(OutboxError);
    await expect(publishing).rejects.toThrow('The outbox\'s stream cannot be written: ');
    await expect(publishing).rejects.not.toThrow('text');
  });
  await publishAgain(outbox, event('b'));
  expect(await idsIn()).toEqual(['a', 'b']);
});

test('a server that is frozen is waited for until the time is over', async () => {
  const outbox = await open();
  server.freeze();
  try {
    await expect(outbox.publish(event('a'))).rejects.toThrow(OutboxError);
  } finally {
    server.thaw();
  }
  await publishAgain(outbox, event('b'));
  // The first may have come all the same.
  expect((await idsIn()).filter((id) => id !== 'a')).toEqual(['b']);
});

test('a server that is away at the start may come later', async () => {
  const outbox = await whileAway(async () => {
    const away = await open();
    await expect(away.publish(event('a'))).rejects.toThrow(OutboxError);
    return away;
  });
  await publishAgain(outbox, event('a'));
  expect(await idsIn()).toEqual(['a']);
});

test('one that cannot be used is found out when it comes', async () => {
  const outbox = await whileAway(() => open());
  await server.admin.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
  try {
    let said = '';
    await until(async () => {
      said = await outbox.publish(event('a')).then(() => 'taken', (error: unknown) => (error as Error).message);
      return said === 'taken' || said.includes('throws');
    });
    expect(said).toMatch(/^The outbox's stream cannot be written: This Redis throws keys away/);
  } finally {
    await server.admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
  }
  await publishAgain(outbox, event('a'));
  expect(await idsIn()).toEqual(['a']);
});

test('a server that cannot be used is refused, with what is to be done', async () => {
  await expect(openStreamOutbox('redis://host:99999')).rejects.toThrow('The outbox\'s address has a host that is none');
  await server.admin.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
  try {
    await expect(openStreamOutbox(server.url)).rejects.toThrow(StoreError);
    await expect(openStreamOutbox(server.url)).rejects.toThrow('Set maxmemory-policy to noeviction.');
  } finally {
    await server.admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
  }
});

test('while the outbox is away a trigger speaks all the same, nothing is lost, and it is published once when it is back', async () => {
  const data = await createLmdbData();
  const store = await data.open();
  try {
    const outbox = await open();
    const catalog = await compileWith([moved]);
    const node = createNode(store, () => catalog, outbox);
    for (const id of ['C-1', 'C-2']) await node.services.customers.put(id, { consents: ['email'] }, callAt(noon));
    await node.settle(noon);
    const unsent = await whileAway(async () => {
      for (const id of ['C-1', 'C-2']) await node.services.events.take(eventOf('address.changed', id, noon), callAt(noon));
      for (let minute = 0; minute < 10; minute++) await node.settle(noon + minute * minuteMs);
      return Promise.all(['C-1', 'C-2'].map(async (id) => (await store.export(id))!.agenda!.agenda.publications));
    });
    expect(unsent.map(({ length }) => length)).toEqual([1, 1]);
    expect(node.told.filter(({ what }) => what === 'publish-failed').length).toBeGreaterThan(2);

    await publishAgain(outbox, event('it is back'));
    for (let minute = 10; minute < 60; minute++) await node.settle(noon + minute * minuteMs);
    expect((await idsIn()).toSorted()).toEqual([...unsent.flat().map(({ id }) => id), 'it is back'].toSorted());
    for (const id of ['C-1', 'C-2']) {
      const { contacts, agenda } = (await store.export(id))!;
      expect([contacts.map(({ outcome }) => outcome), agenda!.agenda.publications]).toEqual([['presented'], []]);
    }
  } finally {
    await store.close();
    await data.cleanup();
  }
});

describe('a service with NBO_OUTBOX', () => {
  const nbo = createNbo();
  afterAll(() => nbo.remove());
  nbo.write('catalog/triggers/events.yaml', 'address.changed: {}\n');
  nbo.write('catalog/triggers/triggers.yaml', `
- id: moved
  type: life-event
  on: { event: address.changed }
  window: 30d
  effect: { weight: 1.5, kinds: [cross-sell] }
  outbound: { channels: [web], within: 2d }
`);
  const start = () => startService(serviceConfig({ environment: { ...nbo.environment, NBO_OUTBOX: server.url, PORT: '0', LOG_LEVEL: 'silent' } }));

  test('an event in, an offer out', async () => {
    const started = await start();
    if (!started.ok) throw new Error(started.problems.join('\n'));
    const send = (method: string, path: string, type: string, body: object): Promise<Response> => fetch(started.service.url + path, { method, headers: { 'Content-Type': type }, body: JSON.stringify(body) });
    const reader = server.admin.duplicate();
    try {
      expect((await send('PUT', '/v1/customers/C-1', 'application/json', { attributes: { region: 'north', age: 40 } })).status).toBe(201);
      expect((await send('POST', '/v1/events', 'application/cloudevents+json', { specversion: '1.0', id: 'e-1', source: '/crm', type: 'address.changed', subject: 'C-1' })).status).toBe(202);
      const [[, [[, [, id, , json]]]]] = await reader.xread('BLOCK', 0, 'STREAMS', 'nbo:outbox', '0') as [[string, [[string, [string, string, string, string]]]]];
      expect(JSON.parse(json)).toMatchObject({ id, type: 'nbo.offer.due', subject: 'C-1', data: { trigger: { id: 'moved' }, channel: 'web', offer: { offerId: 'home-insurance' } } });
    } finally {
      reader.disconnect();
      await started.service.close();
    }
  });

  test('does not start on a server that cannot keep it, and says why', async () => {
    await server.admin.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
    try {
      expect(await start()).toEqual({ ok: false, problems: [expect.stringMatching(/^NBO_OUTBOX cannot be used: This Redis throws keys away .* Set maxmemory-policy to noeviction\.$/)] });
    } finally {
      await server.admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    }
  });
});
