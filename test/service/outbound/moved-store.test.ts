import { createLmdbData, type LmdbData } from '../../customers/lmdb/lmdb-data.js';
import { redisDataOn } from '../../customers/redis/redis-data.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { callAt, compileWith, createMemoryOutbox, createNode, dayMs, eventOf, hourMs, moved, noon } from './outbound-world.js';
import { moveHoldings } from '../../../src/customers/move-holdings.js';
import { OutboxError } from '../../../src/outbox/outbox.js';
import type { Catalog } from '../../../src/decision/types.js';
import type { CustomerStore } from '../../../src/customers/customer-store.js';

let server: RedisServer;
let folder: LmdbData;
let catalog: Catalog;
const opened: CustomerStore[] = [];
beforeAll(async () => {
  server = await startRedis();
  const later = { ...moved, id: 'later', on: { event: 'quote.saved' }, opensAfter: '3d', effect: { weight: 1.1, offers: ['card'] } };
  const quote = { ...moved, id: 'quote', type: 'journey', on: { event: 'purchase' }, effect: { weight: 1.1, offers: ['card'] } };
  catalog = await compileWith([moved, later, quote], { rules: [{ id: 'one-a-day', kind: 'communication', cap: { outcome: 'presented', max: 1, per: '1d', scope: 'customer' } }] });
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await createLmdbData();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await folder.cleanup();
});

const open = async (kind: 'a folder' | 'Redis'): Promise<CustomerStore> => {
  const store = await (kind === 'Redis' ? await redisDataOn(server.url) : folder).open();
  opened.push(store);
  return store;
};

test.each([['a folder', 'Redis'], ['Redis', 'a folder']] as const)('from %s to %s: who is due wakes in the new store, and nobody is spoken to twice', async (from, to) => {
  const [old, next] = [await open(from), await open(to)];
  let isAway = false;
  const outbox = createMemoryOutbox(() => (isAway ? new OutboxError('away') : null));
  const node = createNode(old, () => catalog, outbox);
  const happens = (type: string, id: string): Promise<unknown> => node.services.events.take(eventOf(type, id, noon), callAt(noon));
  for (const id of ['said', 'deferred', 'unsent', 'later']) await node.services.customers.put(id, { consents: ['email'] }, callAt(noon));
  await happens('address.changed', 'said');
  for (const type of ['address.changed', 'purchase']) await happens(type, 'deferred');
  await happens('quote.saved', 'later');
  await node.settle(noon);
  isAway = true;
  await happens('address.changed', 'unsent');
  await node.settle(noon);
  const before = outbox.sent.map(({ data }) => `${data.customerId} ${data.trigger.id}`);
  expect(before.toSorted()).toEqual(['deferred moved', 'said moved']);

  await moveHoldings({ from: old.holdings, to: next.holdings, now: noon, onSeen: () => Promise.resolve() });
  isAway = false;
  outbox.sent.length = 0;
  const other = createNode(next, () => catalog, outbox);
  for (let at = noon; at <= noon + 5 * dayMs; at += hourMs) await other.settle(at);
  expect(outbox.sent.map(({ data }) => `${data.customerId} ${data.trigger.id}`)).toEqual(['unsent moved', 'deferred quote', 'later later']);
  // The walk over all customers was done: it is not made again.
  expect(other.told.filter(({ what }) => what === 'swept')).toEqual([]);
});
