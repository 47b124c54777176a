import type { CustomerStore, EventWrite, LinkWrite } from '../../src/customers/customer-store.js';
import { noEvents } from '../../src/customers/event-ledger.js';
import { visitorKey } from '../../src/customers/visitor-id.js';
import type { Contact } from '../../src/decision/types.js';
import { claimOf, contact, contactsIn, customerIn, dayMs, horizon, idempotency, idsIn, now, profile, recordOf, room, tombstone, usageIn } from './customer-samples.js';

export const visitor = visitorKey('v-1');
const timing = { opensAfterMs: 0, windowMs: 30 * dayMs, restMs: 0 };
export const visitorUntil = now + 90 * dayMs;

export function linkOf(customerId = 'C-1', members: Partial<LinkWrite> = {}): LinkWrite {
  return { visitor, customerId, now, horizon, maxContacts: 2000, maxVisitors: 3, timings: new Map([['moved-house', timing]]), visitorUntil, ...members };
}

export function ofVisitor(of: Contact, members: Parameters<typeof recordOf>[2] = {}): ReturnType<typeof recordOf> {
  return recordOf(visitor, of, { visitorUntil, ...members });
}

export function eventOf(customerId: string, members: Partial<EventWrite> = {}, key = 'e-1'): EventWrite {
  return {
    customerId, now, timings: new Map([['moved-house', timing]]), createsCustomer: true, needsConsent: null, late: false, visitorUntil,
    intake: { type: 'address.changed', fromPartner: false, occurredAt: now, matches: [{ trigger: 'moved-house', timing }] },
    idempotency: { eventKey: key, body: 'body-1', expiresAt: now + dayMs, mostKept: 100 },
    ...members,
  };
}

const another = (of: Partial<Contact> = {}): Contact => contact('presented', { decisionId: 'd-2', ...of });

/** What every adapter does with visitors. */
export function describeVisitors(store: () => CustomerStore): void {
  describe('a visitor who is nobody yet', () => describeOpen(store));
  describe('a link', () => describeLink(store));
  describe('a visitor who was linked', () => describeLinked(store));
  describe('limits', () => describeLimits(store));
  describe('erasing', () => describeErasing(store));
  describe('at once', () => describeRaces(store));
}

function describeOpen(store: () => CustomerStore): void {
  test('is made bare by the first outcome, and is not among the customers', async () => {
    expect(await store().read(visitor, [], now)).toEqual({ customer: null, limitUsage: new Map() });
    expect(await store().record(ofVisitor(contact('presented')))).toEqual({ type: 'recorded' });
    expect(await customerIn(store(), visitor)).toMatchObject({ profile: { attributes: {}, consents: [], holdings: [] }, contacts: [contact('presented')], events: noEvents });
    expect(await idsIn(store())).toEqual([]);
  });

  test('is not made by an event that makes nobody', async () => {
    expect(await store().takeIn(eventOf(visitor, { createsCustomer: false }))).toEqual({ type: 'unknown-customer' });
    expect(await store().export(visitor)).toBeNull();
    await store().record(ofVisitor(contact('clicked')));
    expect(await store().takeIn(eventOf(visitor, { createsCustomer: false }))).toEqual({ type: 'recorded' });
  });

  test('is made by the first event that makes somebody', async () => {
    expect(await store().takeIn(eventOf(visitor))).toEqual({ type: 'recorded' });
    expect(await store().takeIn(eventOf(visitor))).toMatchObject({ type: 'repeated' });
    expect((await customerIn(store(), visitor)).events.trails).toMatchObject([{ type: 'address.changed', total: 1 }]);
    expect(await idsIn(store())).toEqual([]);
  });

  test('has agreed to nothing, so partners\' data are refused', async () => {
    expect(await store().takeIn(eventOf(visitor, { needsConsent: 'partner-data' }))).toEqual({ type: 'no-consent' });
    expect(await store().export(visitor)).toBeNull();
  });

  test('is made by the first claim, for who saw that there is nothing', async () => {
    const claim = (version: number) => store().claim(claimOf(visitor, version, [contact('presented')], { visitorUntil }));
    expect(await claim(7)).toEqual({ type: 'conflict' });
    expect(await claim(0)).toEqual({ type: 'claimed' });
    expect(await claim(0)).toEqual({ type: 'conflict' });
    expect(await contactsIn(store(), visitor)).toEqual([contact('presented')]);
  });

  test('is no customer of the same id, and none of that id is it', async () => {
    await store().putProfile('v-1', profile);
    await store().record(ofVisitor(contact('clicked')));
    expect(await contactsIn(store(), 'v-1')).toEqual([]);
    expect(await store().record(recordOf('v-2', contact('clicked')))).toEqual({ type: 'unknown-customer' });
  });

  test('is forgotten where nothing more was written in its time', async () => {
    await store().record(ofVisitor(contact('presented')));
    await store().takeIn(eventOf(visitor, { visitorUntil: visitorUntil + 1 }));
    expect((await store().read(visitor, [], visitorUntil)).customer).not.toBeNull();
    expect((await store().read(visitor, [], visitorUntil + 1)).customer).toBeNull();
    const later = visitorUntil + 1;
    expect(await store().record(ofVisitor(contact('clicked', { occurredAt: later }), { now: later, visitorUntil: later + 1 }))).toEqual({ type: 'recorded' });
    expect((await store().read(visitor, [], later)).customer).toMatchObject({ contacts: [contact('clicked', { occurredAt: later })], events: noEvents });
  });

  test('must have a time', async () => {
    await expect(store().record(recordOf(visitor, contact('presented')))).rejects.toThrow('until when');
    await expect(store().claim(claimOf(visitor, 0, [contact('presented')]))).rejects.toThrow('until when');
    await expect(store().takeIn(eventOf(visitor, { visitorUntil: undefined }))).rejects.toThrow('until when');
    expect(await store().export(visitor)).toBeNull();
  });
}

function describeLink(store: () => CustomerStore): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', another({ occurredAt: now - 5 })));
  });

  test('joins contacts, in the order of time, and events', async () => {
    await store().record(ofVisitor(contact('presented', { occurredAt: now - 9 })));
    await store().record(ofVisitor(contact('clicked')));
    await store().takeIn(eventOf('C-1', {}, 'e-0'));
    await store().takeIn(eventOf(visitor));
    expect(await store().link(linkOf())).toEqual({ type: 'joined', contacts: 2, events: 1, linkedAt: now });
    const { contacts, events, profile: after } = await customerIn(store(), 'C-1');
    expect(contacts).toEqual([contact('presented', { occurredAt: now - 9 }), another({ occurredAt: now - 5 }), contact('clicked')]);
    expect(events.trails).toEqual([{ type: 'address.changed', fromPartner: false, total: 2, recent: [now, now], days: [{ day: Math.floor(now / dayMs), count: 2 }] }]);
    expect(events.matches).toMatchObject([{ trigger: 'moved-house', occurredAt: now }]);
    expect(after).toEqual(profile);
  });

  test('again answers the same, and counts nothing twice', async () => {
    await store().record(ofVisitor(contact('clicked')));
    await store().link(linkOf());
    const { contacts, ledgerVersion } = await customerIn(store(), 'C-1');
    expect(await store().link(linkOf('C-1', { now: now + 1 }))).toEqual({ type: 'repeated', contacts: 1, events: 0, linkedAt: now });
    expect(await customerIn(store(), 'C-1')).toMatchObject({ contacts, ledgerVersion });
  });

  test('to another customer is refused', async () => {
    await store().putProfile('C-2', profile);
    await store().record(ofVisitor(contact('clicked')));
    await store().link(linkOf());
    expect(await store().link(linkOf('C-2'))).toEqual({ type: 'other-customer' });
    expect(await contactsIn(store(), 'C-2')).toEqual([]);
    expect(await store().read(visitor, [], now)).toMatchObject({ linkedTo: 'C-1' });
  });

  test('to nobody is refused, and the visitor stays', async () => {
    await store().record(ofVisitor(contact('clicked')));
    expect(await store().link(linkOf('C-9'))).toEqual({ type: 'unknown-customer' });
    expect(await contactsIn(store(), visitor)).toEqual([contact('clicked')]);
    expect(await store().link(linkOf())).toMatchObject({ type: 'joined', contacts: 1 });
  });

  test('of a visitor of whom nothing is held counts from then on', async () => {
    expect(await store().link(linkOf())).toEqual({ type: 'joined', contacts: 0, events: 0, linkedAt: now });
    expect(await store().record(ofVisitor(contact('clicked')))).toEqual({ type: 'linked', customerId: 'C-1' });
  });

  test('that would fill the ledger over is refused, and changes nothing', async () => {
    for (const decisionId of ['d-3', 'd-4']) await store().record(ofVisitor(contact('presented', { decisionId })));
    const before = await customerIn(store(), 'C-1');
    expect(await store().link(linkOf('C-1', { maxContacts: 2 }))).toEqual({ type: 'ledger-full' });
    expect(await customerIn(store(), 'C-1')).toEqual(before);
    expect(await contactsIn(store(), visitor)).toHaveLength(2);
    expect((await store().export('C-1'))?.visitors).toBeUndefined();
    expect(await store().link(linkOf('C-1', { maxContacts: 3 }))).toMatchObject({ type: 'joined', contacts: 2 });
  });

  test('makes room by what is older than the horizon', async () => {
    await store().record(ofVisitor(contact('presented', { occurredAt: now - 89 * dayMs })));
    await store().record(ofVisitor(contact('clicked')));
    expect(await store().link(linkOf('C-1', { now: now + 2 * dayMs, maxContacts: 2 }))).toMatchObject({ type: 'joined', contacts: 1 });
    expect(await contactsIn(store(), 'C-1')).toEqual([another({ occurredAt: now - 5 }), contact('clicked')]);
  });

  test('of a visitor whose time is over joins nothing', async () => {
    await store().record(ofVisitor(contact('accepted'), { idempotency: idempotency('o-1', 'body-1', 'first', visitorUntil + dayMs) }));
    expect(await store().link(linkOf('C-1', { now: visitorUntil, visitorUntil: visitorUntil + dayMs }))).toMatchObject({ type: 'joined', contacts: 0 });
    expect((await contactsIn(store(), 'C-1')).filter(({ outcome }) => outcome === 'accepted')).toEqual([]);
  });

  test('is refused past so many visitors, and each is listed', async () => {
    for (const each of ['a', 'b', 'c']) await store().link(linkOf('C-1', { visitor: visitorKey(each), now: now + each.charCodeAt(0) }));
    expect(await store().link(linkOf())).toEqual({ type: 'too-many-visitors' });
    expect((await store().export('C-1'))?.visitors).toEqual(['a', 'b', 'c'].map((each) => ({ visitorId: each, linkedAt: now + each.charCodeAt(0) })));
  });

  test('takes a presented that both have once, and other outcomes as they are', async () => {
    await store().record(recordOf('C-1', contact('presented')));
    await store().record(ofVisitor(contact('presented')));
    await store().record(ofVisitor(contact('clicked')));
    expect(await store().link(linkOf())).toMatchObject({ contacts: 1 });
    expect((await contactsIn(store(), 'C-1')).map(({ outcome }) => outcome)).toEqual(['presented', 'presented', 'clicked']);
  });

  test('lets the visitor\'s unsubscribed withdraw the consent, unless that is younger', async () => {
    await store().record(ofVisitor(contact('unsubscribed', { channel: 'email' })));
    await store().record(ofVisitor(contact('unsubscribed', { channel: 'web', decisionId: 'd-7', occurredAt: now - 2 * dayMs })));
    await store().putProfile('C-1', { ...profile, consentRecords: [{ purpose: 'web', status: 'confirmed', givenAt: now - 3 * dayMs, confirmedAt: now - dayMs }] });
    const before = await customerIn(store(), 'C-1');
    await store().link(linkOf());
    const after = await customerIn(store(), 'C-1');
    expect(after.profile.consents).toEqual(['web', 'call-center']);
    expect(after.profileVersion).not.toBe(before.profileVersion);
  });

  test('makes a claim on what was seen before a conflict', async () => {
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    await store().record(ofVisitor(contact('clicked')));
    await store().link(linkOf());
    expect(await store().claim(claimOf('C-1', ledgerVersion, [contact('presented')]))).toEqual({ type: 'conflict' });
  });
}

function describeLinked(store: () => CustomerStore): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
    await store().record(ofVisitor(contact('presented'), { idempotency: idempotency('o-1', 'body-1', 'first') }));
    await store().takeIn(eventOf(visitor));
  });

  test('is the customer in every call, and nothing of its own', async () => {
    await store().link(linkOf());
    const linked = { type: 'linked', customerId: 'C-1' };
    expect(await store().read(visitor, [room(1)], now)).toEqual({ customer: null, linkedTo: 'C-1', limitUsage: new Map([[room(1).counter, 0]]) });
    expect(await store().record(ofVisitor(contact('clicked')))).toEqual(linked);
    expect(await store().claim(claimOf(visitor, 0, [contact('presented')], { visitorUntil }))).toEqual(linked);
    expect(await store().takeIn(eventOf(visitor, {}, 'e-2'))).toEqual(linked);
    expect(await store().export(visitor)).toMatchObject({ linkedTo: 'C-1', contacts: [] });
    expect(await contactsIn(store(), 'C-1')).toHaveLength(1);
    expect((await store().read(visitor, [], visitorUntil + dayMs)).linkedTo).toBe('C-1');
  });

  test('leaves as many idempotency keys as a visitor may have, and none that has expired', async () => {
    const most = 300;
    const event = (key: string, expiresAt: number): EventWrite => ({ ...eventOf(visitor, {}, key), idempotency: { eventKey: key, body: 'body-1', expiresAt, mostKept: most } });
    // With those of an outcome and an event.
    await Promise.all(Array.from({ length: most - 2 }, (_, place) => store().takeIn(event(`k-${place}`, place < 100 ? now + 1 : now + dayMs))));
    expect(await store().takeIn(event('one-more', now + dayMs))).toEqual({ type: 'too-many-keys' });
    expect((await store().link(linkOf('C-1', { now: now + 1 }))).type).toBe('joined');
    const again = (key: string) => store().takeIn({ ...eventOf('C-1', {}, key), now: now + 1, idempotency: { eventKey: key, body: 'body-1', expiresAt: now + dayMs, mostKept: most - 100 + 1 } });
    expect([await again('k-100'), await again(`k-${most - 3}`), await again('k-0'), await again('k-1')]).toEqual([{ type: 'repeated', expiresAt: now + dayMs }, { type: 'repeated', expiresAt: now + dayMs }, { type: 'recorded' }, { type: 'too-many-keys' }]);
  });

  test('leaves its idempotency keys to the customer, who keeps the own of the same id', async () => {
    await store().record(recordOf('C-1', contact('opened'), { idempotency: idempotency('o-2', 'own', 'own') }));
    await store().record(ofVisitor(contact('opened'), { idempotency: idempotency('o-2', 'theirs', 'theirs') }));
    await store().link(linkOf());
    const again = (id: string, body: string) => store().record(recordOf('C-1', contact('clicked'), { idempotency: idempotency(id, body, 'again') }));
    expect(await again('o-1', 'body-1')).toEqual({ type: 'repeated', answer: 'first' });
    expect(await again('o-1', 'other')).toEqual({ type: 'other-body' });
    expect(await again('o-2', 'own')).toEqual({ type: 'repeated', answer: 'own' });
    expect(await store().takeIn(eventOf('C-1'))).toMatchObject({ type: 'repeated' });
    expect((await store().record(recordOf('C-1', contact('clicked'), { now: now + dayMs, idempotency: idempotency('o-1', 'later', '', now + 2 * dayMs) }))).type).toBe('recorded');
  });
}

function describeLimits(store: () => CustomerStore): void {
  const [one, next] = [room(1), room(1, 'home-insurance/accepted/month/2026-12')];
  const accept = (customerId: string, members: Parameters<typeof recordOf>[2] = {}) => store().record(recordOf(customerId, contact('accepted'), { confirm: [one], visitorUntil, ...members }));
  beforeEach(async () => {
    for (const id of ['C-1', 'C-2']) await store().putProfile(id, profile);
    await store().claim(claimOf(visitor, 0, [contact('presented')], { visitorUntil, reserve: [{ ...one, offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 9, confirmed: false }] }));
  });

  test('what the visitor holds stays held, and the accept takes it, once', async () => {
    await store().link(linkOf());
    expect(await usageIn(store())).toBe(1);
    expect(await accept('C-2')).toMatchObject({ type: 'limit-reached' });
    expect(await accept('C-1')).toEqual({ type: 'recorded' });
    expect(await usageIn(store(), one.counter, now + 9)).toBe(1);
    expect(await accept('C-1')).toEqual({ type: 'recorded' });
    expect(await usageIn(store(), one.counter, now + 9)).toBe(1);
  });

  test('is found in another period, too', async () => {
    await store().link(linkOf());
    expect(await accept('C-1', { confirm: [next] })).toEqual({ type: 'recorded' });
    expect(await usageIn(store(), one.counter, now + 9)).toBe(1);
    expect(await usageIn(store(), next.counter, now + 9)).toBe(0);
  });

  test('a decline after the link gives it back', async () => {
    await store().link(linkOf());
    await store().record(recordOf('C-1', contact('declined'), { release: [one] }));
    expect(await usageIn(store())).toBe(0);
    expect(await accept('C-2')).toEqual({ type: 'recorded' });
  });

  test('it ends when it would have', async () => {
    await store().link(linkOf());
    expect(await usageIn(store(), one.counter, now + 8)).toBe(1);
    expect(await usageIn(store(), one.counter, now + 9)).toBe(0);
  });

  test('an accept from before the link is not counted again after it', async () => {
    expect(await accept(visitor)).toEqual({ type: 'recorded' });
    await store().link(linkOf());
    expect(await accept('C-1')).toEqual({ type: 'recorded' });
    expect(await usageIn(store(), one.counter, now + 9)).toBe(1);
  });

  test('erasing the customer gives it back', async () => {
    await store().link(linkOf());
    await store().erase('C-1', tombstone);
    expect(await usageIn(store())).toBe(0);
  });
}

function describeErasing(store: () => CustomerStore): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
    await store().record(ofVisitor(contact('presented', { occurredAt: now - 5 }), { idempotency: idempotency('o-1') }));
  });
  const old = () => store().record(ofVisitor(contact('clicked'), { beganAt: now - 5 }));
  const recent = () => store().record(ofVisitor(contact('clicked'), { beganAt: now }));

  test('a visitor leaves nothing but a tombstone', async () => {
    expect(await store().erase(visitor, tombstone)).toBe(true);
    expect(await store().erase(visitor, tombstone)).toBe(false);
    expect(await store().export(visitor)).toBeNull();
    expect(await old()).toEqual({ type: 'erased' });
    expect(await recent()).toEqual({ type: 'recorded' });
    expect(await contactsIn(store(), visitor)).toEqual([contact('clicked')]);
  });

  test('what a visitor left before it was erased does not come to the customer', async () => {
    await store().erase(visitor, tombstone);
    expect(await store().link(linkOf())).toMatchObject({ type: 'joined', contacts: 0 });
    expect(await old()).toEqual({ type: 'erased' });
    expect(await recent()).toEqual({ type: 'linked', customerId: 'C-1' });
  });

  test('a visitor who was linked ends the link; what was joined stays', async () => {
    await store().link(linkOf());
    expect(await store().erase(visitor, tombstone)).toBe(true);
    expect(await contactsIn(store(), 'C-1')).toHaveLength(1);
    expect((await store().export('C-1'))?.visitors).toBeUndefined();
    expect(await old()).toEqual({ type: 'erased' });
    expect(await recent()).toEqual({ type: 'recorded' });
    await store().putProfile('C-2', profile);
    expect(await store().link(linkOf('C-2'))).toMatchObject({ type: 'joined', contacts: 1 });
  });

  test('a customer takes the visitors along', async () => {
    await store().link(linkOf());
    await store().link(linkOf('C-1', { visitor: visitorKey('v-2') }));
    expect(await store().erase('C-1', tombstone)).toBe(true);
    for (const id of ['C-1', visitor, visitorKey('v-2')]) expect(await store().export(id)).toBeNull();
    expect(await old()).toEqual({ type: 'erased' });
    await store().putProfile('C-1', profile);
    expect(await contactsIn(store(), 'C-1')).toEqual([]);
    expect((await store().export('C-1'))?.visitors).toBeUndefined();
    expect(await recent()).toEqual({ type: 'recorded' });
    expect(await store().link(linkOf())).toMatchObject({ type: 'joined', contacts: 1 });
  });

  test('a customer leaves a visitor alone who is another\'s by now', async () => {
    await store().putProfile('C-2', profile);
    await store().link(linkOf());
    await store().erase(visitor, tombstone);
    await store().link(linkOf('C-2'));
    await store().erase('C-1', tombstone);
    expect(await store().read(visitor, [], now)).toMatchObject({ linkedTo: 'C-2' });
  });
}

function describeRaces(store: () => CustomerStore): void {
  test('links, outcomes, events and claims: nothing is lost or doubled', async () => {
    await store().putProfile('C-1', profile);
    const places = Array.from({ length: 24 }, (_, place) => place);
    const follow = async <R extends { readonly type: string }>(write: (id: string) => Promise<R>): Promise<string> => {
      const { type } = await write(visitor);
      return type === 'linked' ? (await write('C-1')).type : type;
    };
    const writes = places.flatMap((place) => [
      follow((id) => store().record(recordOf(id, contact('clicked', { decisionId: `d-${place}` }), { visitorUntil, idempotency: idempotency(`o-${place}`) }))),
      follow((id) => store().takeIn(eventOf(id, {}, `e-${place}`))),
      ...(place % 8 === 3 ? [store().link(linkOf()).then(({ type }) => type)] : []),
    ]);
    const results = await Promise.all(writes);
    expect(new Set(results)).toEqual(new Set(['recorded', 'joined', 'repeated']));
    expect(results.filter((type) => type === 'joined')).toHaveLength(1);
    const { contacts, events } = await customerIn(store(), 'C-1');
    expect(contacts.map(({ decisionId }) => decisionId).toSorted()).toEqual(places.map((place) => `d-${place}`).toSorted());
    expect(events.trails).toMatchObject([{ total: places.length }]);
  });

  test('links to two customers: one has all of it', async () => {
    for (const id of ['C-1', 'C-2']) await store().putProfile(id, profile);
    await store().record(ofVisitor(contact('clicked')));
    const results = await Promise.all(['C-1', 'C-2', 'C-1', 'C-2'].map((id) => store().link(linkOf(id))));
    expect(results.map(({ type }) => type).toSorted()).toEqual(['joined', 'other-customer', 'other-customer', 'repeated']);
    const found = await Promise.all(['C-1', 'C-2'].map((id) => contactsIn(store(), id)));
    expect(found.flat()).toEqual([contact('clicked')]);
  });
}
