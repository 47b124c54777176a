import { createLmdbData, type LmdbData } from '../../customers/lmdb/lmdb-data.js';
import { callAt, compileWith, createMemoryOutbox, createNode, dayMs, eventOf, moved, noon, type OutboundNode, type Sent } from './outbound-world.js';
import { leaseMs } from '../../../src/service/outbound/waker.js';
import type { Catalog } from '../../../src/decision/types.js';
import type { CustomerStore } from '../../../src/customers/customer-store.js';
import type { Outbox } from '../../../src/outbox/outbox.js';

class Death extends Error {}
type Step = (point: string) => void;

/** A store, and an outbox, that die before or after a step: from then on nothing of this node is done any more. */
function mortal(store: CustomerStore, outbox: Outbox, step: Step): { readonly store: CustomerStore; readonly outbox: Outbox } {
  const dying = <Arguments extends readonly unknown[], Result>(name: string, call: (...args: Arguments) => Promise<Result>) => async (...args: Arguments): Promise<Result> => {
    step(`before ${name}`);
    const result = await call(...args);
    step(`after ${name}`);
    return result;
  };
  return {
    store: { ...store, takeDue: dying('takeDue', store.takeDue), read: dying('read', store.read), claim: dying('claim', store.claim), settle: dying('settle', store.settle) },
    outbox: { ...outbox, publish: dying('publish', outbox.publish) },
  };
}

describe('one activation is spoken for once', () => {
  let data: LmdbData;
  let store: CustomerStore;
  let catalog: Catalog;
  let outbox: ReturnType<typeof createMemoryOutbox>;
  beforeAll(async () => {
    const quote = { ...moved, id: 'quote', type: 'journey', on: { event: 'quote.saved' }, priority: 2, effect: { weight: 1.1, offers: ['card'] } };
    catalog = await compileWith([{ ...moved, priority: 1 }, quote], { rules: [{ id: 'one-a-day', kind: 'communication', cap: { outcome: 'presented', max: 1, per: '1d', scope: 'customer' } }] });
  });
  beforeEach(async () => {
    data = await createLmdbData();
    store = await data.open();
    outbox = createMemoryOutbox();
    const { services } = createNode(store, () => catalog, outbox);
    await services.customers.put('C-1', { consents: ['email'] }, callAt(noon));
    for (const type of ['quote.saved', 'address.changed']) await services.events.take(eventOf(type, 'C-1', noon), callAt(noon));
  });
  afterEach(async () => {
    await store.close();
    await data.cleanup();
  });

  const node = (step: Step): OutboundNode => {
    const parts = mortal(store, outbox, step);
    return createNode(parts.store, () => catalog, parts.outbox);
  };
  const idsBy = (trigger: string): ReadonlySet<string> => new Set(outbox.sent.filter(({ data: { trigger: { id } } }: Sent) => id === trigger).map(({ id }) => id));
  /** Others look until all that was begun is over, and two days more. */
  const finish = async (from: number): Promise<void> => {
    const other = createNode(store, () => catalog, outbox);
    for (let at = from; at <= from + 2 * dayMs; at += dayMs / 24) await other.settle(at);
  };
  const expectOnce = async (): Promise<void> => {
    expect([idsBy('moved').size, idsBy('quote').size]).toEqual([1, 1]);
    const { contacts } = (await store.export('C-1'))!;
    expect(contacts.map(({ offerId, decisionId }) => [offerId, decisionId])).toEqual([['cover', [...idsBy('moved')][0]], ['card', [...idsBy('quote')][0]]]);
    expect(contacts[1]!.occurredAt - contacts[0]!.occurredAt).toBeGreaterThanOrEqual(dayMs);
  };

  test('whoever dies, at whatever step: one publication for each, and the deferred one is not lost', async () => {
    const points: string[] = [];
    await node((point) => points.push(point)).settle(noon);
    expect(points).toEqual(expect.arrayContaining(['before claim', 'after claim', 'before publish', 'after publish', 'before settle', 'after settle']));
    await finish(noon + leaseMs);
    await expectOnce();
  });

  test.each(Array.from({ length: 26 }, (_, place) => place))('death at step %p', async (fatal) => {
    let steps = 0;
    const mortalNode = node(() => { if (steps++ >= fatal) throw new Death(); });
    await mortalNode.waker.tick(noon).catch(() => 0);
    await finish(noon + leaseMs);
    await expectOnce();
  });

  test('two nodes at the same time, over the same store', async () => {
    const other = await data.open();
    const nodes = [createNode(store, () => catalog, outbox), createNode(other, () => catalog, outbox)];
    for (let at = noon; at <= noon + 2 * dayMs; at += dayMs / 24) await Promise.all([...nodes, ...nodes].map(({ waker }) => waker.tick(at)));
    await other.close();
    await expectOnce();
    expect(outbox.sent).toHaveLength(2);
  });

  test('a node that was only slow can write nothing once another has taken over', async () => {
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => { wake = resolve; });
    let fellAsleep = (): void => undefined;
    const sleeping = new Promise<void>((resolve) => { fellAsleep = resolve; });
    const slowStore: CustomerStore = { ...store, claim: async (write) => {
      fellAsleep();
      await asleep;
      return store.claim(write);
    } };
    const slow = createNode(slowStore, () => catalog, outbox);
    const ticking = slow.waker.tick(noon);
    await sleeping;
    await createNode(store, () => catalog, outbox).settle(noon + leaseMs);
    wake();
    await ticking;
    await finish(noon + 2 * leaseMs);
    await expectOnce();
    expect(outbox.sent).toHaveLength(2);
  });
});
