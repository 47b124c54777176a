import type { CustomerStore, EventWrite, GroupEventWrite } from '../../src/customers/customer-store.js';
import { emptyAgenda, sweepId, type Agenda } from '../../src/customers/agenda.js';
import type { HeldCounter, HeldCustomer, HeldShared, HeldSweep, HeldTombstone, HeldVisitor, StoreHoldings, Taken } from '../../src/customers/store-holdings.js';
import { visitorKey } from '../../src/customers/visitor-id.js';
import { eventOf, linkOf, ofVisitor, visitorUntil } from './visitors.contract.js';
import { claimOf, contact, contactsIn, customerIn, dayMs, idempotency, idsIn, now, profile, recordOf, records, room, storedCustomer, tombstone, usageIn } from './customer-samples.js';

interface World { readonly store: () => CustomerStore; readonly open: () => Promise<CustomerStore> }

export interface Held {
  readonly visitors: readonly HeldVisitor[];
  readonly customers: readonly HeldCustomer[];
  readonly sweeps: readonly HeldSweep[];
  readonly counters: readonly HeldCounter[];
  readonly tombstones: readonly HeldTombstone[];
  readonly shared: HeldShared;
  readonly secrets: ReadonlyMap<string, string>;
}

export async function everythingIn({ holdings }: { readonly holdings: StoreHoldings }, at = now): Promise<Held> {
  return {
    visitors: await listOf(holdings.visitors(at)), customers: await listOf(holdings.customers(at)), sweeps: await listOf(holdings.sweeps(at)),
    counters: await listOf(holdings.counters(at)), tombstones: await listOf(holdings.tombstones(at)), shared: await holdings.shared(at), secrets: await holdings.secrets(),
  };
}

async function listOf<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}

const heldUntil = now + 60_000;
const [month, total] = [room(3, undefined, undefined, now + 8 * dayMs), room(5, 'loan/accepted/total', 'loan/accepted/total')];
const hold = (decisionId: string, each = month) => ({ ...each, offerId: 'home-insurance', decisionId, heldUntil, confirmed: false });
export const lateOutcome = recordOf('C-3', contact('accepted', { occurredAt: now - 5 }), { beganAt: now - 5 });

const event = (customerId: string, members: Partial<EventWrite> = {}): EventWrite => ({
  customerId, timings: new Map(), createsCustomer: false, needsConsent: null, late: false, now,
  intake: { type: 'address.changed', fromPartner: false, occurredAt: now - 5, matches: [{ trigger: 'moved-house', timing: { opensAfterMs: 0, windowMs: 30 * dayMs, restMs: 0 }, event: { source: 'crm', data: { city: 'Ö' } } }] },
  idempotency: { eventKey: 'e-1', body: 'event-1', expiresAt: now + dayMs, mostKept: 100 },
  ...members,
});
const storm: GroupEventWrite = { eventKey: 'g-1', body: 'group-1', event: { id: '1', source: 'met', type: 'weather.warning', occurredAt: now, data: { region: 'norr' } }, now, keptUntil: now + dayMs, most: 2 };

const [open1, open2, linked] = [visitorKey('v-1'), visitorKey('é'), visitorKey('v-2')];
const welcome = room(3, 'welcome/presented/total', 'welcome/presented/total');
const [done, underWay] = [sweepId('catalog/1'), sweepId('event/2')];
const leaseMs = 30_000;
export const spoken: Agenda = {
  notes: [{ trigger: 'moved-house', startedAt: now - 5, state: 'published', at: now }, { trigger: 'quiet', startedAt: now - 9, state: 'deferred', at: now, reason: 'Quiet hours' }],
  publications: [{ id: 'p-1', trigger: 'moved-house', channel: 'email', event: '{"data":"å"}', validUntil: now + dayMs, attempts: 2, nextAt: now + 7 }],
};
const notesOnly: Agenda = { ...spoken, publications: [] };
const walkDone: Agenda = { ...emptyAgenda, sweep: { after: 'ö', doneAt: now } };

/** Two visitors, and one who became C-2; each with a contact and an event, the first and the last with a reservation. */
async function fillWithVisitors(store: CustomerStore): Promise<void> {
  for (const visitor of [open1, open2, linked]) {
    const reserve = visitor === open2 ? [] : [{ ...hold('d-v', welcome), offerId: 'gift' }];
    await store.claim(claimOf(visitor, 0, [contact('presented', { decisionId: 'd-v', offerId: 'gift' })], { visitorUntil, reserve }));
    await store.record(ofVisitor(contact('clicked', { decisionId: 'd-v', offerId: 'gift' }), { customerId: visitor, idempotency: idempotency('o-v') }));
    await store.takeIn(eventOf(visitor));
  }
  expect(await store.link(linkOf('C-2', { visitor: linked }))).toMatchObject({ type: 'joined', contacts: 2, events: 1 });
}

/** C-1 has something to say, and is due; C-2 is worked on; of the last nothing is due; one walk is done, another not. */
async function fillWithAgendas(store: CustomerStore): Promise<void> {
  const leave = async (id: string, agenda: Agenda, dueAt: number | null): Promise<void> => {
    await store.wake([id], now);
    const [due] = await store.takeDue({ now, most: 1, leaseUntil: now + leaseMs });
    expect(await store.settle({ customerId: id, lease: due!.lease, agenda, dueAt })).toBe(true);
  };
  await leave('C-1', spoken, now + 7);
  await leave('ö 😀', notesOnly, null);
  await leave(done, walkDone, now + 30 * dayMs);
  await leave(underWay, { ...emptyAgenda, sweep: { after: null, doneAt: null } }, now + 1);
  await leave('C-2', notesOnly, now);
  expect(await store.takeDue({ now, most: 9, leaseUntil: now + leaseMs })).toHaveLength(1);
}

/** Something of every kind: C-1 has it all, C-2 a profile and a visitor, C-3 was erased and is there again, C-4 was erased. */
export async function fillWithEverything(store: CustomerStore): Promise<void> {
  for (const id of ['C-3', 'C-4']) {
    await store.putProfile(id, profile);
    await store.erase(id, tombstone);
  }
  await store.putProfile('C-1', { ...profile, consentRecords: records, locale: 'sv-SE' });
  await store.load([storedCustomer('C-2'), storedCustomer('C-3'), storedCustomer('ö 😀')]);
  await store.record(recordOf('C-1', contact('accepted', { decisionId: 'd-1' }), { confirm: [month, total], idempotency: idempotency('o-1') }));
  await store.record(recordOf('C-1', contact('declined', { decisionId: 'd-0', reason: 'å' }), { idempotency: idempotency('o-2', 'body-2', '{"status":201,"more":"ö"}') }));
  const { ledgerVersion } = await customerIn(store, 'C-1');
  await store.claim(claimOf('C-1', ledgerVersion, [contact('presented', { decisionId: 'd-2' })], { reserve: [hold('d-2'), { ...hold('d-2', total), offerId: 'loan' }] }));
  expect(await store.takeIn(event('C-1'))).toEqual({ type: 'recorded' });
  expect(await store.takeInForAll(storm)).toEqual({ type: 'recorded' });
  await store.takeInForAll({ ...storm, eventKey: 'g-2', event: { ...storm.event, id: '2' }, keptUntil: now + 2 });
  await store.putRhythms(new Map([['purchase', 9 * dayMs]]));
  await store.secret('token', () => 'a token secret');
  await fillWithVisitors(store);
  await fillWithAgendas(store);
}

async function expectVisitorsKept(store: CustomerStore): Promise<void> {
  for (const visitor of [open1, open2]) {
    expect((await contactsIn(store, visitor)).map(({ outcome }) => outcome)).toEqual(['presented', 'clicked']);
    expect(await store.record(ofVisitor(contact('clicked'), { customerId: visitor, idempotency: idempotency('o-v') }))).toEqual({ type: 'repeated', answer: '{"status":201}' });
    expect(await store.takeIn(eventOf(visitor))).toMatchObject({ type: 'repeated' });
    expect((await store.read(visitor, [], visitorUntil)).customer).toBeNull();
  }
  expect(await store.read(linked, [], now)).toMatchObject({ customer: null, linkedTo: 'C-2' });
  expect((await store.export('C-2'))?.visitors).toEqual([{ visitorId: 'v-2', linkedAt: now }]);
  expect(await store.link(linkOf('C-2', { visitor: linked }))).toMatchObject({ type: 'repeated', contacts: 2, events: 1 });
  expect(await store.link(linkOf('C-3', { visitor: linked }))).toEqual({ type: 'other-customer' });
  // What the visitors reserved is theirs: one as itself, one as the customer that it became.
  expect(await usageIn(store, welcome.counter)).toBe(2);
  expect(await store.record(recordOf('C-2', contact('accepted', { decisionId: 'd-v', offerId: 'gift' }), { confirm: [{ ...welcome, max: 1 }] }))).toEqual({ type: 'recorded' });
  expect(await store.link(linkOf('C-2', { visitor: open1 }))).toMatchObject({ type: 'joined', contacts: 1 });
  expect(await store.record(recordOf('C-2', contact('declined', { decisionId: 'd-v', offerId: 'gift' }), { release: [welcome] }))).toEqual({ type: 'recorded' });
  expect(await usageIn(store, welcome.counter)).toBe(1);
  // Erased with the customer, by whom they are known.
  expect(await store.erase('C-2', { ...tombstone, erasedAt: now })).toBe(true);
  for (const visitor of [open1, linked]) expect(await store.export(visitor)).toBeNull();
  expect(await usageIn(store, welcome.counter, heldUntil)).toBe(1);
}

async function expectAgendasKept(store: CustomerStore): Promise<void> {
  const take = async (at: number): Promise<unknown> => (await store.takeDue({ now: at, most: 9, leaseUntil: at + leaseMs })).map(({ customerId, dueAt, agenda }) => ({ customerId, dueAt, agenda })).toSorted((one, other) => one.dueAt - other.dueAt);
  expect(await take(now)).toEqual([]);
  expect(await take(now + 7)).toEqual([{ customerId: underWay, dueAt: now + 1, agenda: { ...emptyAgenda, sweep: { after: null, doneAt: null } } }, { customerId: 'C-1', dueAt: now + 7, agenda: spoken }]);
  // Who worked on it in the other store is gone: when its lease would end another takes it.
  expect(await take(now + leaseMs)).toEqual([{ customerId: 'C-2', dueAt: now + leaseMs, agenda: notesOnly }]);
  await store.wake(['ö 😀'], now);
  expect(await take(now)).toEqual([{ customerId: 'ö 😀', dueAt: now, agenda: notesOnly }]);
  for (const id of [underWay, 'C-1', 'C-2', 'ö 😀']) {
    await store.wake([id], now);
    for (const { customerId, lease } of await store.takeDue({ now: now + dayMs, most: 9, leaseUntil: now + 2 * dayMs })) await store.settle({ customerId, lease, agenda: emptyAgenda, dueAt: null });
  }
  expect(await take(now + 30 * dayMs)).toEqual([{ customerId: done, dueAt: now + 30 * dayMs, agenda: walkDone }]);
}

/** What was promised by the store that `fillWithEverything` filled holds on this one. */
export async function expectPromisesKept(store: CustomerStore): Promise<void> {
  // Sent again: answered as the first time, nothing counted twice.
  expect(await store.record(recordOf('C-1', contact('accepted', { decisionId: 'd-1' }), { confirm: [month, total], idempotency: idempotency('o-1') }))).toEqual({ type: 'repeated', answer: '{"status":201}' });
  expect(await store.record(recordOf('C-1', contact('declined'), { idempotency: idempotency('o-2') }))).toEqual({ type: 'other-body' });
  // Of those erased, what speaks of before is refused.
  expect(await store.record(lateOutcome)).toEqual({ type: 'erased' });
  expect(await store.record({ ...lateOutcome, customerId: 'C-4' })).toEqual({ type: 'erased' });
  expect(await store.record(recordOf('C-3', contact('accepted')))).toEqual({ type: 'recorded' });
  // Of 3 places one is taken and one held.
  expect(await usageIn(store)).toBe(2);
  expect(await usageIn(store, total.counter)).toBe(2);
  expect(await store.record(recordOf('C-2', contact('accepted', { decisionId: 'd-7' }), { confirm: [month] }))).toEqual({ type: 'recorded' });
  expect(await store.record(recordOf('C-2', contact('accepted', { decisionId: 'd-8' }), { confirm: [month] }))).toEqual({ type: 'limit-reached', counter: month.counter });
  // The one that is held is the holder's.
  expect(await store.record(recordOf('C-1', contact('accepted', { decisionId: 'd-2' }), { confirm: [month] }))).toEqual({ type: 'recorded' });
  expect(await usageIn(store)).toBe(3);
  expect(await usageIn(store, month.counter, heldUntil)).toBe(3);
  expect(await usageIn(store, total.counter, heldUntil)).toBe(1);
  // Events are known, too, by their keys, and by what is kept of them.
  expect(await store.takeIn(event('C-1'))).toEqual({ type: 'repeated', expiresAt: event('C-1').idempotency.expiresAt });
  expect(await store.takeIn(event('C-3', { intake: { ...event('').intake, occurredAt: tombstone.erasedAt } }))).toEqual({ type: 'erased' });
  expect((await customerIn(store, 'C-1')).events).toMatchObject({ trails: [{ type: 'address.changed', total: 1 }], matches: [{ trigger: 'moved-house', event: { source: 'crm', data: { city: 'Ö' } } }] });
  expect(await store.takeInForAll(storm)).toEqual({ type: 'repeated', occurredAt: storm.event.occurredAt });
  expect(await store.takeInForAll({ ...storm, body: 'another' })).toEqual({ type: 'other-body' });
  expect(await store.takeInForAll({ ...storm, eventKey: 'g-3' })).toEqual({ type: 'full' });
  expect((await store.shared(now)).groupEvents.map(({ id }) => id)).toEqual(['1', '2']);
  expect((await store.shared(now + 2)).groupEvents).toEqual([storm.event]);
  expect((await store.shared(now)).rhythms).toEqual(new Map([['purchase', 9 * dayMs]]));
  expect(await store.secret('token', () => 'another')).toBe('a token secret');
  expect((await contactsIn(store, 'C-1')).map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'accepted', 'declined', 'presented']);
  await expectAgendasKept(store);
  await expectVisitorsKept(store);
}

export function describeHoldings({ store, open }: World): void {
  const empty = { visitors: [], customers: [], sweeps: [], counters: [], tombstones: [], shared: { groupEvents: [], rhythms: null } };

  test('an empty store holds nothing but its salt', async () => {
    const { secrets, ...held } = await everythingIn(store());
    expect(held).toEqual(empty);
    expect([...secrets.keys()]).toEqual(['tombstone-salt']);
    expect(await store().holdings.customerCount()).toBe(0);
    expect(await store().holdings.arrival()).toBeNull();
  });

  test('everything is listed, in order, and what is over is not', async () => {
    await fillWithEverything(store());
    const held = await everythingIn(await open());
    expect(held.customers.map(({ id, answered, reservations }) => [id, answered.length, reservations.map(({ counter }) => counter).toSorted()])).toEqual([
      ['C-1', 3, [month.counter, total.counter]], ['C-2', 2, [welcome.counter]], ['C-3', 0, []], ['ö 😀', 0, []],
    ]);
    expect(held.customers.map(({ links }) => links.map(({ visitorId }) => visitorId))).toEqual([[], ['v-2'], [], []]);
    expect(held.customers.map(({ agenda }) => agenda)).toEqual([{ dueAt: now + 7, agenda: spoken }, { dueAt: now + leaseMs, agenda: notesOnly }, null, { dueAt: null, agenda: notesOnly }]);
    expect(held.visitors.map(({ id, answered, reservations }) => [id, answered.length, reservations.length])).toEqual([[open1, 2, 1], [linked, 0, 0], [open2, 2, 0]]);
    expect(held.sweeps).toEqual([{ id: done, dueAt: now + 30 * dayMs, agenda: walkDone }, { id: underWay, dueAt: now + 1, agenda: { ...emptyAgenda, sweep: { after: null, doneAt: null } } }]);
    expect(held.counters).toMatchObject([{ name: month.counter, confirmed: 1, endsAt: month.endsAt }, { name: total.counter, confirmed: 1, endsAt: null }, { name: welcome.counter, confirmed: 0 }]);
    expect(held.counters.map(({ reserved }) => reserved.map((each) => each.heldUntil))).toEqual([[heldUntil], [heldUntil], [heldUntil, heldUntil]]);
    expect(held.tombstones.map(({ erasedAt, keptUntil }) => ({ erasedAt, keptUntil }))).toEqual([tombstone, tombstone]);
    expect(held.shared.groupEvents).toHaveLength(2);
    expect(held.secrets.get('token')).toBe('a token secret');
    expect(await store().holdings.customerCount()).toBe(4);

    const later = await everythingIn(store(), now + 90 * dayMs);
    expect(later.customers.map(({ answered, reservations }) => answered.length + reservations.length)).toEqual([0, 0, 0, 0]);
    expect(later.visitors.map(({ id }) => id)).toEqual([linked]);
    expect(later.counters.map(({ confirmed, reserved }) => [confirmed, reserved.length])).toEqual([[1, 0], [1, 0]]);
    expect(later.tombstones).toEqual([]);
    expect(later.shared).toEqual({ groupEvents: [], rhythms: held.shared.rhythms });
  });

  test('lists go over many pages', async () => {
    const ids = Array.from({ length: 700 }, (_, place) => `C-${String(place).padStart(3, '0')}`);
    await store().load(ids.map((id) => storedCustomer(id)));
    const visitors = ids.map((id) => visitorKey(id));
    await Promise.all(visitors.map((id) => store().record(ofVisitor(contact('clicked'), { customerId: id }))));
    const held = await everythingIn(store());
    expect(held.customers.map(({ id }) => id)).toEqual(ids);
    expect(held.visitors.map(({ id }) => id)).toEqual(visitors);
  });

  describe('take', () => {
    let filled: Held;
    const takeAll = async (held: Taken = filled): Promise<void> => store().holdings.take(held, now);
    beforeEach(async () => {
      await fillWithEverything(store());
      filled = await everythingIn(store());
      await store().holdings.take({ goneVisitors: [open1, open2, linked], goneSweeps: [done, underWay], goneCustomers: await idsIn(store()), goneCounters: filled.counters.map(({ name }) => name), shared: empty.shared }, now);
    });

    test('what is gone is gone', async () => {
      const { tombstones: _, secrets: __, ...held } = await everythingIn(store());
      expect(held).toEqual({ ...empty, tombstones: undefined });
      expect(await store().takeDue({ now: now + 1000 * dayMs, most: 9, leaseUntil: now + 1001 * dayMs })).toEqual([]);
      expect(await store().shared(now)).toEqual({ groupEvents: [], rhythms: new Map() });
      expect(await idsIn(store())).toEqual([]);
      expect(await usageIn(store())).toBe(0);
    });

    test('what is taken in is held as it was, and keeps its promises', async () => {
      await takeAll();
      const other = await open();
      expect(await everythingIn(other)).toEqual(filled);
      await expectPromisesKept(other);
    });

    test('the same again changes nothing, piece by piece and in pieces of itself', async () => {
      await takeAll();
      for (const visitor of filled.visitors) await takeAll({ visitors: [visitor] });
      for (const customer of filled.customers) await takeAll({ customers: [customer] });
      for (const counter of filled.counters) await takeAll({ counters: [counter] });
      await takeAll();
      expect(await everythingIn(store())).toEqual(filled);
      await expectPromisesKept(store());
    });

    test('another takes the place of what was held', async () => {
      await takeAll();
      const [first, second] = filled.customers as [HeldCustomer, HeldCustomer];
      const [counter, another] = filled.counters as [HeldCounter, HeldCounter];
      const customers = [{ ...first, answered: first.answered.slice(1), reservations: first.reservations.filter((each) => each.counter === counter.name), agenda: null }, { ...second, value: first.value, links: [], agenda: { dueAt: now, agenda: emptyAgenda } }];
      const visitors = [{ ...filled.visitors[0]!, answered: [], reservations: [] }, { ...filled.visitors[1]!, value: filled.visitors[2]!.value }];
      const counters = [{ ...counter, confirmed: 2, endsAt: null }, { ...another, reserved: [] }, ...filled.counters.slice(2)];
      await takeAll({ visitors, customers, counters });
      expect(await everythingIn(store())).toEqual({ ...filled, visitors: [...visitors, filled.visitors[2]], customers: [...customers, ...filled.customers.slice(2)], counters });
      expect(await usageIn(store())).toBe(3);
      expect(await usageIn(store(), another.name)).toBe(1);
    });

    test('a reservation that no customer has counts until its end', async () => {
      await takeAll({ counters: filled.counters });
      expect((await everythingIn(store())).counters).toEqual(filled.counters);
      expect(await usageIn(store())).toBe(2);
      expect(await usageIn(store(), month.counter, heldUntil)).toBe(1);
      // And where its customer comes after all, it is the same one.
      await takeAll();
      expect(await everythingIn(store())).toEqual(filled);
      await expectPromisesKept(store());
    });

    test('the profile and the ledger keep their versions, and a next write gives others', async () => {
      await takeAll();
      const before = await customerIn(store(), 'C-1');
      expect(await store().putProfile('C-1', profile, before.profileVersion)).toBe('replaced');
      const after = await customerIn(store(), 'C-1');
      expect([after.profileVersion, after.ledgerVersion]).not.toContain(before.profileVersion);
      expect([after.profileVersion, after.ledgerVersion]).not.toContain(before.ledgerVersion);
    });

    test('the erasing of a customer who was taken in frees what was held', async () => {
      await takeAll();
      expect(await store().erase('C-1', { erasedAt: now, keptUntil: now + dayMs })).toBe(true);
      expect(await usageIn(store())).toBe(1);
      expect(await usageIn(store(), total.counter)).toBe(1);
    });

    test('secrets are replaced', async () => {
      await takeAll({ secrets: new Map([['token', 'from elsewhere']]) });
      expect(await (await open()).secret('token', () => 'new')).toBe('from elsewhere');
    });
  });

  test('that something arrives is remembered, and forgotten', async () => {
    for (const arrival of [{ from: 'abc', isComplete: false }, { from: 'abc', isComplete: true }, null]) {
      await store().holdings.setArrival(arrival);
      expect(await (await open()).holdings.arrival()).toEqual(arrival);
    }
  });
}
