import { createDyingWorld } from '../../customers/redis/dying-world.js';
import { callAt, compileWith, createMemoryOutbox, createNode, dayMs, eventOf, moved, noon } from './outbound-world.js';
import { leaseMs } from '../../../src/service/outbound/waker.js';
import { OutboxError } from '../../../src/outbox/outbox.js';
import type { Catalog } from '../../../src/decision/types.js';

/** As once-per-activation.test.ts, between any two steps that reach a Redis Cluster. */
let catalog: Catalog;
let outbox: ReturnType<typeof createMemoryOutbox>;
beforeAll(async () => {
  const quote = { ...moved, id: 'quote', type: 'journey', on: { event: 'quote.saved' }, priority: 2, effect: { weight: 1.1, offers: ['card'] } };
  catalog = await compileWith([{ ...moved, priority: 1 }, quote], { rules: [{ id: 'one-a-day', kind: 'communication', cap: { outcome: 'presented', max: 1, per: '1d', scope: 'customer' } }] });
});
const world = createDyingWorld('once', async (store) => {
  outbox = createMemoryOutbox();
  const { services, settle } = createNode(store, () => catalog, outbox);
  // The walk that a catalog begins is over.
  await settle(noon);
  await services.customers.put('C-1', { consents: ['email'] }, callAt(noon));
  for (const type of ['quote.saved', 'address.changed']) await services.events.take(eventOf(type, 'C-1', noon), callAt(noon));
});

/** Others look until all that was begun is over. */
async function finish(): Promise<void> {
  const other = createNode(world.other, () => catalog, outbox);
  for (const at of [noon + leaseMs, noon + dayMs, noon + dayMs + leaseMs, noon + 2 * dayMs - 1]) await other.settle(at);
}

async function expectOnce(): Promise<void> {
  const idsBy = (trigger: string): string[] => [...new Set(outbox.sent.filter(({ data }) => data.trigger.id === trigger).map(({ id }) => id))];
  expect([idsBy('moved'), idsBy('quote')]).toEqual([[expect.any(String)], [expect.any(String)]]);
  const { contacts, agenda } = (await world.other.export('C-1'))!;
  expect(contacts.map(({ offerId, decisionId }) => [offerId, decisionId])).toEqual([['cover', idsBy('moved')[0]], ['card', idsBy('quote')[0]]]);
  expect(agenda?.agenda.publications).toEqual([]);
}

test('whoever dies, before or after whatever step: one publication for each, and the deferred one is not lost', async () => {
  const tried = await world.atEachDeath(async (death) => {
    // A node that is dead sends nothing either.
    const mortal = { ...outbox, publish: (event: Parameters<typeof outbox.publish>[0]) => (world.dying.isDead() ? Promise.reject(new OutboxError('The process is dead.')) : outbox.publish(event)) };
    const node = createNode(world.dying.store, () => catalog, mortal);
    world.dying.dieAt({ ...death, passed: new Set(['zcount']) });
    await node.waker.tick(noon).catch(() => 0);
    await finish();
    await expectOnce();
  });
  expect(tried).toBeGreaterThanOrEqual(20);
});
