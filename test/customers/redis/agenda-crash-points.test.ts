import { emptyAgenda, type Agenda } from '../../../src/customers/agenda.js';
import type { CustomerStore, DueCustomer } from '../../../src/customers/customer-store.js';
import { claimOf, contact, contactsIn, customerIn, dayMs, idsIn, now, profile, storedCustomer, tombstone } from '../../contracts/customer-samples.js';
import { eventOf } from '../../contracts/visitors.contract.js';
import { createDyingWorld } from './dying-world.js';

/**
 * What we say by ourselves lies in its customer's slot, and so do the due times of a bucket (docs/decisions/0013). Here the
 * process dies at each point of each write, and another one looks: a customer and its agenda are never apart.
 */
const leaseMs = 30_000;
const agenda: Agenda = {
  notes: [{ trigger: 'moved', startedAt: now - 7, state: 'published', at: now }],
  publications: [{ id: 'p-1', trigger: 'moved', channel: 'email', event: '{}', validUntil: now + dayMs, attempts: 0, nextAt: now }],
};
const world = createDyingWorld('agenda', (store) => store.putProfile('C-1', profile).then(() => undefined));
const take = (store: CustomerStore, at: number): Promise<readonly DueCustomer[]> => store.takeDue({ now: at, most: 100, leaseUntil: at + leaseMs });
const agendaIn = async (): Promise<Agenda | undefined> => (await world.other.export('C-1'))?.agenda?.agenda;
const takeOne = async (at: number): Promise<DueCustomer> => {
  const [due, ...others] = await take(world.other, at);
  expect(others).toEqual([]);
  return due!;
};

/** Tries `write` at each death, then looks. */
function atEachDeathOf(write: (store: CustomerStore) => Promise<unknown>, before: () => Promise<unknown>, look: () => Promise<void>): Promise<number> {
  return world.atEachDeath(async (death) => {
    await before();
    world.dying.dieAt({ ...death, passed: new Set(['zcount']) });      // reads, of each of 256 buckets
    await write(world.dying.store).catch(() => undefined);
    await look();
  });
}

const nothing = (): Promise<void> => Promise.resolve();

describe('the process dies at any step', () => {
  test.each<[string, (store: CustomerStore) => Promise<unknown>, () => Promise<boolean>]>([
    ['of an event that wakes', (store) => store.takeIn({ ...eventOf('C-1'), wakeAt: now }), async () => (await customerIn(world.other, 'C-1')).events.trails.length > 0],
    ['of a profile that wakes', (store) => store.putProfile('C-1', { ...profile, holdings: ['new'] }, undefined, now), async () => (await customerIn(world.other, 'C-1')).profile.holdings.includes('new')],
    ['of a load that wakes', (store) => store.load([{ ...storedCustomer('C-1'), profile: { ...profile, holdings: ['new'] } }], now), async () => (await customerIn(world.other, 'C-1')).profile.holdings.includes('new')],
  ])('%s: it is written and due, or neither, and the same again makes it both', async (_, write, isWritten) => {
    const tried = await atEachDeathOf(write, nothing, async () => {
      const written = await isWritten();
      expect((await world.other.export('C-1'))?.agenda).toEqual(written ? { dueAt: now, agenda: emptyAgenda } : undefined);
      await write(world.other);
      if (!written) expect((await takeOne(now)).customerId).toBe('C-1');
    });
    expect(tried).toBeGreaterThanOrEqual(3);
  });

  test('of waking many: each is due when it is done again', async () => {
    const ids = Array.from({ length: 5 }, (_, place) => `C-${place}`);
    await atEachDeathOf((store) => store.wake(ids, now), nothing, async () => {
      await world.other.wake(ids, now);
      expect((await take(world.other, now)).map(({ customerId }) => customerId).toSorted()).toEqual(ids);
    });
  });

  test('of taking: who was taken is due again when the lease is over, with all of it', async () => {
    const tried = await atEachDeathOf((store) => take(store, now), () => world.other.load([{ ...storedCustomer('C-1'), agenda: { dueAt: now, agenda } }]), async () => {
      const due = await takeOne(now + leaseMs);
      expect(due).toMatchObject({ customerId: 'C-1', agenda });
      expect(await world.other.settle({ ...due, agenda: emptyAgenda, dueAt: null })).toBe(true);
    });
    expect(tried).toBeGreaterThanOrEqual(5);
  });

  test('of a claim: the contact is there with its publication, or neither is, and the lease goes on', async () => {
    let due: DueCustomer;
    const claim = async (store: CustomerStore): Promise<string> =>
      (await store.claim(claimOf('C-1', (await customerIn(store, 'C-1')).ledgerVersion, [contact('presented')], { agenda: { lease: due.lease, agenda } }))).type;
    const tried = await atEachDeathOf(claim, async () => {
      await world.other.wake(['C-1'], now);
      due = await takeOne(now);
    }, async () => {
      const isThere = (await contactsIn(world.other, 'C-1')).length === 1;
      expect(await agendaIn()).toEqual(isThere ? agenda : emptyAgenda);
      // Again it is the same contact.
      expect(await claim(world.other)).toBe('claimed');
      expect(await contactsIn(world.other, 'C-1')).toHaveLength(1);
      expect((await takeOne(now + leaseMs)).agenda).toEqual(agenda);
      // The dead one's lease is over.
      expect(await claim(world.other)).toBe('lease-lost');
    });
    expect(tried).toBeGreaterThanOrEqual(5);
  });

  test('of a settling: it is settled, or due again when the lease is over', async () => {
    let due: DueCustomer;
    await atEachDeathOf((store) => store.settle({ ...due, agenda: { ...agenda, publications: [] }, dueAt: now + dayMs }), async () => {
      await world.other.load([{ ...storedCustomer('C-1'), agenda: { dueAt: now, agenda } }]);
      due = await takeOne(now);
    }, async () => {
      const held = (await world.other.export('C-1'))!.agenda!;
      expect([{ dueAt: now + leaseMs, agenda }, { dueAt: now + dayMs, agenda: { ...agenda, publications: [] } }]).toContainEqual(held);
      expect((await takeOne(held.dueAt!)).agenda).toEqual(held.agenda);
    });
  });

  test('of an erasure: all of it is there, or nothing, and whoever works on it writes nothing any more', async () => {
    let due: DueCustomer;
    await atEachDeathOf((store) => store.erase('C-1', tombstone), async () => {
      await world.other.load([{ ...storedCustomer('C-1'), agenda: { dueAt: now, agenda } }]);
      due = await takeOne(now);
    }, async () => {
      const isThere = (await idsIn(world.other)).length === 1;
      expect((await world.other.export('C-1'))?.agenda).toEqual(isThere ? { dueAt: now + leaseMs, agenda } : undefined);
      await world.other.erase('C-1', tombstone);
      expect(await world.other.settle({ ...due, agenda, dueAt: now })).toBe(false);
      expect(await take(world.other, now + 1000 * dayMs)).toEqual([]);
    });
  });
});
