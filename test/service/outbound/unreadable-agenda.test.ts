import { createLmdbData } from '../../customers/lmdb/lmdb-data.js';
import { callAt, compileWith, createMemoryOutbox, createNode, eventOf, moved, noon } from './outbound-world.js';
import { emptyAgenda } from '../../../src/customers/agenda.js';

test('an agenda that cannot be read is told, and the walk and all other customers go on', async () => {
  const data = await createLmdbData();
  const store = await data.open();
  try {
    const [catalog, outbox] = [await compileWith([moved], {}), createMemoryOutbox()];
    const node = createNode(store, () => catalog, outbox);
    for (const id of ['C-1', 'C-2', 'C-3']) {
      await node.services.customers.put(id, { consents: ['email'] }, callAt(noon));
      await node.services.events.take(eventOf('address.changed', id, noon), callAt(noon));
    }
    const notes = [{ trigger: 'other', startedAt: noon, state: 'published', at: noon }] as const;
    await store.load([{ ...(await store.export('C-2'))!, agenda: { dueAt: noon, agenda: { ...emptyAgenda, notes } } }]);
    await data.spoilAgenda('C-2');
    await node.settle(noon);
    await node.settle(noon + 60_000);
    expect(outbox.sent.map(({ data: { customerId } }) => customerId).toSorted()).toEqual(['C-1', 'C-3']);
    expect(node.told.filter(({ what }) => what === 'swept')).toEqual([{ what: 'swept', words: '3 true' }]);
    // By the first look; and by another one, since the walk of the catalog wakes the customer anew.
    const failure = { what: 'failed', words: expect.stringMatching(/^What there is to say to a customer cannot be read: .+\. Nothing is said/) as string };
    expect(node.told.filter(({ what }) => what === 'failed')).toEqual([failure, failure]);
  } finally {
    await store.close();
    await data.cleanup();
  }
});
