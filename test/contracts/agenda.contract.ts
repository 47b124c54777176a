import type { Agenda, Publication } from '../../src/customers/agenda.js';
import { emptyAgenda } from '../../src/customers/agenda.js';
import type { CustomerStore, DueCustomer, EventWrite, StoredCustomer } from '../../src/customers/customer-store.js';
import { claimOf, contact, contactsIn, customerIn, dayMs, idsIn, now, profile, room, storedCustomer, tombstone, usageIn } from './customer-samples.js';
import type { World } from './customer-store.contract.js';

const leaseMs = 30_000;
const agreed = (id: string): StoredCustomer => ({ ...storedCustomer(id), profile: { ...profile, consents: ['partner-data'] } });
const publication: Publication = { id: 'p-1', trigger: 'moved', channel: 'email', event: '{"id":"p-1","data":"å \\u0000"}', validUntil: now + dayMs, attempts: 2, nextAt: now + 5 };
const agenda: Agenda = {
  notes: [{ trigger: 'moved', startedAt: now - 7, state: 'published', at: now, until: now + 1 }, { trigger: 'gone-quiet', startedAt: 0, state: 'deferred', at: now + 1 }, { trigger: 'ö', startedAt: 1, state: 'given-up', at: 2, reason: 'Quiet hours' }, { trigger: 'baby', startedAt: 1, state: 'published', at: 2, fromPartner: true }],
  publications: [publication, { ...publication, id: 'p-2', trigger: 'baby', fromPartner: true }],
};

/** What `wake`, `takeDue` and `settle` promise, and what other calls write of agendas. */
export function describeAgendas({ store, open, spoilAgenda }: World): void {
  const take = (at = now, most = 100, from = store()): Promise<readonly DueCustomer[]> => from.takeDue({ now: at, most, leaseUntil: at + leaseMs });
  const idsOf = (taken: readonly DueCustomer[]): string[] => taken.map(({ customerId }) => customerId).sort();
  const takeOne = async (at = now, from = store()): Promise<DueCustomer> => {
    const [one, ...others] = await take(at, 100, from);
    expect(others).toEqual([]);
    return one!;
  };

  test('nobody is due where nobody was woken', async () => {
    await store().putProfile('C-1', profile);
    expect(await take(now + 1000 * dayMs)).toEqual([]);
  });

  test('a customer is taken when the time has come, not before, and by any process', async () => {
    await store().wake(['C-1', 'C-2'], now);
    expect(await take(now - 1)).toEqual([]);
    expect(await take(now, 100, await open())).toEqual(expect.arrayContaining([
      { customerId: 'C-1', lease: expect.any(String) as string, dueAt: now, agenda: emptyAgenda },
      { customerId: 'C-2', lease: expect.any(String) as string, dueAt: now, agenda: emptyAgenda },
    ]));
  });

  test('the sooner of two times counts', async () => {
    await store().wake(['C-1'], now + 5);
    await store().wake(['C-1'], now);
    await store().wake(['C-1'], now + 9);
    expect(await take(now - 1)).toEqual([]);
    expect((await takeOne()).dueAt).toBe(now);
  });

  test('while one is leased nobody gets it; after the lease it is due again, with what was last written', async () => {
    await store().wake(['C-1'], now);
    const first = await takeOne();
    const other = await open();
    expect(await take(now + leaseMs - 1, 100, other)).toEqual([]);
    const second = await takeOne(now + leaseMs, other);
    expect(second.lease).not.toBe(first.lease);
    expect(await store().settle({ ...first, agenda, dueAt: null })).toBe(false);
    expect(await store().settle({ ...second, agenda, dueAt: now + 5 })).toBe(true);
    expect(await take(now + 4)).toEqual([]);
    expect((await takeOne(now + 5, other)).agenda).toEqual(agenda);
  });

  test('a settled one with nothing to do is not due again', async () => {
    await store().wake(['C-1'], now);
    expect(await store().settle({ ...await takeOne(), agenda, dueAt: null })).toBe(true);
    expect(await take(now + 1000 * dayMs)).toEqual([]);
    await store().wake(['C-1'], now);
    const again = await takeOne();
    expect(again.agenda).toEqual(agenda);
    expect(await store().settle({ ...again, agenda: emptyAgenda, dueAt: null })).toBe(true);
    await store().wake(['C-1'], now);
    expect((await takeOne()).agenda).toEqual(emptyAgenda);
  });

  test('a lease can be settled once', async () => {
    await store().wake(['C-1'], now);
    const due = await takeOne();
    expect(await store().settle({ ...due, agenda: emptyAgenda, dueAt: null })).toBe(true);
    expect(await store().settle({ ...due, agenda, dueAt: now })).toBe(false);
  });

  const meanwhile: [string, number, number | null, number][] = [
    ['sooner than the next time', now + 3, now + 9, now + 3],
    ['later than the next time', now + 9, now + 3, now + 3],
    ['where there is no next time', now + 3, null, now + 3],
  ];
  test.each(meanwhile)('what becomes due while it is leased is so afterwards: %s', async (_, wokenAt, dueAt, expected) => {
    await store().wake(['C-1'], now - 5);
    const due = await takeOne();
    await store().wake(['C-1'], wokenAt);
    expect(await take(now + 10)).toEqual([]);
    await store().settle({ ...due, agenda: emptyAgenda, dueAt });
    expect(await take(expected - 1)).toEqual([]);
    expect((await takeOne(expected)).dueAt).toBe(expected);
  });

  test('no more are taken than asked for, and the others stay', async () => {
    const ids = Array.from({ length: 300 }, (_, number) => `C-${number}`);
    await store().wake(ids, now);
    const taken: string[] = [];
    for (const most of [1, 7, 150, 1000]) {
      const some = await take(now, most);
      expect(some.length).toBe(Math.min(most, ids.length - taken.length));
      taken.push(...idsOf(some));
    }
    expect(taken.sort()).toEqual(ids.sort());
  });

  test('many that take at the same time share: nobody is taken twice', async () => {
    const ids = Array.from({ length: 100 }, (_, number) => `C-${number}`);
    await store().wake(ids, now);
    const other = await open();
    const all = (await Promise.all(Array.from({ length: 8 }, (_, place) => take(now, 30, place % 2 === 0 ? store() : other)))).flat();
    for (;;) {
      const rest = await take();
      if (rest.length === 0) break;
      all.push(...rest);
    }
    expect(idsOf(all)).toEqual(ids.sort());
  });

  test('it is there after closing and opening', async () => {
    await store().wake(['C-1'], now);
    await store().settle({ ...await takeOne(), agenda, dueAt: now + 1 });
    await store().close();
    expect((await takeOne(now + 1, await open())).agenda).toEqual(agenda);
  });

  test.each(['\u0001sweep/x', 'C 1', '漢字 👩‍👩‍👧', 'a'.repeat(128)])('an id like %j is its own', async (id) => {
    await store().wake([id, `${id}2`], now);
    expect(idsOf(await take())).toEqual([id, `${id}2`].sort());
    expect(await idsIn(store())).toEqual([]);
  });

  test('a profile and an event wake in the same step as they are written, and where they are not written they do not', async () => {
    await store().putProfile('C-1', profile, undefined, now + 1);
    expect(await store().putProfile('C-1', profile, 77, now)).toBe('conflict');
    const event = (customerId: string, eventKey: string, wakeAt: number, members: Partial<EventWrite> = {}): EventWrite => ({
      customerId, now, wakeAt, timings: new Map(), createsCustomer: false, needsConsent: null, late: false,
      intake: { type: 'purchase', fromPartner: false, occurredAt: now, matches: [] },
      idempotency: { eventKey, body: 'b', expiresAt: now + dayMs, mostKept: 100 }, ...members,
    });
    expect(await store().takeIn(event('C-2', 'e-1', now))).toEqual({ type: 'unknown-customer' });
    expect(await store().takeIn(event('C-1', 'e-2', now, { needsConsent: 'partner-data' }))).toEqual({ type: 'no-consent' });
    expect(await take()).toEqual([]);
    expect(await store().takeIn(event('C-3', 'e-3', now, { createsCustomer: true }))).toEqual({ type: 'recorded' });
    const three = await takeOne();
    expect(three.customerId).toBe('C-3');
    await store().settle({ ...three, agenda: emptyAgenda, dueAt: null });
    expect(await store().takeIn(event('C-3', 'e-3', now, { createsCustomer: true }))).toMatchObject({ type: 'repeated' });
    expect(await take()).toEqual([]);
    expect((await takeOne(now + 1)).customerId).toBe('C-1');
    // Whom it makes is looked at at the sooner of two times; whom it finds, for what the event may open.
    await store().takeIn(event('C-4', 'e-4', now + 3, { createsCustomer: true, wakeNewAt: now + 2 }));
    await store().takeIn(event('C-5', 'e-5', now + 2, { createsCustomer: true, wakeNewAt: now + 3 }));
    await store().takeIn({ ...event('C-6', 'e-6', 0, { createsCustomer: true, wakeNewAt: now + 2 }), wakeAt: undefined });
    await store().takeIn({ ...event('C-3', 'e-7', 0, { createsCustomer: true, wakeNewAt: now + 2 }), wakeAt: undefined });
    expect(idsOf(await take(now + 2))).toEqual(['C-4', 'C-5', 'C-6']);
  });

  describe('an export', () => {
    const exported = async (): Promise<unknown> => (await store().export('C-1'))?.agenda;

    test('lists what was said and is to be, and when somebody must look', async () => {
      await store().putProfile('C-1', profile);
      expect(await exported()).toBeUndefined();
      await store().wake(['C-1'], now);
      expect(await exported()).toEqual({ dueAt: now, agenda: emptyAgenda });
      const due = await takeOne();
      expect(await exported()).toEqual({ dueAt: now + leaseMs, agenda: emptyAgenda });
      await store().settle({ ...due, agenda, dueAt: null });
      expect(await exported()).toEqual({ dueAt: null, agenda });
      await store().erase('C-1', tombstone);
      await store().putProfile('C-1', profile);
      expect(await exported()).toBeUndefined();
    });

    test('that is loaded is held as it was, and whoever worked on what was there can write it no more', async () => {
      await store().load([{ ...agreed('C-1'), agenda: { dueAt: now + 9, agenda } }, storedCustomer('C-2')]);
      expect(await exported()).toEqual({ dueAt: now + 9, agenda });
      expect((await store().export('C-2'))?.agenda).toBeUndefined();
      const due = await takeOne(now + 9);
      await store().load([{ ...agreed('C-1'), agenda: { dueAt: null, agenda: { ...agenda, publications: [] } } }]);
      expect(await store().settle({ ...due, agenda: emptyAgenda, dueAt: now })).toBe(false);
      expect(await exported()).toEqual({ dueAt: null, agenda: { ...agenda, publications: [] } });
      // What hangs on partners' data only where the customer agrees to them.
      const theirs = { dueAt: now, agenda: { notes: agenda.notes.map((note) => ({ ...note, fromPartner: true as const })), publications: [{ ...publication, fromPartner: true as const }] } };
      await store().load([{ ...storedCustomer('C-3'), agenda: theirs }, { ...agreed('C-4'), agenda: theirs }]);
      expect((await store().export('C-3'))?.agenda).toEqual({ dueAt: now, agenda: emptyAgenda });
      expect((await store().export('C-4'))?.agenda).toEqual(theirs);
      // Without one, what is there stays.
      await store().load([agreed('C-1')]);
      expect(await exported()).toEqual({ dueAt: null, agenda: { ...agenda, publications: [] } });
      await store().load([storedCustomer('C-1')]);
      expect(await exported()).toEqual({ dueAt: null, agenda: { notes: agenda.notes.slice(0, 3), publications: [] } });
    });
  });

  test('who is loaded falls due with it, at the sooner of two times', async () => {
    await store().load([storedCustomer('C-1'), { ...agreed('C-2'), agenda: { dueAt: now + 9, agenda } }, { ...agreed('C-3'), agenda: { dueAt: now - 1, agenda } }], now);
    expect((await take(now)).map(({ customerId, dueAt, agenda: held }) => ({ customerId, dueAt, agenda: held })).toSorted((one, other) => (one.customerId < other.customerId ? -1 : 1))).toEqual([
      { customerId: 'C-1', dueAt: now, agenda: emptyAgenda }, { customerId: 'C-2', dueAt: now, agenda }, { customerId: 'C-3', dueAt: now - 1, agenda },
    ]);
    await expect(store().load([storedCustomer('C-4')], -1)).rejects.toThrow('A time must be');
    await expect(store().load([{ ...storedCustomer('C-4'), agenda: { dueAt: 0.5, agenda } }])).rejects.toThrow('A time must be');
    expect(await store().export('C-4')).toBeNull();
  });

  describe('a claim with an agenda', () => {
    let due: DueCustomer;
    beforeEach(async () => {
      await store().putProfile('C-1', profile, undefined, now);
      due = await takeOne();
    });
    const claim = async (members: { lease?: string; version?: number; max?: number; at?: CustomerStore } = {}): Promise<string> => {
      const { ledgerVersion } = await customerIn(store(), 'C-1');
      const { lease = due.lease, version = ledgerVersion, max = 1, at = store() } = members;
      const reserve = [{ ...room(max), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 10, confirmed: false }];
      return (await at.claim(claimOf('C-1', version, [contact('presented')], { reserve, agenda: { lease, agenda } }))).type;
    };

    test('is written with the contacts, and the lease goes on', async () => {
      expect(await claim()).toBe('claimed');
      expect(await contactsIn(store(), 'C-1')).toHaveLength(1);
      expect(await take(now + leaseMs - 1)).toEqual([]);
      expect((await takeOne(now + leaseMs)).agenda).toEqual(agenda);
    });

    const refusals: [string, Parameters<typeof claim>[0], string][] = [
      ['the lease is another one', { lease: 'other' }, 'lease-lost'],
      ['the ledger is another one', { version: 12_345 }, 'conflict'],
      ['there is no room', { max: 0 }, 'limit-reached'],
    ];
    test.each(refusals)('is not written where %s, and nothing else is', async (_, members, expected) => {
      expect(await claim(members)).toBe(expected);
      expect(await contactsIn(store(), 'C-1')).toEqual([]);
      expect(await usageIn(store())).toBe(0);
      expect((await takeOne(now + leaseMs)).agenda).toEqual(emptyAgenda);
    });

    test('is not written where another process took over', async () => {
      const other = await open();
      await takeOne(now + leaseMs, other);
      expect(await claim()).toBe('lease-lost');
    });

    test('takes back what was presented and did not come about, under the lease', async () => {
      const takeBack = async (lease: string): Promise<string> => (await store().claim(claimOf('C-1', (await customerIn(store(), 'C-1')).ledgerVersion, [], { takesBack: ['d-1', 'd-3'], agenda: { lease, agenda } }))).type;
      await store().load([{ id: 'C-1', profile, contacts: [contact('presented'), contact('presented', { decisionId: 'd-2' }), contact('presented', { decisionId: 'd-3' }), contact('opened', { decisionId: 'd-3' })] }]);
      await store().wake(['C-1'], now);
      due = await takeOne(now + leaseMs);
      const before = await customerIn(store(), 'C-1');
      expect(await takeBack('other')).toBe('lease-lost');
      expect(await customerIn(store(), 'C-1')).toEqual(before);
      expect(await takeBack(due.lease)).toBe('claimed');
      const after = await customerIn(await open(), 'C-1');
      // Of the third more is known: it came about.
      expect(after.contacts.map(({ decisionId, outcome }) => [decisionId, outcome])).toEqual([['d-2', 'presented'], ['d-3', 'presented'], ['d-3', 'opened']]);
      expect(after.ledgerVersion).not.toBe(before.ledgerVersion);
      expect((await takeOne(now + 3 * leaseMs)).agenda).toEqual(agenda);
    });

    test('of two at the same time one is written', async () => {
      const other = await open();
      expect((await Promise.all([claim(), claim({ at: other })])).sort()).toEqual(['claimed', 'conflict']);
    });
  });

  describe('with the consent to partners\' data', () => {
    const agreed = { ...profile, consents: [...profile.consents, 'partner-data'] };
    beforeEach(async () => {
      await store().putProfile('C-1', agreed, undefined, now);
      await store().settle({ ...await takeOne(), agenda, dueAt: now });
    });

    test('what hangs on them goes in the same step, and nothing else', async () => {
      await store().putProfile('C-1', agreed);
      await store().putProfile('C-1', profile);
      expect((await takeOne()).agenda).toEqual({ notes: agenda.notes.slice(0, 3), publications: [publication] });
    });

    test('the whole of it, where there is nothing else', async () => {
      await store().settle({ ...await takeOne(), agenda: { notes: agenda.notes.slice(3), publications: [] }, dueAt: null });
      await store().putProfile('C-1', profile);
      expect(await take(now + 1000 * dayMs)).toEqual([]);
      await store().wake(['C-1'], now);
      expect((await takeOne()).agenda).toEqual(emptyAgenda);
    });

    test('whoever works on it cannot bring it back', async () => {
      const due = await takeOne();
      await store().wake(['C-1'], now + 1);
      await store().putProfile('C-1', profile, undefined, now + 2);
      expect(await store().settle({ ...due, agenda, dueAt: null })).toBe(false);
      expect((await takeOne(now + 1)).agenda.publications).toEqual([publication]);
    });
  });

  describe('who speaks', () => {
    const walk = '\u0001sweep/x';

    test('of two catalogs the one that came last does, in any process, and a walk anew is another turn', async () => {
      const other = await open();
      expect(await store().takeTurn({ revision: 'A', now, joins: 'start', handsOver: false })).toEqual({ speaks: true, turn: 1 });
      expect(await other.takeTurn({ revision: 'B', now: now + 1, joins: 'start', handsOver: false })).toEqual({ speaks: true, turn: 2 });
      expect(await store().takeTurn({ revision: 'A', now: now + 2, joins: null, handsOver: true })).toEqual({ speaks: false, turn: 3 });
      await store().walkAnew();
      expect(await other.takeTurn({ revision: 'B', now: now + 3, joins: null, handsOver: false })).toEqual({ speaks: true, turn: 4 });
      await store().close();
      expect(await (await open()).takeTurn({ revision: 'A', now: now + 4, joins: null, handsOver: false })).toEqual({ speaks: false, turn: 4 });
    });

    test('many that ask at once agree', async () => {
      const other = await open();
      const turns = await Promise.all(Array.from({ length: 8 }, (_, place) => (place % 2 === 0 ? store() : other).takeTurn({ revision: 'A', now, joins: 'start', handsOver: false })));
      expect(new Set(turns.map(({ turn }) => turn))).toEqual(new Set([1]));
    });

    test('a walk is begun only where somebody does', async () => {
      await store().beginWalk(walk, now);
      expect(await take()).toEqual([]);
      await store().takeTurn({ revision: 'A', now, joins: 'start', handsOver: false });
      await store().beginWalk(walk, now);
      expect(idsOf(await take())).toEqual([walk]);
    });

    test('a store where nobody did has no other turn for a walk anew', async () => {
      await store().walkAnew();
      expect(await store().takeTurn({ revision: 'A', now, joins: 'start', handsOver: false })).toEqual({ speaks: true, turn: 1 });
    });
  });

  test('asked for in parts, everybody is taken by one of them', async () => {
    const ids = Array.from({ length: 100 }, (_, number) => `C-${number}`);
    await store().wake(ids, now);
    const taken: string[] = [];
    for (let place = 0; place < 4; place++) taken.push(...idsOf(await store().takeDue({ now, most: 100, leaseUntil: now + leaseMs, part: { place, of: 4 } })));
    expect(taken.sort()).toEqual(ids.sort());
  });

  describe('an agenda that cannot be read', () => {
    let failures: Error[];
    const takeReadable = async (at = now): Promise<readonly DueCustomer[]> => store().takeDue({ now: at, most: 100, leaseUntil: at + leaseMs, failed: (error) => failures.push(error) });
    beforeEach(async () => {
      failures = [];
      await store().load(['C-1', 'C-2', 'C-3'].map((id) => ({ ...storedCustomer(id), agenda: { dueAt: now, agenda: { notes: [], publications: [publication] } } })));
      await spoilAgenda('C-2');
    });

    test('is set aside and told, and the others are handed out', async () => {
      expect(idsOf(await takeReadable())).toEqual(['C-1', 'C-3']);
      expect(failures).toEqual([expect.objectContaining({ name: 'UnreadableError', message: expect.stringContaining('What there is to say to a customer cannot be read') as string })]);
      // No more where nobody wakes it, not even when the leases are over.
      expect(idsOf(await takeReadable(now + leaseMs))).toEqual(['C-1', 'C-3']);
      expect(failures).toHaveLength(1);
    });

    test('keeps no customer from being woken, nor itself', async () => {
      await takeReadable();
      await store().wake(['C-4', 'C-2', 'C-5'], now);
      expect(idsOf(await takeReadable())).toEqual(['C-4', 'C-5']);
      expect(failures).toHaveLength(2);
      expect(await store().putProfile('C-2', profile, undefined, now)).toBe('replaced');
      expect(await takeReadable()).toEqual([]);
      expect(failures).toHaveLength(3);
    });

    test.each([['after it was set aside', true], ['before anybody took it', false]])('goes with its customer who is erased %s', async (_, wasTaken) => {
      if (wasTaken) await takeReadable();
      expect(await store().erase('C-2', tombstone)).toBe(true);
      expect(idsOf(await takeReadable())).toEqual(wasTaken ? [] : ['C-1', 'C-3']);
      expect(failures).toHaveLength(wasTaken ? 1 : 0);
      await store().putProfile('C-2', profile, undefined, now);
      expect((await takeReadable()).map(({ agenda: held }) => held)).toEqual([emptyAgenda]);
    });

    test('does not keep a consent to partners\' data from being withdrawn', async () => {
      await store().putProfile('C-1', agreed('C-1').profile);
      await store().load([{ ...agreed('C-1'), agenda: { dueAt: now, agenda } }]);
      await spoilAgenda('C-1');
      expect(await store().putProfile('C-1', profile)).toBe('replaced');
      // Theirs was what could not be read.
      expect((await takeReadable()).find(({ customerId }) => customerId === 'C-1')?.agenda).toEqual({ notes: agenda.notes.slice(0, 3), publications: [publication] });
      expect(failures).toHaveLength(1);
    });

    test('is replaced by a load', async () => {
      await takeReadable();
      await store().load([{ ...storedCustomer('C-2'), agenda: { dueAt: now, agenda: emptyAgenda } }]);
      expect(await takeReadable()).toEqual([expect.objectContaining({ customerId: 'C-2', agenda: emptyAgenda })]);
    });
  });

  describe('an erased customer', () => {
    test('is due no more, and nothing of the agenda is left', async () => {
      await store().putProfile('C-1', profile, undefined, now);
      await store().settle({ ...await takeOne(), agenda, dueAt: now });
      await store().erase('C-1', tombstone);
      expect(await take(now + 1000 * dayMs)).toEqual([]);
      await store().wake(['C-1'], now);
      expect((await takeOne()).agenda).toEqual(emptyAgenda);
    });

    test('whoever works on it cannot write what is left', async () => {
      await store().putProfile('C-1', profile, undefined, now);
      const due = await takeOne();
      await store().wake(['C-1'], now);
      await store().erase('C-1', tombstone);
      expect(await store().settle({ ...due, agenda, dueAt: now })).toBe(false);
      expect(await take(now + 1000 * dayMs)).toEqual([]);
    });
  });

  test.each([-1, 0.5, NaN])('the time %p is refused', async (time) => {
    await expect(store().wake(['C-1'], time)).rejects.toThrow('A time must be');
    await expect(store().takeDue({ now: time, most: 1, leaseUntil: now })).rejects.toThrow('A time must be');
    await expect(store().putProfile('C-1', profile, undefined, time)).rejects.toThrow('A time must be');
    expect(await store().export('C-1')).toBeNull();
  });
}
