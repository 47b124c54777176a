import type { ContactWrite, CustomerStore, RecordResult } from '../../src/customers/customer-store.js';
import { StoreError } from '../../src/customers/customer-store.js';
import type { Contact } from '../../src/decision/types.js';
import type { World } from './customer-store.contract.js';
import { confirmed, contact, contactsIn, customerIn, dayMs, idempotency, now, profile, recordOf, room, tombstone, usageIn } from './customer-samples.js';
import { eventOf, linkOf, ofVisitor, visitor } from './visitors.contract.js';

const count = 100;
const clicked = (place: number, members: Partial<Contact> = {}): Contact => contact('clicked', { decisionId: `d-${place}`, reason: `number ${place}`, ...members });
/** The customer's, numbered, each with its own id. */
const outcome = (place: number, members: Partial<ContactWrite> = {}): ContactWrite =>
  recordOf('C-1', clicked(place), { idempotency: { ...idempotency(`o-${place}`, `body-${place}`, `answer-${place}`), mostKept: 5000 }, ...members });
const outcomes = (from: number, until: number): ContactWrite[] => Array.from({ length: until - from }, (_, place) => outcome(from + place));
const recordAll = (store: CustomerStore, writes: readonly ContactWrite[]): Promise<RecordResult[]> => Promise.all(writes.map((write) => store.record(write)));
const placesOf = (contacts: readonly Contact[]): number[] => contacts.map(({ reason }) => Number(reason?.split(' ')[1]));
const upTo = (until: number, from = 0): number[] => Array.from({ length: until - from }, (_, place) => from + place);
const typesOf = (results: readonly RecordResult[]): string[] => results.map(({ type }) => type);
const times = (number: number, type: string): string[] => Array.from({ length: number }, () => type);

/** Writes of one customer that are asked for at once: each is answered, and what is kept is, as if they came one after the other. */
export function describeTogether({ store, open }: World): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
  });

  test('a hundred outcomes are all there, in their order, for every process', async () => {
    const other = await open();
    expect(typesOf(await recordAll(store(), outcomes(0, count)))).toEqual(times(count, 'recorded'));
    expect(placesOf(await contactsIn(other, 'C-1'))).toEqual(upTo(count));
    expect(await recordAll(other, outcomes(0, count))).toEqual(upTo(count).map((place) => ({ type: 'repeated', answer: `answer-${place}` })));
    expect(await contactsIn(store(), 'C-1')).toHaveLength(count);
  });

  test('of equal ids among them the first is recorded, and answers the others', async () => {
    const writes = outcomes(0, 30).flatMap((write, place) => [
      write,
      outcome(place, { idempotency: { ...write.idempotency!, answer: 'second' } }),
      outcome(place, { idempotency: { ...write.idempotency!, body: 'other' } }),
    ]);
    expect(await recordAll(store(), writes)).toEqual(upTo(30).flatMap((place) => [{ type: 'recorded' }, { type: 'repeated', answer: `answer-${place}` }, { type: 'other-body' }]));
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual(upTo(30));
  });

  test('an id that expires between two of them is free for the second', async () => {
    const write = (at: number, answer: string): ContactWrite => outcome(0, { now: at, idempotency: idempotency('o-1', answer, answer, at + dayMs) });
    expect(await recordAll(store(), [outcome(9), write(now, 'first'), write(now + dayMs - 1, 'first'), write(now + dayMs, 'second'), write(now + dayMs + 1, 'second')]))
      .toEqual([{ type: 'recorded' }, { type: 'recorded' }, { type: 'repeated', answer: 'first' }, { type: 'recorded' }, { type: 'repeated', answer: 'second' }]);
  });

  test('the presented of one decision counts once', async () => {
    const presented = (id: string): ContactWrite => recordOf('C-1', contact('presented'), { idempotency: idempotency(id) });
    const writes = [outcome(1), presented('p-1'), presented('p-2'), presented('p-3'), outcome(2)];
    expect(await recordAll(store(), writes)).toEqual([{ type: 'recorded' }, { type: 'recorded' }, { type: 'repeated', answer: null }, { type: 'repeated', answer: null }, { type: 'recorded' }]);
    expect((await contactsIn(store(), 'C-1')).filter(({ outcome: what }) => what === 'presented')).toHaveLength(1);
    expect(await store().record(presented('p-3'))).toEqual({ type: 'repeated', answer: '{"status":201}' });
  });

  test('a ledger that becomes full in the middle takes exactly what it has room for, and those refused leave no id', async () => {
    await store().load([{ id: 'C-1', profile, contacts: Array.from({ length: 1960 }, (_, place) => clicked(place, { decisionId: undefined, occurredAt: now - 1 })) }]);
    expect(typesOf(await recordAll(store(), outcomes(0, count)))).toEqual([...times(40, 'recorded'), ...times(60, 'ledger-full')]);
    expect(placesOf((await contactsIn(store(), 'C-1')).slice(1960))).toEqual(upTo(40));
    const more = outcomes(0, count).map((write) => ({ ...write, maxContacts: 2001 }));
    expect(typesOf(await recordAll(store(), more))).toEqual([...times(40, 'repeated'), 'recorded', ...times(59, 'ledger-full')]);
  });

  test('of all that they are woken for the soonest counts, wherever it stands among them', async () => {
    const taking = (key: string, wakeAt: number | undefined) => store().takeIn(eventOf('C-1', { visitorUntil: undefined, wakeAt }, key));
    await Promise.all([store().record(outcome(0)), taking('e-1', now + 9), taking('e-2', now + 3), taking('e-3', now + 5), taking('e-4', undefined), store().record(outcome(1))]);
    const due = (at: number): Promise<string[]> => store().takeDue({ now: at, most: 9, leaseUntil: at + 1 }).then((taken) => taken.map(({ customerId }) => customerId));
    expect([await due(now + 2), await due(now + 3)]).toEqual([[], ['C-1']]);
  });

  test('no more ids are remembered than are allowed', async () => {
    const writes = outcomes(0, 20).map((write) => ({ ...write, idempotency: { ...write.idempotency!, mostKept: 12 } }));
    expect(typesOf(await recordAll(store(), [...writes.slice(0, 5), ...writes]))).toEqual([...times(5, 'recorded'), ...times(5, 'repeated'), ...times(7, 'recorded'), ...times(8, 'too-many-keys')]);
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual(upTo(12));
  });

  test('an erasure and a profile between them stand in their order', async () => {
    const before = recordAll(store(), outcomes(0, 20));
    const erased = store().erase('C-1', tombstone);
    const without = recordAll(store(), outcomes(0, 20));
    const put = store().putProfile('C-1', { ...profile, holdings: ['loan'] });
    const after = recordAll(store(), outcomes(10, 40));
    expect(typesOf(await before)).toEqual(times(20, 'recorded'));
    expect(await erased).toBe(true);
    expect(typesOf(await without)).toEqual(times(20, 'unknown-customer'));
    expect(await put).toBe('created');
    expect(typesOf(await after)).toEqual(times(30, 'recorded'));
    expect(await customerIn(store(), 'C-1')).toMatchObject({ profile: { holdings: ['loan'] }, events: { trails: [] } });
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual(upTo(40, 10));
    expect(typesOf(await recordAll(store(), outcomes(0, 20)))).toEqual([...times(10, 'recorded'), ...times(10, 'repeated')]);
  });

  test('a profile, a withdrawal, an event and an import between them keep what the others wrote', async () => {
    const calls = [
      recordAll(store(), outcomes(0, 10)),
      store().putProfile('C-1', { ...profile, consentRecords: [confirmed('email')] }),
      recordAll(store(), outcomes(10, 20)),
      store().record(recordOf('C-1', clicked(20, { outcome: 'unsubscribed', channel: 'email' }), { withdrawConsent: 'email' })),
      recordAll(store(), outcomes(21, 30)),
      store().takeIn(eventOf('C-1')),
      recordAll(store(), outcomes(30, 40)),
    ];
    await Promise.all(calls);
    const { profile: kept, contacts, events } = await customerIn(store(), 'C-1');
    expect(placesOf(contacts)).toEqual(upTo(40));
    expect(kept).toMatchObject({ consents: ['web', 'call-center'], consentRecords: [{ purpose: 'email', status: 'withdrawn' }] });
    expect(events.trails).toMatchObject([{ type: 'address.changed', total: 1 }]);

    const [, others] = await Promise.all([recordAll(store(), outcomes(40, 50)), store().load([{ id: 'C-1', profile, contacts: [clicked(7)] }]), recordAll(store(), outcomes(50, 60))]);
    expect(others).toEqual([]);
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual([7, ...upTo(60, 50)]);
  });

  test('an import over the state from before is refused where others wrote before it', async () => {
    const { profileVersion, ledgerVersion } = await customerIn(store(), 'C-1');
    const replaces = { profileVersion, ledgerVersion };
    const [, others] = await Promise.all([recordAll(store(), outcomes(0, 10)), store().load([{ id: 'C-1', profile, contacts: [], replaces }]), recordAll(store(), outcomes(10, 20))]);
    expect(others).toEqual(['C-1']);
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual(upTo(20));
  });

  test('a claim on the state from before is a conflict where others wrote before it', async () => {
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    const claim = (id: string): Promise<unknown> => store().claim({ customerId: 'C-1', ledgerVersion, contacts: [contact('presented', { decisionId: id })], now, horizon: { windowMs: dayMs, latestOf: [] }, maxContacts: 2000, reserve: [] });
    const [first, , second] = await Promise.all([claim('d-a'), recordAll(store(), outcomes(0, 10)), claim('d-b'), recordAll(store(), outcomes(10, 20))]);
    expect([first, second]).toEqual([{ type: 'claimed' }, { type: 'conflict' }]);
    expect(await contactsIn(store(), 'C-1')).toHaveLength(21);
  });

  test('limits among them are confirmed exactly as far as there is room', async () => {
    const accepted = (place: number): ContactWrite => recordOf('C-1', contact('accepted', { decisionId: `a-${place}` }), { confirm: [room(3)], idempotency: { ...idempotency(`a-${place}`), mostKept: 5000 } });
    const writes = upTo(10).flatMap((place) => [outcome(2 * place), accepted(place), outcome(2 * place + 1)]);
    expect(typesOf(await recordAll(store(), writes))).toEqual(upTo(10).flatMap((place) => ['recorded', place < 3 ? 'recorded' : 'limit-reached', 'recorded']));
    expect(await usageIn(store())).toBe(3);
    const contacts = await contactsIn(store(), 'C-1');
    expect(contacts.filter(({ outcome: what }) => what === 'accepted')).toHaveLength(3);
    expect(placesOf(contacts.filter(({ outcome: what }) => what === 'clicked'))).toEqual(upTo(20));
  });

  test('one that cannot be stored is refused alone', async () => {
    // A time that is a whole number, and too great for the stored format.
    const bad = outcome(20, { contact: clicked(20, { occurredAt: Number.MAX_SAFE_INTEGER - 1 }) });
    const settled = await Promise.allSettled([...outcomes(0, 20), bad, ...outcomes(21, 40)].map((write) => store().record(write)));
    expect(settled.map(({ status }) => status)).toEqual([...times(20, 'fulfilled'), 'rejected', ...times(19, 'fulfilled')]);
    expect((settled[20] as PromiseRejectedResult).reason).toBeInstanceOf(StoreError);
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual([...upTo(20), ...upTo(40, 21)]);
    expect(typesOf(await recordAll(store(), outcomes(19, 22)))).toEqual(['repeated', 'recorded', 'repeated']);
  });

  test('many customers at once keep theirs apart', async () => {
    const ids = upTo(25).map((place) => `C-${place}`);
    for (const id of ids) await store().putProfile(id, profile);
    const writes = outcomes(0, 8).flatMap((write) => ids.map((customerId) => ({ ...write, customerId })));
    expect(typesOf(await recordAll(store(), writes))).toEqual(times(200, 'recorded'));
    for (const id of ids) expect(placesOf(await contactsIn(store(), id))).toEqual(upTo(8));
  });

  test('two processes at once lose none, and a hundred outcomes told to both are recorded once', async () => {
    const other = await open();
    const results = await Promise.all([recordAll(store(), outcomes(0, 60)), recordAll(other, outcomes(40, count)), recordAll(store(), outcomes(0, 10))]);
    expect(results.flat().filter(({ type }) => type === 'recorded')).toHaveLength(count);
    expect(placesOf(await contactsIn(store(), 'C-1')).toSorted((one, another) => one - another)).toEqual(upTo(count));
  });

  test('a visitor who is made by the first of them, and linked between them, brings them to the customer', async () => {
    const ofIt = (place: number): ContactWrite => ofVisitor(clicked(place), { idempotency: { ...idempotency(`v-${place}`), mostKept: 5000 } });
    const before = recordAll(store(), upTo(20).map(ofIt));
    const linking = store().link(linkOf('C-1'));
    const after = recordAll(store(), upTo(30, 15).map(ofIt));
    expect(typesOf(await before)).toEqual(times(20, 'recorded'));
    expect(await linking).toMatchObject({ type: 'joined', contacts: 20 });
    expect(await after).toEqual(upTo(15).map(() => ({ type: 'linked', customerId: 'C-1' })));
    expect(placesOf(await contactsIn(store(), 'C-1'))).toEqual(upTo(20));
  });

  test('a visitor whose time ends between two of them is another after it', async () => {
    const at = (place: number, when: number): ContactWrite => ofVisitor(clicked(place, { occurredAt: when }), { now: when, visitorUntil: when + dayMs });
    expect(typesOf(await recordAll(store(), [at(0, now), at(1, now), at(2, now + dayMs - 1), at(3, now + 2 * dayMs - 1), at(4, now + 2 * dayMs)]))).toEqual(times(5, 'recorded'));
    const { customer } = await store().read(visitor, [], now + 2 * dayMs);
    expect(placesOf(customer!.contacts)).toEqual([3, 4]);
  });

  test('events at once: the first of each id is taken in, and the customer is made once', async () => {
    const events = upTo(50).flatMap((place) => [eventOf('C-9', {}, `e-${place}`), eventOf('C-9', {}, `e-${place}`)]);
    expect((await Promise.all(events.map((event) => store().takeIn(event)))).map(({ type }) => type)).toEqual(upTo(50).flatMap(() => ['recorded', 'repeated']));
    expect((await customerIn(store(), 'C-9')).events.trails).toMatchObject([{ type: 'address.changed', total: 50 }]);
    const ids: string[] = [];
    for await (const id of store().ids()) ids.push(id);
    expect(ids).toEqual(['C-1', 'C-9']);
  });
}
