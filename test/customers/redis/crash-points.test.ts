import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { claimOf, contact, contactsIn, customerIn, groupEventOf, idempotency, idsIn, now, profile, recordOf, room, tombstone, usageIn } from '../../contracts/customer-samples.js';
import { createDyingWorld } from './dying-world.js';

/**
 * A customer and a limit are written in two steps, in two slots. Here the process dies at each point of each write, and
 * another one looks: at once nothing may be counted too little, and when the time of what was under way is over, exactly
 * what is written is counted (docs/decisions/0007).
 */
const world = createDyingWorld('crash', async (store) => {
  for (const id of ['C-1', 'C-2']) await store.putProfile(id, profile);
});
const { atEachDeath } = world;

const heldUntil = now + 900_000;
/** Reservations have ended, and what is in doubt may be looked into. */
const later = now + 1_000_000;
const [one, two] = [room(1), room(1, 'two/total', 'two')];
const hold = (each: typeof one, confirmed = false) => ({ ...each, offerId: 'home-insurance', decisionId: 'd-1', heldUntil, confirmed });
const claim = async (store: CustomerStore, reserve: readonly ReturnType<typeof hold>[]): Promise<string> =>
  (await store.claim(claimOf('C-1', (await customerIn(store, 'C-1')).ledgerVersion, [contact('presented')], { reserve }))).type;
const accept = (id = 'C-1', members: Parameters<typeof recordOf>[2] = {}): Parameters<CustomerStore['record']>[0] =>
  recordOf(id, contact('accepted'), { confirm: [one], idempotency: idempotency('o-1'), ...members });
const nothing = (): Promise<void> => Promise.resolve();
const reserved = async (): Promise<void> => {
  await claim(world.other, [hold(one), hold(two)]);
};

const accepted = async (): Promise<void> => {
  await world.other.record(accept());
};

interface Write { readonly before: () => Promise<void>; readonly write: (store: CustomerStore) => Promise<unknown> }
/** Each with the contacts of C-1 that count for the limits. */
const writes: [string, Write][] = [
  ['an accept of free room', { before: nothing, write: (store) => store.record(accept()) }],
  ['an accept of what is reserved', { before: reserved, write: (store) => store.record(accept()) }],
  ['an accept for two limits', { before: reserved, write: (store) => store.record(accept('C-1', { confirm: [one, two] })) }],
  ['an accept without a decision', { before: nothing, write: (store) => store.record(accept('C-1', { contact: contact('accepted', { decisionId: undefined }) })) }],
  ['an accept in another period', { before: reserved, write: (store) => store.record(accept('C-1', { confirm: [{ ...one, counter: 'next' }] })) }],
  ['a decline', { before: reserved, write: (store) => store.record(recordOf('C-1', contact('declined'), { release: [one, two], idempotency: idempotency('o-1') })) }],
  ['a claim that reserves', { before: nothing, write: (store) => claim(store, [hold(one), hold(two)]) }],
  ['a claim that reserves again, in another period', { before: reserved, write: (store) => claim(store, [hold({ ...one, counter: 'next' })]) }],
  ['a claim that counts at once', { before: nothing, write: (store) => claim(store, [hold(one, true), hold(two)]) }],
  ['an erasure of one who holds', { before: reserved, write: (store) => store.erase('C-1', tombstone) }],
  ['an erasure of one who accepted', { before: accepted, write: (store) => store.erase('C-1', tombstone) }],
];

/** How much of the counters is taken for good, by what is written. */
async function countedBy(store: CustomerStore, name: string): Promise<number[]> {
  const contacts = (await store.export('C-1'))?.contacts ?? [];
  const wasErased = name.startsWith('an erasure of one who accepted');
  const accepted = wasErased ? 1 : contacts.filter(({ outcome }) => outcome === (name.includes('counts at once') ? 'presented' : 'accepted')).length;
  if (name === 'an accept for two limits') return [accepted, accepted, 0];
  return [accepted, 0, 0];
}

const usages = (at: number): Promise<(number | undefined)[]> => Promise.all([one.counter, two.counter, 'next'].map((counter) => usageIn(world.other, counter, at)));

describe.each(writes)('%s, when the process dies at any step', (name, { before, write }) => {
  test('is never counted too little, and when its time is over, exactly', async () => {
    const tried = await atEachDeath(async (death) => {
      await before();
      world.dying.dieAt(death);
      await write(world.dying.store).catch(() => undefined);
      const written = await countedBy(world.other, name);
      const atOnce = await usages(now);
      for (const [place, count] of written.entries()) expect(atOnce[place]).toBeGreaterThanOrEqual(count);
      expect(await usages(later)).toEqual(written);
      expect(await usages(later)).toEqual(written);
      // The room that came back can be taken, and no other.
      const next = await world.other.record(accept('C-2', { now: later }));
      expect(next.type).toBe(written[0] === 0 ? 'recorded' : 'limit-reached');
    });
    expect(tried).toBeGreaterThanOrEqual(3);
  });

  test('is listed at once as it was written, for a move to another store', async () => {
    await atEachDeath(async (death) => {
      await before();
      world.dying.dieAt(death);
      await write(world.dying.store).catch(() => undefined);
      const confirmed = new Map<string, number>();
      for await (const { name: counter, confirmed: count } of world.other.holdings.counters(now)) confirmed.set(counter, count);
      const written = await countedBy(world.other, name);
      expect([one.counter, two.counter, 'next'].map((counter) => confirmed.get(counter) ?? 0)).toEqual(written);
      // Nothing is settled twice by who comes later.
      expect(await usages(later)).toEqual(written);
    });
  });

  test('can be sent again at once, and is there once', async () => {
    await atEachDeath(async (death) => {
      await before();
      world.dying.dieAt(death);
      await write(world.dying.store).catch(() => undefined);
      const again = await write(world.other);
      if (name.startsWith('an erasure')) {
        expect(await world.other.export('C-1')).toBeNull();
        expect(await idsIn(world.other)).toEqual(['C-2']);
      } else {
        expect(typeof again === 'string' ? again : (again as { type: string }).type).toMatch(/^(recorded|repeated|claimed)$/);
        const outcomes = (await contactsIn(world.other, 'C-1')).map(({ outcome }) => outcome);
        expect(new Set(outcomes).size).toBe(outcomes.length);
      }
      expect(await usages(later)).toEqual(await countedBy(world.other, name));
    });
  });
});

describe('a process that stops between taking room and writing, and goes on later', () => {
  const goesOn = async (meanwhile: () => Promise<unknown>): Promise<string> => {
    const standing = world.dying.stopBefore('nboCommit');
    const result = world.dying.store.record(accept());
    const { goOn } = await standing;
    await meanwhile();
    goOn();
    return (await result).type;
  };

  test('finds that it was called off, takes room again, and is counted once', async () => {
    expect(await goesOn(async () => expect(await usageIn(world.other, one.counter, later)).toBe(0))).toBe('recorded');
    expect(await usages(later)).toEqual([1, 0, 0]);
    expect(await contactsIn(world.other, 'C-1')).toHaveLength(1);
  });

  test('finds no room where another took it meanwhile', async () => {
    expect(await goesOn(async () => expect(await world.other.record(accept('C-2', { now: later }))).toEqual({ type: 'recorded' }))).toBe('limit-reached');
    expect(await usages(later)).toEqual([1, 0, 0]);
    expect(await contactsIn(world.other, 'C-1')).toEqual([]);
  });

  test('keeps its reservation where it was called off', async () => {
    await reserved();
    expect(await goesOn(async () => {
      expect(await usageIn(world.other, one.counter, now + 60_000)).toBe(1);
      expect(await world.other.record(accept('C-2', { now: now + 60_000 }))).toMatchObject({ type: 'limit-reached' });
    })).toBe('recorded');
    expect(await usages(later)).toEqual([1, 0, 0]);
  });

  test('finds its customer erased, and leaves nothing behind', async () => {
    expect(await goesOn(() => world.other.erase('C-1', tombstone))).toBe('unknown-customer');
    expect(await usages(now)).toEqual([0, 0, 0]);
    expect(await world.other.export('C-1')).toBeNull();
  });

  test('finds that another process recorded the same, and counts once', async () => {
    const standing = world.dying.stopBefore('nboCommit');
    const first = world.dying.store.record(accept());
    const { goOn } = await standing;
    const second = await world.other.record(accept());
    goOn();
    expect([second.type, (await first).type].toSorted()).toEqual(['recorded', 'repeated']);
    expect(await usages(now)).toEqual([1, 0, 0]);
    expect(await contactsIn(world.other, 'C-1')).toHaveLength(1);
  });
});

describe('an event, when the process dies at any step', () => {
  const event = (id: string): Parameters<CustomerStore['takeIn']>[0] => ({
    customerId: id, now, timings: new Map(), createsCustomer: true, needsConsent: null, late: false,
    intake: { type: 'purchase', fromPartner: false, occurredAt: now, matches: [{ trigger: 'bought', timing: { opensAfterMs: 0, windowMs: 1000, restMs: 0 } }] },
    idempotency: { eventKey: 'shop/1', body: 'body-1', expiresAt: now + 1000, mostKept: 100 },
  });

  test.each(['C-1', 'C-new'])('is there with its key, or not at all, and can be sent again at once (%s)', async (id) => {
    const tried = await atEachDeath(async (death) => {
      world.dying.dieAt(death);
      await world.dying.store.takeIn(event(id)).catch(() => undefined);
      const before = (await world.other.read(id, [], now)).customer;
      const isThere = (before?.events.trails.length ?? 0) > 0;
      expect(await idsIn(world.other)).toEqual(id === 'C-1' || before !== null ? [...new Set(['C-1', 'C-2', id])] : ['C-1', 'C-2']);
      expect((await world.other.takeIn(event(id))).type).toBe(isThere ? 'repeated' : 'recorded');
      expect((await customerIn(world.other, id)).events).toMatchObject({ trails: [{ type: 'purchase', total: 1 }], matches: [{ trigger: 'bought' }] });
    });
    expect(tried).toBeGreaterThanOrEqual(4);
  });

  test('of everybody is there once', async () => {
    await atEachDeath(async (death) => {
      world.dying.dieAt(death);
      await world.dying.store.takeInForAll(groupEventOf()).catch(() => undefined);
      const count = (await world.other.shared(now)).groupEvents.length;
      expect((await world.other.takeInForAll(groupEventOf())).type).toBe(count === 1 ? 'repeated' : 'recorded');
      expect((await world.other.shared(now)).groupEvents).toHaveLength(1);
    });
  });
});
