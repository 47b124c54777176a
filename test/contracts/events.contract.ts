import type { CustomerStore, EventWrite, StoredProfile } from '../../src/customers/customer-store.js';
import { StoreError } from '../../src/customers/customer-store.js';
import { addEvent, noEvents } from '../../src/customers/event-ledger.js';
import type { CustomerEvents } from '../../src/decision/types.js';
import { claimOf, contact, customerIn, dayMs, groupEventOf, horizon, idempotency, idsIn, now, profile, recordOf, tombstone } from './customer-samples.js';
import type { World } from './customer-store.contract.js';

const partnerProfile: StoredProfile = { ...profile, consents: ['web', 'partner-data'] };
const timing = { opensAfterMs: 0, windowMs: 30 * dayMs, restMs: 0 };
const timings = new Map(['purchase', 'scan', 'pregnancy'].map((type) => [`on-${type}`, timing]));

function eventOf(customerId: string, members: Partial<EventWrite> & { type?: string; fromPartner?: boolean; occurredAt?: number; key?: string; body?: string } = {}): EventWrite {
  const { type = 'purchase', fromPartner = false, occurredAt = now, key = 'shop/1', body = 'body-1', ...rest } = members;
  return {
    customerId, now, timings, createsCustomer: false, needsConsent: fromPartner ? 'partner-data' : null, late: false,
    intake: { type, fromPartner, occurredAt, matches: [{ trigger: `on-${type}`, timing, event: { source: '/shop', data: { amount: 1.5, text: 'ä\ud800' } } }] },
    idempotency: { eventKey: key, body, expiresAt: (rest.now ?? now) + 7 * dayMs, mostKept: 100 },
    ...rest,
  };
}
const eventsOf = (...writes: readonly EventWrite[]): CustomerEvents => writes.reduce((events, { intake, late }) => addEvent(events, intake, { late }), noEvents);
const eventsIn = async (store: CustomerStore, id = 'C-1'): Promise<CustomerEvents> => (await customerIn(store, id)).events;

/** Events of one customer, as every adapter of `CustomerStore` must keep them. */
export function describeEvents({ store, open }: World): void {
  const take = async (write: EventWrite): Promise<string> => (await store().takeIn(write)).type;

  test('an event is there after it is taken in, for every process, and in the export', async () => {
    const other = await open();
    await store().putProfile('C-1', profile);
    expect(await take(eventOf('C-1'))).toBe('recorded');
    for (const each of [store(), other]) {
      expect(await eventsIn(each)).toEqual(eventsOf(eventOf('C-1')));
      expect(await each.export('C-1')).toEqual({ id: 'C-1', profile, contacts: [], events: eventsOf(eventOf('C-1')) });
    }
  });

  test('both processes see what the other takes in', async () => {
    const other = await open();
    await store().putProfile('C-1', profile);
    for (let place = 0; place < 20; place++) {
      expect((await (place % 2 === 0 ? store() : other).takeIn(eventOf('C-1', { key: `k-${place}`, occurredAt: now - place }))).type).toBe('recorded');
      expect((await eventsIn(place % 2 === 0 ? other : store())).trails[0]!.total).toBe(place + 1);
    }
  });

  test('many at once are all counted', async () => {
    const other = await open();
    await store().putProfile('C-1', profile);
    const taken = await Promise.all(Array.from({ length: 40 }, (_, place) => (place % 2 === 0 ? store() : other).takeIn(eventOf('C-1', { key: `k-${place % 30}`, occurredAt: now - place % 30 }))));
    expect(taken.filter(({ type }) => type === 'recorded')).toHaveLength(30);
    expect(taken.filter(({ type }) => type === 'repeated')).toHaveLength(10);
    expect((await eventsIn(store())).trails[0]!.total).toBe(30);
  });

  test('the ledger, the profile and their versions: only the ledger\'s changes', async () => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', contact('clicked')));
    const before = await customerIn(store(), 'C-1');
    await take(eventOf('C-1'));
    const after = await customerIn(store(), 'C-1');
    expect(after).toMatchObject({ profile, contacts: [contact('clicked')], profileVersion: before.profileVersion });
    expect(after.ledgerVersion).not.toBe(before.ledgerVersion);
  });

  test('contacts, profiles and claims leave events as they are', async () => {
    await store().putProfile('C-1', profile);
    await take(eventOf('C-1'));
    await store().record(recordOf('C-1', contact('clicked')));
    await store().claim(claimOf('C-1', (await customerIn(store(), 'C-1')).ledgerVersion, [contact('presented')]));
    await store().putProfile('C-1', { ...profile, holdings: [] });
    expect(await eventsIn(store())).toEqual(eventsOf(eventOf('C-1')));
  });

  test('a claim on what was read before an event is a conflict', async () => {
    await store().putProfile('C-1', profile);
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    await take(eventOf('C-1'));
    expect(await store().claim(claimOf('C-1', ledgerVersion, [contact('presented')]))).toEqual({ type: 'conflict' });
  });

  test('an event that is not taken in changes no version', async () => {
    await store().putProfile('C-1', profile);
    await take(eventOf('C-1'));
    const before = await customerIn(store(), 'C-1');
    for (const write of [eventOf('C-1'), eventOf('C-1', { body: 'other' }), eventOf('C-1', { key: 'shop/2', fromPartner: true })]) await store().takeIn(write);
    expect(await customerIn(store(), 'C-1')).toEqual(before);
  });

  test('of an unknown customer: refused, or a bare one is made', async () => {
    expect(await take(eventOf('C-1'))).toBe('unknown-customer');
    expect(await idsIn(store())).toEqual([]);
    expect(await take(eventOf('C-1', { createsCustomer: true }))).toBe('recorded');
    expect(await customerIn(store(), 'C-1')).toMatchObject({ profile: { attributes: {}, consents: [], holdings: [] }, contacts: [], events: eventsOf(eventOf('C-1')) });
    expect(await idsIn(store())).toEqual(['C-1']);
    expect(await take(eventOf('C-1', { createsCustomer: true }))).toBe('repeated');
  });

  describe('is told by its key', () => {
    beforeEach(() => store().putProfile('C-1', profile));

    test('the same again, the same key with another body, another key', async () => {
      expect(await take(eventOf('C-1'))).toBe('recorded');
      expect(await take(eventOf('C-1', { now: now + 7 * dayMs - 1 }))).toBe('repeated');
      expect(await take(eventOf('C-1', { body: 'other' }))).toBe('other-body');
      expect(await take(eventOf('C-1', { key: 'shop/2' }))).toBe('recorded');
      expect((await eventsIn(store())).trails[0]!.total).toBe(2);
    });

    test('the same again is told when the key of the first expires, whatever it brings itself', async () => {
      const { idempotency, ...first } = eventOf('C-1');
      await store().takeIn({ ...first, idempotency });
      expect(await store().takeIn({ ...first, now: now + 5, idempotency: { ...idempotency, expiresAt: idempotency.expiresAt + 5 } })).toEqual({ type: 'repeated', expiresAt: idempotency.expiresAt });
      expect(await store().takeIn({ ...first, now: now + 6, idempotency: { ...idempotency, expiresAt: idempotency.expiresAt + 6 } })).toEqual({ type: 'repeated', expiresAt: idempotency.expiresAt });
    });

    test('when the key is forgotten, a late one of the same day changes nothing', async () => {
      await take(eventOf('C-1'));
      const before = await eventsIn(store());
      expect(await take(eventOf('C-1', { now: now + 7 * dayMs, late: true }))).toBe('recorded');
      expect(await eventsIn(store())).toEqual(before);
    });

    test('late events count once a day', async () => {
      for (const [key, days] of [['a', 20], ['b', 20], ['c', 21]] as const) expect(await take(eventOf('C-1', { key, late: true, occurredAt: now - days * dayMs }))).toBe('recorded');
      expect((await eventsIn(store())).trails[0]!.total).toBe(2);
    });

    test('keys are one customer\'s own, and apart from outcome ids', async () => {
      await store().putProfile('C-2', profile);
      expect(await take(eventOf('C-1', { key: 'o-1' }))).toBe('recorded');
      expect(await take(eventOf('C-2', { key: 'o-1', body: 'other' }))).toBe('recorded');
      expect(await store().record(recordOf('C-1', contact('clicked'), { idempotency: idempotency('o-1', 'other') }))).toEqual({ type: 'recorded' });
    });
  });

  describe('checks come in their order', () => {
    const erased: StoredProfile | null = null;
    const rows: [string, StoredProfile | null, Partial<Parameters<typeof eventOf>[1]>, string][] = [
      ['a tombstone before everything', erased, { createsCustomer: true, fromPartner: true, occurredAt: tombstone.erasedAt }, 'erased'],
      ['after the erasure it is an unknown customer\'s', erased, { fromPartner: true }, 'unknown-customer'],
      ['of whom one may be made', erased, { createsCustomer: true }, 'recorded'],
      ['but not against a consent', erased, { createsCustomer: true, fromPartner: true }, 'no-consent'],
      ['consent before the key', profile, { fromPartner: true, key: 'known', body: 'other' }, 'no-consent'],
      ['then the key', partnerProfile, { fromPartner: true, key: 'known', body: 'other' }, 'other-body'],
      ['and all is well', partnerProfile, { fromPartner: true }, 'recorded'],
    ];
    test.each(rows)('%s', async (_name, given, members, expected) => {
      await store().putProfile('C-1', given ?? profile);
      await take(eventOf('C-1', { key: 'known' }));
      if (given === null) await store().erase('C-1', tombstone);
      expect(await take(eventOf('C-1', members))).toBe(expected);
      if (given === null && expected !== 'recorded') expect(await idsIn(store())).toEqual([]);
    });
  });

  test('erasing removes events and their keys', async () => {
    await store().putProfile('C-1', profile);
    await take(eventOf('C-1', { occurredAt: now }));
    await store().erase('C-1', tombstone);
    expect(await store().export('C-1')).toBeNull();
    await store().putProfile('C-1', profile);
    expect(await eventsIn(store())).toEqual(noEvents);
    expect(await take(eventOf('C-1', { body: 'other' }))).toBe('recorded');
  });

  test('a time that is no whole millisecond is refused', async () => {
    await store().putProfile('C-1', profile);
    await expect(store().takeIn(eventOf('C-1', { occurredAt: now + 0.5 }))).rejects.toThrow(StoreError);
    await expect(store().takeIn(eventOf('\ud800'))).rejects.toThrow(StoreError);
    expect(await eventsIn(store())).toEqual(noEvents);
  });

  describe('partners\' data go in the write that ends the consent', () => {
    const ours = eventOf('C-1', { key: 'ours' });
    const theirs = eventOf('C-1', { key: 'theirs', type: 'pregnancy', fromPartner: true });
    beforeEach(async () => {
      await store().putProfile('C-1', partnerProfile);
      expect(await take(ours)).toBe('recorded');
      expect(await take(theirs)).toBe('recorded');
      expect(await eventsIn(store())).toEqual(eventsOf(ours, theirs));
    });

    const ways: [string, () => Promise<unknown>][] = [
      ['a profile without it', () => store().putProfile('C-1', profile)],
      ['an objection', () => store().putProfile('C-1', { ...partnerProfile, consents: [], objection: true })],
      ['an outcome that withdraws it', () => store().record(recordOf('C-1', contact('unsubscribed'), { withdrawConsent: 'partner-data' }))],
      ['a load', () => store().load([{ id: 'C-1', profile, contacts: [], events: eventsOf(ours, theirs) }])],
    ];
    test.each(ways)('%s', async (_name, withdraw) => {
      await withdraw();
      for (const each of [store(), await open()]) expect(await eventsIn(each)).toEqual(eventsOf(ours));
      // The consent given anew brings nothing back.
      await store().putProfile('C-1', partnerProfile);
      expect(await eventsIn(store())).toEqual(eventsOf(ours));
      // Nor is it remembered that they were there: sent again they are taken in, once.
      expect(await take(eventOf('C-1', { key: 'theirs', type: 'pregnancy', fromPartner: true, body: 'body-2' }))).toBe('recorded');
      expect(await eventsIn(store())).toEqual(eventsOf(ours, theirs));
      expect(await take(ours)).toBe('repeated');
      expect(await take(theirs)).toBe('other-body');
    });

    test('a consent that stays keeps them', async () => {
      await store().putProfile('C-1', { ...partnerProfile, holdings: [] });
      await store().record(recordOf('C-1', contact('unsubscribed'), { withdrawConsent: 'web' }));
      expect(await eventsIn(store())).toEqual(eventsOf(ours, theirs));
    });

    test('an event and a withdrawal at the same moment leave nothing behind', async () => {
      const other = await open();
      for (let round = 0; round < 10; round++) {
        await store().putProfile('C-1', partnerProfile);
        const [{ type }] = await Promise.all([other.takeIn(eventOf('C-1', { key: `r-${round}`, type: 'pregnancy', fromPartner: true })), store().putProfile('C-1', profile)]);
        expect(['recorded', 'no-consent']).toContain(type);
        expect(await eventsIn(store())).toEqual(eventsOf(ours));
      }
    });
  });

  test('the matches of triggers that are over go with the next event: by the catalog, and by what they were where they left it', async () => {
    await store().putProfile('C-1', profile);
    const short = { ...timing, windowMs: dayMs };
    const soon = now + 20 * dayMs;
    const matched = (type: string, trigger: string, times: typeof timing): Partial<EventWrite> & { key: string } => ({ key: trigger, intake: { type, fromPartner: false, occurredAt: now, matches: [{ trigger, timing: times }] } });
    for (const members of [matched('a', 'campaign', short), matched('a', 'long-campaign', timing), matched('a', 'on-purchase', short), matched('a', 'on-scan', timing)]) expect(await take(eventOf('C-1', members))).toBe('recorded');
    expect((await eventsIn(store())).matches.map(({ trigger }) => trigger)).toEqual(['campaign', 'long-campaign', 'on-purchase', 'on-scan']);
    expect(await take(eventOf('C-1', { key: 'later', type: 'other', occurredAt: soon, now: soon, timings: new Map([['on-purchase', timing], ['on-scan', short]]) }))).toBe('recorded');
    const left = eventsIn(await open());
    expect((await left).matches.map(({ trigger }) => trigger)).toEqual(['long-campaign', 'on-other', 'on-purchase']);
    expect((await left).trails.map(({ type, total }) => [type, total])).toEqual([['a', 4], ['other', 1]]);
  });

  test('load replaces events, and leaves their keys', async () => {
    const given = eventsOf(eventOf('C-1', { occurredAt: now - 5 }), eventOf('C-1', { occurredAt: now - dayMs, type: 'scan' }));
    await store().putProfile('C-1', profile);
    await take(eventOf('C-1'));
    await store().load([{ id: 'C-1', profile, contacts: [], events: given }, { id: 'C-2', profile, contacts: [] }]);
    expect(await eventsIn(store())).toEqual(given);
    expect(await eventsIn(store(), 'C-2')).toEqual(noEvents);
    expect(await take(eventOf('C-1'))).toBe('repeated');
  });
}

/** Events of everybody, and the population's rhythms. */
export function describeShared({ store, open }: World): void {
  const nothing = { groupEvents: [], rhythms: new Map() };
  const idsOf = async (each: CustomerStore, at = now): Promise<string[]> => (await each.shared(at)).groupEvents.map(({ id }) => id);
  const take = async (members: Parameters<typeof groupEventOf>[0] = {}, each = store()): Promise<string> => (await each.takeInForAll(groupEventOf(members))).type;

  test('nothing at first', async () => expect(await store().shared(now)).toEqual(nothing));

  test('an event comes back as it was, for every process, at once', async () => {
    const other = await open();
    expect(await other.shared(now)).toEqual(nothing);
    expect(await take()).toBe('recorded');
    for (const each of [other, store(), await open()]) expect(await each.shared(now)).toEqual({ groupEvents: [groupEventOf().event], rhythms: new Map() });
    expect(await take({ id: 'e-2' }, other)).toBe('recorded');
    expect(await idsOf(store())).toEqual(['e-1', 'e-2']);
  });

  test('the same object while nothing changes, another when something does', async () => {
    await take();
    const first = await store().shared(now);
    expect(await store().shared(now + 1)).toBe(first);
    await take();
    expect(await store().shared(now)).toBe(first);
    await take({ id: 'e-2' }, await open());
    expect(await store().shared(now)).not.toBe(first);
  });

  test('in order of time, then source, then id', async () => {
    const order = [['a', '/x', 2], ['b', '/w', 2], ['c', '/x', 1], ['B', '/w', 2], ['a', '/w', 3]] as const;
    for (const [id, source, ago] of order) await take({ id, source, occurredAt: now - ago });
    expect((await store().shared(now)).groupEvents.map(({ id, source, occurredAt }) => [id, source, now - occurredAt])).toEqual([['a', '/w', 3], ['B', '/w', 2], ['b', '/w', 2], ['a', '/x', 2], ['c', '/x', 1]]);
  });

  test('the same again, and the same key with another body', async () => {
    expect(await take()).toBe('recorded');
    expect(await take()).toBe('repeated');
    expect(await take({ body: 'other' })).toBe('other-body');
    expect(await idsOf(store())).toEqual(['e-1']);
  });

  test('the same again is told when the first occurred', async () => {
    await take({ occurredAt: now - 7 });
    expect(await store().takeInForAll(groupEventOf({ occurredAt: now }))).toEqual({ type: 'repeated', occurredAt: now - 7 });
  });

  test('it is kept until its end, and then forgotten, key and all', async () => {
    const before = await open();
    await take({ keptUntil: now + 10 });
    await take({ id: 'e-2', keptUntil: now + 20 });
    for (const each of [before, store()]) {
      expect(await idsOf(each, now + 9)).toEqual(['e-1', 'e-2']);
      expect(await idsOf(each, now + 10)).toEqual(['e-2']);
      expect(await idsOf(each, now + 20)).toEqual([]);
    }
    expect(await take({ now: now + 10, body: 'other', keptUntil: now + 30 })).toBe('recorded');
  });

  test('no more than the most, and room again when one has ended', async () => {
    for (const id of ['a', 'b', 'c']) expect(await take({ id, most: 3, keptUntil: now + 10 })).toBe('recorded');
    expect(await take({ id: 'd', most: 3 })).toBe('full');
    expect(await take({ id: 'a', most: 3, keptUntil: now + 10 })).toBe('repeated');
    expect(await idsOf(store())).toEqual(['a', 'b', 'c']);
    expect(await take({ id: 'd', most: 3, now: now + 10 })).toBe('recorded');
    expect(await idsOf(store(), now + 10)).toEqual(['d']);
  });

  test('many at once, from two processes: as many as there is room', async () => {
    const other = await open();
    const taken = await Promise.all(Array.from({ length: 20 }, (_, place) => take({ id: `e-${place}`, most: 12 }, place % 2 === 0 ? store() : other)));
    expect(taken.filter((type) => type === 'recorded')).toHaveLength(12);
    expect(await idsOf(other)).toHaveLength(12);
  });

  test('a time that is no whole millisecond is refused', async () => {
    await expect(take({ keptUntil: now + 0.5 })).rejects.toThrow(StoreError);
    expect(await idsOf(store())).toEqual([]);
  });

  test('rhythms are replaced by their types, beside the events', async () => {
    const other = await open();
    await take();
    await store().putRhythms(new Map([['purchase', 7 * dayMs], ['häl', 1.5]]));
    expect(await other.shared(now)).toEqual({ groupEvents: [groupEventOf().event], rhythms: new Map([['purchase', 7 * dayMs], ['häl', 1.5]]) });
    await other.putRhythms(new Map([['scan', dayMs]]));
    expect((await store().shared(now)).rhythms).toEqual(new Map([['purchase', 7 * dayMs], ['häl', 1.5], ['scan', dayMs]]));
    // Two processes by two catalogs, at once.
    await Promise.all([store().putRhythms(new Map([['purchase', 8 * dayMs], ['häl', null]])), other.putRhythms(new Map([['scan', 2 * dayMs], ['gone', null]]))]);
    for (const each of [store(), other]) expect((await each.shared(now)).rhythms).toEqual(new Map([['purchase', 8 * dayMs], ['scan', 2 * dayMs]]));
  });

  test('customers come and go, and events of everybody stay', async () => {
    await take();
    await store().putProfile('C-1', profile);
    await store().erase('C-1', { erasedAt: now + 1, keptUntil: now + horizon.windowMs });
    expect(await idsOf(store())).toEqual(['e-1']);
    expect(await idsIn(store())).toEqual([]);
  });
}
