import type { CustomerStore, LinkResult } from '../../../src/customers/customer-store.js';
import { claimOf, contact, contactsIn, dayMs, idempotency, now, profile, recordOf, room, tombstone, usageIn } from '../../contracts/customer-samples.js';
import { everythingIn } from '../../contracts/store-holdings.contract.js';
import { eventOf, linkOf, ofVisitor, visitor, visitorUntil } from '../../contracts/visitors.contract.js';
import { createDyingWorld } from './dying-world.js';

/**
 * A visitor and a customer lie in two slots. Here the process that links them dies at each point, or stops and goes on
 * later, while another looks, writes and erases: nothing may be lost or doubled (docs/decisions/0011).
 */
const limit = room(1);
const world = createDyingWorld('link', async (store) => {
  for (const id of ['C-1', 'C-2']) await store.putProfile(id, profile);
  await store.claim(claimOf(visitor, 0, [contact('presented')], { visitorUntil, reserve: [{ ...limit, offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 900_000, confirmed: false }] }));
  await store.record(ofVisitor(contact('clicked'), { idempotency: idempotency('o-1', 'body-1', 'first') }));
  await store.takeIn(eventOf(visitor));
});
const link = (store: CustomerStore): Promise<LinkResult> => store.link(linkOf());
const clickedOnce = ['presented', 'clicked'];
const outcomes = async (id: string): Promise<string[]> => ((await world.other.export(id))?.contacts ?? []).map(({ outcome }) => outcome);

/** All of it is the customer's, once. */
async function expectJoined(): Promise<void> {
  expect(await outcomes('C-1')).toEqual(clickedOnce);
  expect((await world.other.export('C-1'))?.events?.trails).toMatchObject([{ total: 1 }]);
  expect(await world.other.read(visitor, [], now)).toMatchObject({ customer: null, linkedTo: 'C-1' });
  expect(await usageIn(world.other)).toBe(1);
  expect(await world.other.record(recordOf('C-1', contact('clicked'), { idempotency: idempotency('o-1', 'body-1', 'again') }))).toEqual({ type: 'repeated', answer: 'first' });
  expect(await world.other.takeIn(eventOf('C-1'))).toMatchObject({ type: 'repeated' });
  expect((await world.other.record(recordOf('C-2', contact('accepted'), { confirm: [limit] }))).type).toBe('limit-reached');
  expect(await world.other.record(recordOf('C-1', contact('accepted'), { confirm: [limit] }))).toEqual({ type: 'recorded' });
  expect(await usageIn(world.other, limit.counter, now + dayMs)).toBe(1);
}

/** Of a link. */
function atEachDeath(test: () => Promise<void>, before: () => Promise<unknown> = () => Promise.resolve()): Promise<number> {
  return world.atEachDeath(async (death) => {
    await before();
    world.dying.dieAt(death);
    await link(world.dying.store).catch(() => undefined);
    await test();
  });
}

describe('the process dies at any step of a link', () => {
  test('the same again finishes it', async () => {
    const tried = await atEachDeath(async () => {
      expect(await link(world.other)).toMatchObject({ contacts: 2, events: 1 });
      await expectJoined();
    });
    expect(tried).toBeGreaterThanOrEqual(10);
  });

  test('to whoever meets the visitor it is all there, or with the customer', async () => {
    await atEachDeath(async () => {
      const { customer, linkedTo } = await world.other.read(visitor, [], now);
      expect(customer === null ? await outcomes(linkedTo!) : customer.contacts.map(({ outcome }) => outcome)).toEqual(clickedOnce);
      if (customer !== null) expect(await outcomes('C-1')).toEqual([]);
    });
  });

  test('for a move to another store it is listed once, as a visitor or with the customer', async () => {
    await atEachDeath(async () => {
      const { visitors, customers } = await everythingIn(world.other);
      const { linkedTo } = await world.other.read(visitor, [], now);
      expect(visitors.map(({ id, answered, reservations }) => [id, answered.length, reservations.length])).toEqual([[visitor, ...(linkedTo === undefined ? [2, 1] : [0, 0])]]);
      expect(customers.map(({ id, links, answered, reservations }) => [id, links.length, answered.length, reservations.length])).toEqual([['C-1', ...(linkedTo === undefined ? [0, 0, 0] : [1, 2, 1])], ['C-2', 0, 0, 0]]);
      // Nothing is under way any more.
      expect(await everythingIn(world.other)).toMatchObject({ visitors, customers });
      await link(world.other);
      await expectJoined();
    });
  });

  test('a write for the visitor is there once, before or after', async () => {
    await atEachDeath(async () => {
      const opened = contact('opened', { occurredAt: now + 1 });
      const first = await world.other.record(ofVisitor(opened, { now: now + 1 }));
      if (first.type === 'linked') await world.other.record(recordOf(first.customerId, opened, { now: now + 1 }));
      await link(world.other);
      expect(await outcomes('C-1')).toEqual([...clickedOnce, 'opened']);
    });
  });

  test('a link to another customer is refused, or made there: one of them has it', async () => {
    await atEachDeath(async () => {
      const { type } = await world.other.link(linkOf('C-2'));
      expect([await outcomes('C-1'), await outcomes('C-2')]).toEqual(type === 'other-customer' ? [clickedOnce, []] : [[], clickedOnce]);
      expect(['joined', 'other-customer']).toContain(type);
    });
  });

  test('erasing the visitor leaves nothing of it, but what was joined', async () => {
    await atEachDeath(async () => {
      expect(await world.other.erase(visitor, tombstone)).toBe(true);
      const joined = await outcomes('C-1');
      expect([[], clickedOnce]).toContainEqual(joined);
      expect(await world.other.export(visitor)).toBeNull();
      await link(world.other);
      expect(await outcomes('C-1')).toEqual(joined);
    });
  });

  test('erasing the customer leaves nothing of the customer, and nothing comes back', async () => {
    await atEachDeath(async () => {
      await world.other.erase('C-1', tombstone);
      expect(await world.other.export('C-1')).toBeNull();
      const { customer, linkedTo } = await world.other.read(visitor, [], now);
      expect(linkedTo).toBeUndefined();
      if (customer !== null) expect(customer.contacts.map(({ outcome }) => outcome)).toEqual(clickedOnce);
      await world.other.putProfile('C-1', profile);
      expect(await outcomes('C-1')).toEqual([]);
      expect((await world.other.export('C-1'))?.visitors).toBeUndefined();
    });
  });

  test('where the customer has no room any more, the visitor is as before', async () => {
    await atEachDeath(async () => {
      for (const decisionId of ['d-8', 'd-9']) await world.other.record(recordOf('C-1', contact('opened', { decisionId })));
      const result = await world.other.link(linkOf('C-1', { maxContacts: 3 }));
      expect(await outcomes(result.type === 'ledger-full' ? visitor : 'C-1')).toEqual(expect.arrayContaining(clickedOnce));
      if (result.type === 'ledger-full') expect(await outcomes('C-1')).toEqual(['opened', 'opened']);
    }, () => world.other.record(recordOf('C-2', contact('opened'))));
  });
});

describe('an erasure of a customer whose process dies at any step', () => {
  test('is finished by the same again, with the visitors', async () => {
    await world.atEachDeath(async (death) => {
      await link(world.other);
      world.dying.dieAt(death);
      await world.dying.store.erase('C-1', tombstone).catch(() => undefined);
      await world.other.erase('C-1', tombstone);
      for (const id of ['C-1', visitor]) expect(await world.other.export(id)).toBeNull();
      expect(await world.other.record(ofVisitor(contact('opened'), { beganAt: now - 1 }))).toEqual({ type: 'erased' });
      // What the dead one had not given back ends by itself (docs/decisions/0007).
      expect(await usageIn(world.other, limit.counter, now + 900_000)).toBe(0);
    });
  });
});

describe('a process that stops before the customer takes the visitor, and goes on later', () => {
  const goesOn = async (meanwhile: () => Promise<unknown>, write = linkOf()): Promise<string> => {
    const standing = world.dying.stopBefore('nboJoin');
    const result = world.dying.store.link(write);
    const { goOn } = await standing;
    await meanwhile();
    goOn();
    return (await result).type;
  };

  test('finds that another finished it', async () => {
    expect(await goesOn(() => link(world.other))).toMatch(/^(joined|repeated)$/);
    await expectJoined();
  });

  test('finds the customer changed, and takes the change along', async () => {
    expect(await goesOn(() => world.other.record(recordOf('C-1', contact('opened', { occurredAt: now - 9 }))))).toBe('joined');
    expect(await outcomes('C-1')).toEqual(['opened', ...clickedOnce]);
  });

  test('finds no room, and gives the visitor back', async () => {
    expect(await goesOn(() => world.other.record(recordOf('C-1', contact('opened'))), linkOf('C-1', { maxContacts: 2 }))).toBe('ledger-full');
    expect(await contactsIn(world.other, visitor)).toHaveLength(2);
    expect(await outcomes('C-1')).toEqual(['opened']);
    expect(await link(world.other)).toMatchObject({ type: 'joined', contacts: 2 });
  });

  test('finds that its link was called off, and nothing of it is written', async () => {
    let seen = '';
    const type = await goesOn(async () => {
      await world.other.record(recordOf('C-1', contact('opened')));
      // Another meets the visitor: there is no room, so it calls the link off.
      seen = (await world.other.record(ofVisitor(contact('opened')))).type;
    }, linkOf('C-1', { maxContacts: 2 }));
    expect([seen, type]).toEqual(['recorded', 'ledger-full']);
    expect(await outcomes('C-1')).toEqual(['opened']);
    expect(await outcomes(visitor)).toEqual([...clickedOnce, 'opened']);
  });

  test('finds the customer erased and made anew, and leaves the new one alone', async () => {
    const type = await goesOn(async () => {
      await world.other.erase('C-1', tombstone);
      await world.other.putProfile('C-1', profile);
    });
    expect(type).toBe('unknown-customer');
    expect(await outcomes('C-1')).toEqual([]);
    expect(await outcomes(visitor)).toEqual(clickedOnce);
  });

  test('finds the visitor erased, and brings nothing of it back', async () => {
    let before: string[] = [];
    expect(await goesOn(async () => {
      await world.other.erase(visitor, tombstone);
      before = await outcomes('C-1');
    })).toMatch(/^(joined|repeated)$/);
    expect(await outcomes('C-1')).toEqual(before);
  });
});
