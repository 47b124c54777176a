import type { RedisConnection } from '../../../src/customers/redis/connection.js';
import { createSharedStore } from '../../../src/customers/redis/shared-state.js';
import { encodeGroupEvent } from '../../../src/customers/values/group-event.js';

const now = Date.UTC(2026, 10, 11);

/** A Redis that holds events of everybody, and counts how often they are fetched. */
function fakeRedis() {
  const held = { version: null as string | null, events: [] as Buffer[], fetched: 0 };
  const connection = {
    script: () => {
      held.fetched++;
      return Promise.resolve([held.version === null ? null : Buffer.from(held.version), held.events, null]);
    },
  } as unknown as RedisConnection;
  const store = createSharedStore(connection, 'nbo', () => Promise.resolve(held.version === null ? null : Buffer.from(held.version)));
  const take = (id: string, keptUntil = now + 1000): void => {
    held.version = `after ${id}`;
    held.events.push(encodeGroupEvent({ event: { id, source: '/weather', type: 'storm', occurredAt: now, data: {} }, body: id, keptUntil }));
  };
  const idsAt = async (at: number): Promise<string[]> => (await store.read(at)).groupEvents.map(({ id }) => id);
  return { held, take, idsAt };
}

test('the content comes only where the version is another', async () => {
  const { held, take, idsAt } = fakeRedis();
  for (let read = 0; read < 3; read++) expect(await idsAt(now)).toEqual([]);
  expect(held.fetched).toBe(0);
  for (const [place, id] of ['a', 'b'].entries()) {
    take(id);
    for (let read = 0; read < 3; read++) expect(await idsAt(now)).toEqual(['a', 'b'].slice(0, place + 1));
    expect(held.fetched).toBe(place + 1);
  }
});

test('an event whose time is over goes without a fetch, and a Redis that has lost all of it has none', async () => {
  const { held, take, idsAt } = fakeRedis();
  take('a', now + 10);
  take('b');
  expect(await idsAt(now)).toEqual(['a', 'b']);
  expect(await idsAt(now + 10)).toEqual(['b']);
  expect(held.fetched).toBe(1);
  held.version = null;
  held.events = [];
  expect(await idsAt(now)).toEqual([]);
});
