import type { ClaimResult, ClaimWrite, ConsentRecord, ContactWrite, CustomerStore, RecordResult, StoredProfile } from '../../src/customers/customer-store.js';
import { StoreError } from '../../src/customers/customer-store.js';
import { noEvents } from '../../src/customers/event-ledger.js';
import type { Contact, LedgerHorizon } from '../../src/decision/types.js';
import { claimOf, confirmed, contact, contactsIn, customerIn, dayMs, horizon, idempotency, idsIn, now, pending, profile, recordOf, records, room, storedCustomer, tombstone, usageIn } from './customer-samples.js';
import { describeHoldings } from './store-holdings.contract.js';
import { describeEvents, describeShared } from './events.contract.js';
import { describeAgendas } from './agenda.contract.js';
import { describeAgreementWithModel } from './store-model.contract.js';
import { describeTogether } from './together.contract.js';
import { describeVisitors } from './visitors.contract.js';

/** One set of stored data. `open` opens it, also while it is open already: as another process would. */
export interface StoreUnderTest {
  open(): Promise<CustomerStore>;
  /** Cuts off the end of a customer's stored agenda. */
  spoilAgenda(customerId: string): Promise<void>;
  /** Removes the data. What the suite opened is closed. */
  cleanup(): Promise<void>;
}

/** What every adapter of `CustomerStore` must pass. `create` makes empty data for each test. */
export function describeCustomerStore(adapter: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${adapter} keeps the contract of CustomerStore`, () => {
    let data: StoreUnderTest;
    let store: CustomerStore;
    const opened: CustomerStore[] = [];
    let cases = 0;
    const open = async (): Promise<CustomerStore> => {
      const another = await data.open();
      opened.push(another);
      return another;
    };
    beforeEach(async () => {
      cases++;
      data = await create();
      store = await open();
    });
    afterAll(() => console.info(`${adapter}: ${cases} cases of the contract`));
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((each) => each.close()));
      await data.cleanup();
    });
    const world: World = { store: () => store, open, spoilAgenda: (customerId) => data.spoilAgenda(customerId) };

    describe('profiles', () => describeProfiles(world));
    describe('ids', () => describeIds(world));
    describe('record', () => describeRecord(world));
    describe('idempotency', () => describeIdempotency(world));
    describe('presented counts once', () => describePresentedOnce(world));
    describe('the ledger', () => describeLedger(world));
    describe('claim', () => describeClaim(world));
    describe('limits', () => describeLimits(world));
    describe('versions', () => describeVersions(world));
    describe('erase', () => describeErase(world));
    describe('tombstones', () => describeTombstones(world));
    describe('load', () => describeLoad(world));
    describe('events', () => describeEvents(world));
    describe('what concerns everybody', () => describeShared(world));
    describe('agendas', () => describeAgendas(world));
    describe('secrets', () => describeSecrets(world));
    describe('opening and closing', () => describeLifecycle(world));
    describe('holdings', () => describeHoldings(world));
    describe('races', () => describeRaces(world));
    describe('many at once', () => describeTogether(world));
    describe('visitors', () => describeVisitors(world.store));
    describe('the model', () => describeAgreementWithModel(create));
  });
}

export interface World { readonly store: () => CustomerStore; readonly open: () => Promise<CustomerStore>; readonly spoilAgenda: (customerId: string) => Promise<void> }

function describeProfiles({ store, open }: World): void {
  test('an unknown customer reads as null, and exports as null', async () => {
    expect(await store().read('nobody', [], now)).toEqual({ customer: null, limitUsage: new Map() });
    expect(await store().export('nobody')).toBeNull();
  });

  test('a profile comes back as it was written, from another process too', async () => {
    expect(await store().putProfile('C-1', profile)).toBe('created');
    const other = await open();
    for (const each of [store(), other]) {
      expect(await customerIn(each, 'C-1')).toMatchObject({ profile, contacts: [], events: noEvents });
      expect(await each.export('C-1')).toEqual({ id: 'C-1', profile, contacts: [], events: noEvents });
    }
  });

  const profiles: [string, StoredProfile][] = [
    ['empty', { attributes: {}, consents: [], holdings: [] }],
    ['with time zone and locale', { ...profile, timeZone: 'Europe/Stockholm', locale: 'sv-SE' }],
    ['nested attributes', { ...profile, attributes: { a: { b: [1, null, { c: 'd' }] }, e: false, f: 0.1, g: 1e21, h: -3 } }],
    ['text of every kind', { ...profile, attributes: { text: 'å ä ö € 漢字 👩‍👩‍👧 \u0000 \u2028 "\\', lone: '\ud800' } }],
    ['a key named like a prototype', { ...profile, attributes: JSON.parse('{"__proto__":{"x":1},"constructor":2}') as StoredProfile['attributes'] }],
    ['consent records', { ...profile, consentRecords: records }],
    ['no consent record yet', { ...profile, consentRecords: [] }],
    ['an objection', { ...profile, consents: [], consentRecords: records, objection: true }],
    ['an objection taken back', { ...profile, objection: false }],
    ['consents in the order given', { ...profile, consents: ['z', 'a', 'z'] }],
  ];
  test.each(profiles)('%s', async (_name, each) => {
    await store().putProfile('C-1', each);
    const stored = await customerIn(store(), 'C-1');
    expect(stored.profile).toEqual(each);
    expect(JSON.stringify(stored.profile.attributes)).toBe(JSON.stringify(each.attributes));
  });

  test('a second write replaces the profile and leaves the ledger', async () => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', contact('presented')));
    expect(await store().putProfile('C-1', { attributes: { age: 42 }, consents: [], holdings: [] })).toBe('replaced');
    expect(await customerIn(store(), 'C-1')).toMatchObject({ profile: { attributes: { age: 42 }, consents: [], holdings: [] }, contacts: [contact('presented')] });
  });

  test('ifVersion writes only over the version that it names', async () => {
    expect(await store().putProfile('C-1', profile, 7)).toBe('conflict');
    expect(await store().putProfile('C-1', profile, 0)).toBe('created');
    expect(await store().putProfile('C-1', profile, 0)).toBe('conflict');
    const { profileVersion } = await customerIn(store(), 'C-1');
    expect(await store().putProfile('C-1', { ...profile, holdings: ['loan'] }, profileVersion)).toBe('replaced');
    expect(await store().putProfile('C-1', profile, profileVersion)).toBe('conflict');
    expect((await customerIn(store(), 'C-1')).profile.holdings).toEqual(['loan']);
  });

  test('read answers a customer and limits together', async () => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', contact('accepted'), { confirm: [room(5)] }));
    const { customer, limitUsage } = await store().read('C-1', [room(5), room(5, 'unused')], now);
    expect(customer?.contacts).toEqual([contact('accepted')]);
    expect(limitUsage).toEqual(new Map([[room(5).counter, 1], ['unused', 0]]));
  });

  test('limitUse tells what is confirmed from what is reserved', async () => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', contact('accepted', { decisionId: 'd-0' }), { confirm: [room(5)] }));
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    await store().claim(claimOf('C-1', ledgerVersion, [contact('presented')], { reserve: [{ ...room(5), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 1_000, confirmed: false }] }));
    const use = (at: number): Promise<ReadonlyMap<string, unknown>> => store().limitUse([room(5), room(5, 'unused')], at);
    expect(await use(now)).toEqual(new Map([[room(5).counter, { confirmed: 1, reserved: 1 }], ['unused', { confirmed: 0, reserved: 0 }]]));
    expect((await use(now + 1_000)).get(room(5).counter)).toEqual({ confirmed: 1, reserved: 0 });
    await store().record(recordOf('C-1', contact('accepted'), { confirm: [room(5)] }));
    expect((await use(now)).get(room(5).counter)).toEqual({ confirmed: 2, reserved: 0 });
    expect(await store().limitUse([], now)).toEqual(new Map());
  });
}

function describeIds({ store }: World): void {
  const ids = ['C-1', ' ', ' leading', 'a b', 'a:b', 'a/b', 'a//b', '..', 'a\\b', 'a|b', '{a}b', 'a,b', '%2F', '*', '?', 'å', 'é', 'e\u0301', '漢字', '😀', '👩‍👩‍👧‍👦', '\uffff', '__proto__', 'null', '0', '00', 'x'.repeat(128), '😀'.repeat(128), '\u{10ffff}'.repeat(128)];

  test('every printable id is its own customer', async () => {
    for (const id of ids) await store().putProfile(id, { ...profile, attributes: { id } });
    for (const id of ids) {
      expect(await store().export(id)).toMatchObject({ id, profile: { attributes: { id } } });
      expect(await store().record(recordOf(id, contact('declined'), { idempotency: idempotency('o-1') }))).toEqual({ type: 'recorded' });
    }
    for (const id of ids) expect(await contactsIn(store(), id)).toHaveLength(1);
  });

  test('ids come in the order of their UTF-8 bytes, from after any text', async () => {
    const inOrder = ids.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    for (const id of ids) await store().putProfile(id, profile);
    expect(await idsIn(store())).toEqual(inOrder);
    expect(await idsIn(store(), inOrder[9])).toEqual(inOrder.slice(10));
    expect(await idsIn(store(), 'a:')).toEqual(inOrder.filter((id) => Buffer.compare(Buffer.from(id), Buffer.from('a:')) > 0));
    expect(await idsIn(store(), inOrder.at(-1))).toEqual([]);
  });

  test('ids go over many pages, and bear writes meanwhile', async () => {
    const many = Array.from({ length: 2500 }, (_, place) => `c-${String(place).padStart(5, '0')}`);
    await store().load(many.map((id) => storedCustomer(id)));
    const seen: string[] = [];
    for await (const id of store().ids()) {
      seen.push(id);
      if (seen.length % 1000 === 0) await store().erase(id, tombstone);
    }
    expect(seen).toEqual(many);
    expect(await idsIn(store())).toHaveLength(2498);
  });

  test.each([[''], ['x'.repeat(1025)], ['\ud800'], ['a\udfff']])('the id %j is refused, not confused with another', async (id) => {
    await expect(store().putProfile(id, profile)).rejects.toThrow(StoreError);
    await expect(store().load([storedCustomer('C-1'), storedCustomer(id)])).rejects.toThrow(StoreError);
    expect(await idsIn(store())).toEqual([]);
  });

  test('customers whose ids begin alike do not share outcome ids or reservations', async () => {
    for (const id of ['a', 'a:', 'a:b', 'ab']) await store().putProfile(id, profile);
    const { ledgerVersion } = await customerIn(store(), 'a:b');
    await store().claim(claimOf('a:b', ledgerVersion, [], { reserve: [{ ...room(1), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 9, confirmed: false }] }));
    await store().record(recordOf('a:b', contact('opened'), { idempotency: idempotency('c') }));
    for (const id of ['a', 'a:', 'ab']) {
      expect(await store().record(recordOf(id, contact('accepted'), { confirm: [room(1)] }))).toMatchObject({ type: 'limit-reached' });
      expect(await store().record(recordOf(id, contact('opened'), { idempotency: idempotency('c', 'other') }))).toEqual({ type: 'recorded' });
      expect(await store().erase(id, tombstone)).toBe(true);
    }
    expect(await store().record(recordOf('a:b', contact('accepted'), { confirm: [room(1)] }))).toEqual({ type: 'recorded' });
    expect(await store().record(recordOf('a:b', contact('opened'), { idempotency: idempotency('c', 'other') }))).toEqual({ type: 'other-body' });
  });
}

function describeRecord({ store, open }: World): void {
  test('a contact is there after it is recorded, for every process', async () => {
    const other = await open();
    await store().putProfile('C-1', profile);
    for (let place = 0; place < 20; place++) {
      const each = contact('clicked', { decisionId: `d-${place}` });
      expect(await (place % 2 === 0 ? store() : other).record(recordOf('C-1', each))).toEqual({ type: 'recorded' });
      expect((await contactsIn(place % 2 === 0 ? other : store(), 'C-1')).at(-1)).toEqual(each);
    }
  });

  test('an unknown customer is told, whatever else is wrong', async () => {
    expect(await store().record(recordOf('nobody', contact('accepted'), { confirm: [room(0)], maxContacts: 0, idempotency: idempotency('o-1') }))).toEqual({ type: 'unknown-customer' });
    expect(await store().export('nobody')).toBeNull();
  });

  const texts = ['', 'x', '0123456789abcdef0123456789abcdef', '018f3b1e-7c2a-7d3e-9f4a-5b6c7d8e9f00', 'AZaz09-_AZaz09-_AZaz09', 'ÅÄÖ', '€', '😀'.repeat(64), 'a'.repeat(128), '\ud83d', '\u0000', 'a\u0000b', '"\\', '\u00ff', '\u0100'];
  test.each(texts.map((text) => [text]))('the text %j survives in every member of a contact', async (text) => {
    const each: Contact = { decisionId: text, offerId: text, kind: text, activity: text, channel: text, placement: text, outcome: 'declined', occurredAt: now, reason: text, value: 12.5 };
    await store().putProfile('C-1', profile);
    expect(await store().record(recordOf('C-1', each, { idempotency: idempotency(text, text, text) }))).toEqual({ type: 'recorded' });
    expect(await contactsIn(store(), 'C-1')).toEqual([each]);
    expect(await store().record(recordOf('C-1', each, { idempotency: idempotency(text, text, text) }))).toEqual({ type: 'repeated', answer: text });
  });

  const contacts: [string, Contact][] = [
    ['as little as there can be', { channel: 'web', outcome: 'bounced', occurredAt: 0 }],
    ['of an activity', { activity: 'newsletter', channel: 'email', outcome: 'delivered', occurredAt: now - 1 }],
    ['with a value of 0', contact('converted', { value: 0 })],
    ['with a negative value', contact('converted', { value: -0.1 })],
    ['with a great value', contact('converted', { value: Number.MAX_VALUE })],
    ['in the future', contact('opened', { occurredAt: now + 400 * dayMs })],
  ];
  test.each(contacts)('a contact %s comes back', async (_name, each) => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', each));
    expect(await contactsIn(store(), 'C-1')).toEqual([each]);
    expect((await store().export('C-1'))?.contacts).toEqual([each]);
  });

  test('unsubscribed withdraws the consent for the channel with the contact', async () => {
    await store().putProfile('C-1', profile);
    expect(await store().record(recordOf('C-1', contact('unsubscribed', { channel: 'email' }), { withdrawConsent: 'email' }))).toEqual({ type: 'recorded' });
    expect(await customerIn(store(), 'C-1')).toMatchObject({ profile: { ...profile, consents: ['web', 'call-center'] }, contacts: [contact('unsubscribed', { channel: 'email' })] });
  });

  const withdrawals: [string, readonly ConsentRecord[], readonly ConsentRecord[]][] = [
    ['a confirmed record is closed', [confirmed('email')], [{ ...confirmed('email'), status: 'withdrawn', withdrawnAt: now }]],
    ['a pending record is closed', [pending('email')], [{ ...pending('email'), status: 'withdrawn', withdrawnAt: now }]],
    ['a closed record stays as it is', [{ ...confirmed('email'), status: 'withdrawn', withdrawnAt: now - 5 }], [{ ...confirmed('email'), status: 'withdrawn', withdrawnAt: now - 5 }]],
    ['records of other purposes stay', [confirmed('web'), pending('sms'), confirmed('email')], [confirmed('web'), pending('sms'), { ...confirmed('email'), status: 'withdrawn', withdrawnAt: now }]],
    ['of several open ones, all are closed', [confirmed('email'), pending('email')], [{ ...confirmed('email'), status: 'withdrawn', withdrawnAt: now }, { ...pending('email'), status: 'withdrawn', withdrawnAt: now }]],
  ];
  test.each(withdrawals)('consent withdrawn: %s', async (_name, before, after) => {
    for (const consents of [['web', 'email'], ['web']]) {
      await store().putProfile('C-1', { ...profile, consents, consentRecords: before });
      const { profileVersion } = await customerIn(store(), 'C-1');
      expect(await store().record(recordOf('C-1', contact('unsubscribed', { channel: 'email' }), { withdrawConsent: 'email' }))).toEqual({ type: 'recorded' });
      const stored = await customerIn(store(), 'C-1');
      expect(stored.profile).toEqual({ ...profile, consents: ['web'], consentRecords: after });
      expect(stored.profileVersion !== profileVersion).toBe(consents.length === 2 || before[0]?.withdrawnAt === undefined);
    }
  });

  test('a withdrawal that is refused withdraws nothing', async () => {
    await store().putProfile('C-1', { ...profile, consentRecords: records });
    expect(await store().record(recordOf('C-1', contact('unsubscribed', { channel: 'email' }), { withdrawConsent: 'email', maxContacts: 0 }))).toEqual({ type: 'ledger-full' });
    expect((await customerIn(store(), 'C-1')).profile).toEqual({ ...profile, consentRecords: records });
  });

  test('a consent that is not there can be withdrawn', async () => {
    await store().putProfile('C-1', profile);
    expect(await store().record(recordOf('C-1', contact('unsubscribed', { channel: 'sms' }), { withdrawConsent: 'sms' }))).toEqual({ type: 'recorded' });
    expect((await customerIn(store(), 'C-1')).profile).toEqual(profile);
  });

  test.each([[{ occurredAt: 0.5 }], [{ occurredAt: Number.NaN }], [{ occurredAt: Infinity }]])('a contact with %j is refused, and nothing is written', async (members) => {
    await store().putProfile('C-1', profile);
    await expect(store().record(recordOf('C-1', contact('accepted', members), { confirm: [room(5)], idempotency: idempotency('o-1') }))).rejects.toThrow(StoreError);
    expect(await contactsIn(store(), 'C-1')).toEqual([]);
    expect(await usageIn(store())).toBe(0);
  });
}

function describeIdempotency({ store }: World): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
    await store().putProfile('C-2', profile);
    await store().record(recordOf('C-1', contact('clicked'), { idempotency: idempotency('o-1', 'body-1', 'first') }));
  });

  const again: [string, ContactWrite, RecordResult][] = [
    ['the same body gets the first answer', recordOf('C-1', contact('clicked'), { idempotency: idempotency('o-1', 'body-1', 'second') }), { type: 'repeated', answer: 'first' }],
    ['another body is told', recordOf('C-1', contact('clicked'), { idempotency: idempotency('o-1', 'body-2') }), { type: 'other-body' }],
    ['another id is another outcome', recordOf('C-1', contact('clicked'), { idempotency: idempotency('o-2') }), { type: 'recorded' }],
    ['the id of another customer is another outcome', recordOf('C-2', contact('clicked'), { idempotency: idempotency('o-1', 'body-2') }), { type: 'recorded' }],
    ['no id is another outcome', recordOf('C-1', contact('clicked')), { type: 'recorded' }],
    ['it is kept up to its last millisecond', recordOf('C-1', contact('clicked'), { now: now + dayMs - 1, idempotency: idempotency('o-1') }), { type: 'repeated', answer: 'first' }],
    ['it is free when it expires', recordOf('C-1', contact('clicked'), { now: now + dayMs, idempotency: idempotency('o-1', 'body-2', 'x', now + 2 * dayMs) }), { type: 'recorded' }],
    ['it comes before limits', recordOf('C-1', contact('clicked'), { confirm: [room(0)], idempotency: idempotency('o-1') }), { type: 'repeated', answer: 'first' }],
    ['it comes before a full ledger', recordOf('C-1', contact('clicked'), { maxContacts: 0, idempotency: idempotency('o-1') }), { type: 'repeated', answer: 'first' }],
  ];
  test.each(again)('%s', async (_name, write, result) => {
    const before = await contactsIn(store(), write.customerId);
    expect(await store().record(write)).toEqual(result);
    expect(await contactsIn(store(), write.customerId)).toHaveLength(before.length + (result.type === 'recorded' ? 1 : 0));
  });

  test('an id that expired and came again is kept for its new time', async () => {
    const later = now + dayMs;
    await store().record(recordOf('C-1', contact('clicked'), { now: later, idempotency: idempotency('o-1', 'body-2', 'second', later + dayMs) }));
    expect(await store().record(recordOf('C-1', contact('clicked'), { now: later + dayMs - 1, idempotency: idempotency('o-1', 'body-2') }))).toEqual({ type: 'repeated', answer: 'second' });
    expect(await store().record(recordOf('C-1', contact('clicked'), { now: later + dayMs - 1, idempotency: idempotency('o-1', 'body-1') }))).toEqual({ type: 'other-body' });
  });

  test.each([
    ['a limit', { confirm: [room(0)] }, 'limit-reached'],
    ['a full ledger', { maxContacts: 1 }, 'ledger-full'],
  ])('what %s refused leaves no id behind', async (_name, members, type) => {
    expect(await store().record(recordOf('C-1', contact('accepted'), { ...members, idempotency: idempotency('o-9') }))).toMatchObject({ type });
    expect(await store().record(recordOf('C-1', contact('accepted'), { idempotency: idempotency('o-9', 'body-9') }))).toEqual({ type: 'recorded' });
  });

  test('as many are remembered as are allowed, those of events too; what has expired makes room', async () => {
    const write = (id: string, members: Partial<ContactWrite> = {}) => store().record(recordOf('C-1', contact('opened'), { ...members, idempotency: { ...idempotency(id, 'body-1', 'first', now + 2 * dayMs), mostKept: 3 } }));
    const event = (key: string, late = false) => store().takeIn({
      customerId: 'C-1', now, late, timings: new Map(), createsCustomer: false, needsConsent: null,
      intake: { type: 'purchase', fromPartner: false, occurredAt: now, matches: [] },
      idempotency: { eventKey: key, body: 'body-1', expiresAt: now + 2 * dayMs, mostKept: 3 },
    });
    expect(await write('o-2')).toEqual({ type: 'recorded' });
    expect(await event('e-1')).toEqual({ type: 'recorded' });
    const before = await customerIn(store(), 'C-1');
    expect([await write('o-3'), await write('o-3', { contact: contact('presented'), maxContacts: 0 }), await event('e-2')]).toEqual([{ type: 'too-many-keys' }, { type: 'too-many-keys' }, { type: 'too-many-keys' }]);
    expect(await customerIn(store(), 'C-1')).toEqual(before);
    // Those that are there are answered as ever, and one without an id needs no room.
    expect([await write('o-2'), await event('e-1'), await store().record(recordOf('C-1', contact('opened')))]).toEqual([{ type: 'repeated', answer: 'first' }, { type: 'repeated', expiresAt: now + 2 * dayMs }, { type: 'recorded' }]);
    // A late event is taken in, and comes again without a change.
    expect(await event('e-3', true)).toEqual({ type: 'recorded' });
    const { events } = await customerIn(store(), 'C-1');
    expect(await event('e-3', true)).toEqual({ type: 'recorded' });
    expect((await customerIn(store(), 'C-1')).events).toEqual(events);
    expect(await write('o-3', { now: now + dayMs })).toEqual({ type: 'recorded' });
    expect(await write('o-4', { now: now + dayMs })).toEqual({ type: 'too-many-keys' });
  });

  test('many at once with one id are recorded once', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => store().record(recordOf('C-2', contact('accepted'), { confirm: [room(100)], idempotency: idempotency('o-1', 'same', 'answer') }))));
    expect(results.filter(({ type }) => type === 'recorded')).toHaveLength(1);
    expect(results.filter(({ type }) => type === 'repeated')).toHaveLength(49);
    expect(await contactsIn(store(), 'C-2')).toHaveLength(1);
    expect(await usageIn(store())).toBe(1);
  });
}

function describePresentedOnce({ store }: World): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
  });

  const cases: [string, Contact, 'recorded' | 'repeated'][] = [
    ['the same decision and offer', contact('presented', { channel: 'app', occurredAt: now + 5 }), 'repeated'],
    ['another offer', contact('presented', { offerId: 'card' }), 'recorded'],
    ['another decision', contact('presented', { decisionId: 'd-2' }), 'recorded'],
    ['no decision', contact('presented', { decisionId: undefined }), 'recorded'],
    ['another outcome', contact('clicked'), 'recorded'],
  ];
  describe.each([
    ['recorded', (): Promise<unknown> => store().record(recordOf('C-1', contact('presented')))],
    ['claimed', async (): Promise<unknown> => store().claim(claimOf('C-1', (await customerIn(store(), 'C-1')).ledgerVersion, [contact('presented')]))],
  ])('after it was %s', (_how, first) => {
    test.each(cases)('%s', async (_name, second, type) => {
      await first();
      expect(await store().record(recordOf('C-1', second, { idempotency: idempotency('o-2') }))).toEqual(type === 'repeated' ? { type, answer: null } : { type });
      expect(await contactsIn(store(), 'C-1')).toHaveLength(type === 'repeated' ? 1 : 2);
    });

    test('it comes before limits and a full ledger', async () => {
      await first();
      expect(await store().record(recordOf('C-1', contact('presented'), { confirm: [room(0)], maxContacts: 1 }))).toEqual({ type: 'repeated', answer: null });
    });

    test('its outcomeId is remembered all the same: with another body it is refused', async () => {
      await first();
      await store().record(recordOf('C-1', contact('presented'), { idempotency: idempotency('o-2') }));
      const other = { ...idempotency('o-2'), body: 'another body' };
      expect(await store().record(recordOf('C-1', contact('clicked'), { idempotency: other }))).toEqual({ type: 'other-body' });
      expect(await contactsIn(store(), 'C-1')).toHaveLength(1);
    });

    test('a second claim of it writes nothing', async () => {
      await first();
      const { ledgerVersion } = await customerIn(store(), 'C-1');
      const reserve = [{ ...room(3), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 9, confirmed: true }];
      expect(await store().claim(claimOf('C-1', ledgerVersion, [contact('presented')], { reserve }))).toEqual({ type: 'claimed' });
      expect(await contactsIn(store(), 'C-1')).toHaveLength(1);
      expect(await usageIn(store())).toBe(0);
    });
  });

  test('other outcomes count each time', async () => {
    for (let times = 0; times < 3; times++) expect(await store().record(recordOf('C-1', contact('clicked')))).toEqual({ type: 'recorded' });
    expect(await contactsIn(store(), 'C-1')).toHaveLength(3);
  });

  test('without a decision, presented counts each time', async () => {
    for (let times = 0; times < 2; times++) expect(await store().record(recordOf('C-1', contact('presented', { decisionId: undefined })))).toEqual({ type: 'recorded' });
    expect(await contactsIn(store(), 'C-1')).toHaveLength(2);
  });

  test('one claim that names it twice writes it once', async () => {
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    await store().claim(claimOf('C-1', ledgerVersion, [contact('presented'), contact('presented')]));
    expect(await contactsIn(store(), 'C-1')).toHaveLength(1);
  });
}

function describeLedger({ store }: World): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
  });
  const at = (occurredAt: number, members: Partial<Contact> = {}): Contact => contact('clicked', { occurredAt, ...members });

  test('contacts stand by time, and in order of recording where equal', async () => {
    const given = [at(now, { reason: 'a' }), at(now - 5, { reason: 'b' }), at(now, { reason: 'c' }), at(now + 5, { reason: 'd' }), at(now - 5, { reason: 'e' }), at(now - 9, { reason: 'f' })];
    for (const each of given) await store().record(recordOf('C-1', each));
    expect((await contactsIn(store(), 'C-1')).map(({ reason }) => reason)).toEqual(['f', 'b', 'e', 'a', 'c', 'd']);
  });

  const oldest = now - horizon.windowMs;
  const trims: [string, readonly Contact[], LedgerHorizon, readonly number[]][] = [
    ['what is older than the window goes', [at(oldest - 1), at(oldest), at(oldest + 1)], horizon, [1, 2]],
    ['the latest accepted of each offer stays', [contact('accepted', { occurredAt: oldest - 9 }), contact('accepted', { occurredAt: oldest - 8 }), contact('accepted', { occurredAt: oldest - 7, offerId: 'card' })], horizon, [1, 2]],
    ['a younger accepted takes its place', [contact('accepted', { occurredAt: oldest - 9 }), contact('accepted', { occurredAt: now - 9 })], horizon, [1]],
    ['other outcomes of the offer do not keep it', [contact('declined', { occurredAt: oldest - 9 }), contact('accepted', { occurredAt: oldest - 8 })], horizon, [1]],
    ['every outcome named has its own latest', [contact('declined', { occurredAt: oldest - 9 }), contact('accepted', { occurredAt: oldest - 8 })], { ...horizon, latestOf: ['accepted', 'declined'] }, [0, 1]],
    ['each channel has its own latest', [contact('accepted', { occurredAt: oldest - 9, channel: 'app' }), contact('accepted', { occurredAt: oldest - 8, channel: 'web' })], horizon, [0, 1]],
    ['an activity has its latest, too', [contact('accepted', { occurredAt: oldest - 9, offerId: undefined, activity: 'invoice' }), contact('accepted', { occurredAt: oldest - 8, offerId: undefined, activity: 'invoice' })], horizon, [1]],
  ];
  test.each(trims)('%s', async (_name, given, each, kept) => {
    await store().load([storedCustomer('C-1', given)]);
    await store().record(recordOf('C-1', at(now, { reason: 'new' }), { horizon: each }));
    expect(await contactsIn(store(), 'C-1')).toEqual([...kept.map((place) => given[place]), at(now, { reason: 'new' })]);
  });

  test('a claim trims too', async () => {
    await store().load([storedCustomer('C-1', [at(oldest - 1), at(oldest)])]);
    await store().claim(claimOf('C-1', (await customerIn(store(), 'C-1')).ledgerVersion, [contact('presented')]));
    expect(await contactsIn(store(), 'C-1')).toEqual([at(oldest), contact('presented')]);
  });

  test('a full ledger refuses one more, and takes it when the oldest has gone', async () => {
    await store().load([storedCustomer('C-1', [at(oldest), at(oldest + 10), at(now)])]);
    expect(await store().record(recordOf('C-1', at(now), { maxContacts: 3, confirm: [room(5)] }))).toEqual({ type: 'ledger-full' });
    expect(await usageIn(store())).toBe(0);
    expect(await contactsIn(store(), 'C-1')).toHaveLength(3);
    expect(await store().record(recordOf('C-1', at(now), { maxContacts: 3, now: now + 1 }))).toEqual({ type: 'recorded' });
    expect(await contactsIn(store(), 'C-1')).toHaveLength(3);
  });

  test('2,000 contacts of many texts come back', async () => {
    const many = Array.from({ length: 2000 }, (_, place) => at(oldest + place, { decisionId: `018f3b1e-7c2a-7d3e-9f4a-${String(place).padStart(12, '0')}`, offerId: `offer-${place % 300}`, reason: place % 7 === 0 ? `för dyrt ${place}` : undefined, value: place % 5 === 0 ? place / 3 : undefined }));
    await store().load([storedCustomer('C-1', many)]);
    expect(await contactsIn(store(), 'C-1')).toEqual(many);
    expect(await store().record(recordOf('C-1', at(now)))).toEqual({ type: 'ledger-full' });
  });
}

function describeClaim({ store }: World): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
  });
  const hold = (max: number, members: Partial<ClaimWrite['reserve'][number]> = {}): ClaimWrite['reserve'][number] => ({ ...room(max), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 900_000, confirmed: false, ...members });
  const version = async (): Promise<number> => (await customerIn(store(), 'C-1')).ledgerVersion;

  test('contacts and reservations are written together', async () => {
    const contacts = [contact('presented'), contact('presented', { offerId: 'card', placement: 'hero' })];
    expect(await store().claim(claimOf('C-1', await version(), contacts, { reserve: [hold(2)] }))).toEqual({ type: 'claimed' });
    expect(await contactsIn(store(), 'C-1')).toEqual(contacts);
    expect(await usageIn(store())).toBe(1);
  });

  const refusals: [string, (ledgerVersion: number) => ClaimWrite, ClaimResult][] = [
    ['an unknown customer', (ledgerVersion) => claimOf('nobody', ledgerVersion, [contact('presented')]), { type: 'unknown-customer' }],
    ['another version', (ledgerVersion) => claimOf('C-1', ledgerVersion + 1, [contact('presented')], { reserve: [hold(0)] }), { type: 'conflict' }],
    ['no room', (ledgerVersion) => claimOf('C-1', ledgerVersion, [contact('presented')], { reserve: [hold(1, { counter: 'roomy' }), hold(0, { limit: 'full', counter: 'full' })] }), { type: 'limit-reached', counter: 'full' }],
    ['no room for a confirmed one', (ledgerVersion) => claimOf('C-1', ledgerVersion, [contact('presented')], { reserve: [hold(0, { confirmed: true })] }), { type: 'limit-reached', counter: room(0).counter }],
    ['room for one of two', (ledgerVersion) => claimOf('C-1', ledgerVersion, [contact('presented')], { reserve: [hold(1), hold(1, { offerId: 'card' })] }), { type: 'limit-reached', counter: room(0).counter }],
    ['a full ledger', (ledgerVersion) => claimOf('C-1', ledgerVersion, [contact('presented'), contact('presented', { offerId: 'card' })], { maxContacts: 1, reserve: [hold(1)] }), { type: 'ledger-full' }],
  ];
  test.each(refusals)('%s: nothing is written', async (_name, write, result) => {
    const ledgerVersion = await version();
    expect(await store().claim(write(ledgerVersion))).toEqual(result);
    expect(await version()).toBe(ledgerVersion);
    expect(await contactsIn(store(), 'C-1')).toEqual([]);
    expect(await usageIn(store())).toBe(0);
    expect(await usageIn(store(), 'roomy')).toBe(0);
  });

  const changes: [string, () => Promise<unknown>][] = [
    ['a contact', () => store().record(recordOf('C-1', contact('opened')))],
    ['another claim', async () => store().claim(claimOf('C-1', await version(), [contact('presented')]))],
    ['a change of the consents', () => store().putProfile('C-1', { ...profile, consents: [] })],
    ['a load', () => store().load([storedCustomer('C-1')])],
    ['erasure and a new beginning', async () => {
      await store().erase('C-1', tombstone);
      await store().putProfile('C-1', profile);
    }],
  ];
  test.each(changes)('%s in between is a conflict', async (_name, change) => {
    const ledgerVersion = await version();
    await change();
    expect(await store().claim(claimOf('C-1', ledgerVersion, [contact('presented', { decisionId: 'd-9' })]))).toEqual({ type: 'conflict' });
  });

  test('a claim may fill the ledger to the last place', async () => {
    const contacts = [contact('presented'), contact('presented', { offerId: 'card' })];
    expect(await store().claim(claimOf('C-1', await version(), contacts, { maxContacts: 2 }))).toEqual({ type: 'claimed' });
    expect(await store().claim(claimOf('C-1', await version(), [contact('presented', { offerId: 'loan' })], { maxContacts: 2 }))).toEqual({ type: 'ledger-full' });
    expect(await contactsIn(store(), 'C-1')).toEqual(contacts);
  });

  test('a claim of nothing holds, and changes nothing', async () => {
    const ledgerVersion = await version();
    expect(await store().claim(claimOf('C-1', ledgerVersion, []))).toEqual({ type: 'claimed' });
    expect(await version()).toBe(ledgerVersion);
  });
}

function describeLimits({ store, open }: World): void {
  beforeEach(async () => {
    for (const id of ['C-1', 'C-2']) await store().putProfile(id, profile);
  });
  const end = now + 900_000;
  /** One step of a limit's story; `max` is 1 unless said. */
  type Step = { by?: string; decisionId?: string | undefined; offerId?: string; counter?: string; at?: number; max?: number } & ({ does: 'reserve' | 'count'; until?: number } | { does: 'accept' | 'decline' | 'erase' });
  const take = async ({ by = 'C-1', decisionId = 'd-1', offerId = 'home-insurance', counter, at = now, max = 1, ...step }: Step, each: CustomerStore): Promise<string> => {
    const limit = room(max, counter);
    if (step.does === 'erase') return String(await each.erase(by, tombstone));
    if (step.does === 'reserve' || step.does === 'count') {
      const { ledgerVersion } = await customerIn(each, by);
      return (await each.claim(claimOf(by, ledgerVersion, [], { now: at, reserve: [{ ...limit, offerId, decisionId, heldUntil: step.until ?? end, confirmed: step.does === 'count' }] }))).type;
    }
    const of = contact(step.does === 'accept' ? 'accepted' : 'declined', { decisionId: decisionId === '' ? undefined : decisionId, offerId, occurredAt: at });
    return (await each.record(recordOf(by, of, { now: at, ...(step.does === 'accept' ? { confirm: [limit] } : { release: [limit] }) }))).type;
  };

  const november = room(0).counter;
  const december = 'home-insurance/accepted/month/2026-12';
  /** Steps with what each answers; then the usage at a time, for each counter. */
  const stories: [string, readonly [Step, string][], readonly [number, string, number][]][] = [
    ['an accept takes free room', [[{ does: 'accept' }, 'recorded']], [[now, november, 1]]],
    ['no room, no accept', [[{ does: 'accept' }, 'recorded'], [{ does: 'accept', by: 'C-2' }, 'limit-reached']], [[now, november, 1]]],
    ['a reservation counts until its end', [[{ does: 'reserve' }, 'claimed']], [[end - 1, november, 1], [end, november, 0]]],
    ['a reservation keeps others out', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept', by: 'C-2' }, 'limit-reached'], [{ does: 'reserve', by: 'C-2' }, 'limit-reached']], [[now, november, 1]]],
    ['a reservation that ended lets others in', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept', by: 'C-2', at: end }, 'recorded'], [{ does: 'accept', at: end }, 'limit-reached']], [[end, november, 1]]],
    ['a reservation is confirmed and does not end', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept' }, 'recorded']], [[now, november, 1], [end, november, 1]]],
    ['a reservation that ended is confirmed where there is room', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept', at: end }, 'recorded']], [[end, november, 1]]],
    ['the same reservation again is one', [[{ does: 'reserve' }, 'claimed'], [{ does: 'reserve', until: end + 5 }, 'claimed']], [[now, november, 1], [end, november, 1], [end + 5, november, 0]]],
    ['a reservation again can end sooner', [[{ does: 'reserve' }, 'claimed'], [{ does: 'reserve', until: now + 5 }, 'claimed']], [[now, november, 1], [now + 5, november, 0]]],
    ['another decision needs its own', [[{ does: 'reserve' }, 'claimed'], [{ does: 'reserve', decisionId: 'd-2' }, 'limit-reached'], [{ does: 'accept', decisionId: 'd-2' }, 'limit-reached']], [[now, november, 1]]],
    ['another offer needs its own', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept', offerId: 'card' }, 'limit-reached']], [[now, november, 1]]],
    ['a reservation that ended makes its own room once', [[{ does: 'reserve', by: 'C-2', max: 2, until: end + 9 }, 'claimed'], [{ does: 'reserve', max: 2 }, 'claimed'], [{ does: 'reserve', at: end, until: end + 9 }, 'limit-reached'], [{ does: 'accept', at: end }, 'limit-reached']], [[end, november, 1]]],
    ['declined frees it', [[{ does: 'reserve' }, 'claimed'], [{ does: 'decline' }, 'recorded'], [{ does: 'reserve', by: 'C-2' }, 'claimed']], [[now, november, 1]]],
    ['declined by another frees nothing', [[{ does: 'reserve' }, 'claimed'], [{ does: 'decline', by: 'C-2' }, 'recorded'], [{ does: 'decline', decisionId: 'd-2' }, 'recorded'], [{ does: 'decline', decisionId: '' }, 'recorded']], [[now, november, 1]]],
    ['declined after accepted frees nothing', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept' }, 'recorded'], [{ does: 'decline' }, 'recorded']], [[now, november, 1]]],
    ['accepted after declined takes free room', [[{ does: 'reserve' }, 'claimed'], [{ does: 'decline' }, 'recorded'], [{ does: 'accept' }, 'recorded']], [[now, november, 1]]],
    ['a second accept of one decision counts once', [[{ does: 'accept', max: 9 }, 'recorded'], [{ does: 'accept', max: 9 }, 'recorded']], [[now, november, 1]]],
    ['a second accept of one decision needs no room', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept' }, 'recorded'], [{ does: 'accept' }, 'recorded']], [[now, november, 1]]],
    ['accepts without a decision count each', [[{ does: 'accept', decisionId: '', max: 2 }, 'recorded'], [{ does: 'accept', decisionId: '', max: 2 }, 'recorded'], [{ does: 'accept', decisionId: '', max: 2 }, 'limit-reached']], [[now, november, 2]]],
    ['an accept without a decision takes no reservation', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept', decisionId: '' }, 'limit-reached']], [[now, november, 1]]],
    ['a reservation is confirmed in the period that it was made in', [[{ does: 'reserve' }, 'claimed'], [{ does: 'accept', counter: december }, 'recorded']], [[now, november, 1], [now, december, 0]]],
    ['and released there', [[{ does: 'reserve' }, 'claimed'], [{ does: 'decline', counter: december }, 'recorded']], [[now, november, 0], [now, december, 0]]],
    ['a reservation made again in another period moves there', [[{ does: 'reserve' }, 'claimed'], [{ does: 'reserve', counter: december }, 'claimed']], [[now, november, 0], [now, december, 1]]],
    ['periods have their own room', [[{ does: 'accept' }, 'recorded'], [{ does: 'accept', by: 'C-2', counter: december }, 'recorded']], [[now, november, 1], [now, december, 1]]],
    ['a claim that counts at once never ends', [[{ does: 'count' }, 'claimed'], [{ does: 'count', by: 'C-2' }, 'limit-reached']], [[now, november, 1], [end, november, 1]]],
    ['a claim that counts at once takes its reservation', [[{ does: 'reserve' }, 'claimed'], [{ does: 'count' }, 'claimed']], [[end, november, 1]]],
    ['erasing a customer frees what it held', [[{ does: 'reserve' }, 'claimed'], [{ does: 'erase' }, 'true'], [{ does: 'accept', by: 'C-2' }, 'recorded']], [[now, november, 1]]],
    ['erasing a customer keeps what it took', [[{ does: 'accept' }, 'recorded'], [{ does: 'erase' }, 'true'], [{ does: 'accept', by: 'C-2' }, 'limit-reached']], [[now, november, 1]]],
    ['a limit that was lowered lets nobody in, and confirms what is held', [[{ does: 'reserve', max: 3 }, 'claimed'], [{ does: 'accept', by: 'C-2', max: 3 }, 'recorded'], [{ does: 'accept', max: 0 }, 'recorded'], [{ does: 'reserve', by: 'C-2', max: 1 }, 'limit-reached']], [[now, november, 2]]],
  ];
  test.each(stories)('%s', async (_name, steps, usages) => {
    const processes = [store(), await open()];
    for (const [place, [step, answer]] of steps.entries()) expect(await take(step, processes[place % 2]!)).toBe(answer);
    for (const each of processes) for (const [at, counter, usage] of usages) expect(await usageIn(each, counter, at)).toBe(usage);
  });

  test('an outcome can count for two limits, or for neither', async () => {
    const [one, other] = [room(5, 'one/2026', 'one'), room(1, 'other/2026', 'other')];
    expect(await store().record(recordOf('C-1', contact('accepted'), { confirm: [one, other] }))).toEqual({ type: 'recorded' });
    expect(await store().record(recordOf('C-2', contact('accepted'), { confirm: [one, other] }))).toEqual({ type: 'limit-reached', counter: other.counter });
    expect([await usageIn(store(), one.counter), await usageIn(store(), other.counter)]).toEqual([1, 1]);
  });

  test('limits of the same counter name and other keys share its room, and not their reservations', async () => {
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    await store().claim(claimOf('C-1', ledgerVersion, [], { reserve: [{ ...room(2, 'shared', 'one'), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: end, confirmed: false }] }));
    await store().record(recordOf('C-1', contact('accepted'), { confirm: [room(2, 'shared', 'other')] }));
    expect(await usageIn(store(), 'shared')).toBe(2);
  });

  test('a counter whose period is over stays while a reservation in it is live', async () => {
    const period = { ...room(2), endsAt: now + 10 };
    const { ledgerVersion } = await customerIn(store(), 'C-1');
    await store().record(recordOf('C-2', contact('accepted'), { confirm: [period] }));
    await store().claim(claimOf('C-1', ledgerVersion, [], { reserve: [{ ...period, offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 40 * dayMs, confirmed: false }] }));
    const later = now + 30 * dayMs;
    const next = { ...room(2, december), endsAt: now + 60 * dayMs };
    for (const decisionId of ['d-7', 'd-8']) await store().record(recordOf('C-2', contact('accepted', { decisionId, occurredAt: later }), { now: later, confirm: [next] }));
    expect([await usageIn(store(), november, later), await usageIn(store(), december, later)]).toEqual([2, 2]);
    expect(await store().record(recordOf('C-1', contact('accepted', { occurredAt: later }), { now: later, confirm: [next] }))).toEqual({ type: 'recorded' });
    expect(await usageIn(store(), december, later)).toBe(2);
  });

  test('a counter without an end is never forgotten, nor one before its end', async () => {
    const period = { ...room(1), endsAt: now + 500 * dayMs };
    const total = room(1, 'total', 'total');
    await store().record(recordOf('C-1', contact('accepted'), { confirm: [period, total] }));
    const later = now + 499 * dayMs;
    for (let times = 0; times < 5; times++) await store().record(recordOf('C-2', contact('accepted', { decisionId: `d-${times}`, occurredAt: later }), { now: later, confirm: [room(9, 'other', 'other')] }));
    expect([await usageIn(store(), november, later), await usageIn(store(), 'total', later)]).toEqual([1, 1]);
    expect(await store().record(recordOf('C-2', contact('accepted', { decisionId: 'd-9', occurredAt: later }), { now: later, confirm: [period] }))).toMatchObject({ type: 'limit-reached' });
  });

  test('hundreds of ended reservations are never counted', async () => {
    for (let place = 0; place < 300; place++) await take({ does: 'reserve', decisionId: `d-${place}`, max: 300, until: now + 1 + place }, store());
    expect(await usageIn(store())).toBe(300);
    expect(await usageIn(store(), november, now + 100)).toBe(200);
    expect(await take({ does: 'accept', decisionId: 'd-new', at: now + 250, max: 51 }, store())).toBe('recorded');
    expect(await usageIn(store(), november, now + 250)).toBe(51);
    expect(await take({ does: 'accept', decisionId: 'd-none', by: 'C-2', at: now + 250, max: 51 }, store())).toBe('limit-reached');
    expect(await usageIn(store(), november, now + 300)).toBe(1);
  });
}

function describeVersions({ store }: World): void {
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
  });

  const writes: [string, () => Promise<unknown>, { profile: boolean; ledger: boolean }][] = [
    ['a contact changes the ledger', () => store().record(recordOf('C-1', contact('opened'))), { profile: false, ledger: true }],
    ['a consent withdrawn changes both', () => store().record(recordOf('C-1', contact('unsubscribed'), { withdrawConsent: 'web' })), { profile: true, ledger: true }],
    ['other consents change both', () => store().putProfile('C-1', { ...profile, consents: ['sms'] }), { profile: true, ledger: true }],
    ['a load changes both', () => store().load([storedCustomer('C-1')]), { profile: true, ledger: true }],
    ['another customer changes nothing', () => store().record(recordOf('C-2', contact('opened'))), { profile: false, ledger: false }],
    ['a refusal changes nothing', () => store().record(recordOf('C-1', contact('opened'), { maxContacts: 0 })), { profile: false, ledger: false }],
  ];
  test.each(writes)('%s', async (_name, write, changes) => {
    await store().putProfile('C-2', profile);
    const before = await customerIn(store(), 'C-1');
    await write();
    const after = await customerIn(store(), 'C-1');
    expect({ profile: after.profileVersion !== before.profileVersion, ledger: after.ledgerVersion !== before.ledgerVersion }).toEqual(changes);
  });

  test('no version comes back, not even after erasure', async () => {
    const ledgerVersions: number[] = [];
    const profileVersions: number[] = [];
    for (let times = 0; times < 12; times++) {
      const { ledgerVersion, profileVersion } = await customerIn(store(), 'C-1');
      ledgerVersions.push(ledgerVersion);
      profileVersions.push(profileVersion);
      await store().erase('C-1', tombstone);
      await store().putProfile('C-1', profile);
    }
    expect(new Set(ledgerVersions).size).toBe(12);
    expect(new Set(profileVersions).size).toBe(12);
    expect(Math.min(...ledgerVersions, ...profileVersions)).toBeGreaterThan(0);
  });
}

function describeErase({ store, open }: World): void {
  test('nothing there is false', async () => {
    expect(await store().erase('nobody', tombstone)).toBe(false);
  });

  test('everything goes: profile, ledger, outcome ids, and the id itself', async () => {
    await store().putProfile('C-1', profile);
    await store().putProfile('C-2', profile);
    for (const outcomeId of ['o-1', 'o-2', 'o-3']) await store().record(recordOf('C-1', contact('opened'), { idempotency: idempotency(outcomeId) }));
    await store().record(recordOf('C-2', contact('opened'), { idempotency: idempotency('o-1') }));
    expect(await store().erase('C-1', tombstone)).toBe(true);
    for (const each of [store(), await open()]) {
      expect((await each.read('C-1', [], now)).customer).toBeNull();
      expect(await each.export('C-1')).toBeNull();
      expect(await idsIn(each)).toEqual(['C-2']);
    }
    expect(await store().erase('C-1', tombstone)).toBe(false);
    await store().putProfile('C-1', profile);
    expect(await contactsIn(store(), 'C-1')).toEqual([]);
    expect(await store().record(recordOf('C-1', contact('opened'), { idempotency: idempotency('o-2', 'other') }))).toEqual({ type: 'recorded' });
    expect(await store().record(recordOf('C-2', contact('opened'), { idempotency: idempotency('o-1', 'other') }))).toEqual({ type: 'other-body' });
  });
}

function describeTombstones({ store, open }: World): void {
  const erasedAt = now - 100;
  const keptUntil = now + 50;
  beforeEach(async () => {
    await store().putProfile('C-1', profile);
    await store().putProfile('C-10', profile);
    await store().erase('C-1', { erasedAt, keptUntil });
  });
  const outcome = (members: Partial<ContactWrite> = {}): ContactWrite => recordOf('C-1', contact('accepted'), members);

  const cases: [string, Partial<ContactWrite>, RecordResult['type'], RecordResult['type']][] = [
    ['of before the erasure', { beganAt: erasedAt - 1 }, 'erased', 'erased'],
    ['of the same millisecond', { beganAt: erasedAt }, 'erased', 'erased'],
    ['of after the erasure', { beganAt: erasedAt + 1 }, 'unknown-customer', 'recorded'],
    ['up to the last millisecond of the tombstone', { beganAt: erasedAt, now: keptUntil - 1 }, 'erased', 'erased'],
    ['when the tombstone has gone', { beganAt: erasedAt, now: keptUntil }, 'unknown-customer', 'recorded'],
    ['of before, whatever else is wrong', { beganAt: 0, confirm: [room(0)], maxContacts: 0 }, 'erased', 'erased'],
    ['of another customer', { beganAt: erasedAt, customerId: 'C-10' }, 'recorded', 'recorded'],
  ];
  test.each(cases)('an outcome %s', async (_name, members, whileGone, whenBack) => {
    expect((await (await open()).record(outcome(members))).type).toBe(whileGone);
    await store().putProfile('C-1', profile);
    expect((await store().record(outcome({ ...members, contact: contact('declined') }))).type).toBe(whenBack);
    if (whenBack === 'erased') {
      expect(await contactsIn(store(), 'C-1')).toEqual([]);
      expect(await usageIn(store())).toBe(0);
    }
  });

  test('a refused outcome leaves no idempotency key behind', async () => {
    await store().putProfile('C-1', profile);
    expect(await store().record(outcome({ beganAt: erasedAt, idempotency: idempotency('o-1') }))).toEqual({ type: 'erased' });
    expect(await store().record(outcome({ idempotency: idempotency('o-1', 'body-2') }))).toEqual({ type: 'recorded' });
  });

  test('nobody there leaves none', async () => {
    expect(await store().erase('C-2', { erasedAt: now, keptUntil })).toBe(false);
    expect(await store().record(recordOf('C-2', contact('accepted'), { beganAt: 0 }))).toEqual({ type: 'unknown-customer' });
  });

  test('an erasure sent again changes nothing', async () => {
    expect(await store().erase('C-1', { erasedAt: now, keptUntil: now + 500 })).toBe(false);
    expect(await store().record(outcome({ beganAt: erasedAt + 1 }))).toEqual({ type: 'unknown-customer' });
    expect(await store().record(outcome({ beganAt: erasedAt, now: keptUntil }))).toEqual({ type: 'unknown-customer' });
  });

  test('a second erasure refuses what is older than the later of both, for the longer of their times', async () => {
    await store().putProfile('C-1', profile);
    await store().erase('C-1', { erasedAt: erasedAt + 40, keptUntil: keptUntil - 10 });
    await store().putProfile('C-1', profile);
    expect(await store().record(outcome({ beganAt: erasedAt + 40, now: keptUntil - 1 }))).toEqual({ type: 'erased' });
    expect(await store().record(outcome({ beganAt: erasedAt + 41 }))).toEqual({ type: 'recorded' });
  });

  test('a customer that is loaded again stays erased for outcomes of before', async () => {
    await store().load([storedCustomer('C-1')]);
    expect(await store().record(outcome({ beganAt: erasedAt }))).toEqual({ type: 'erased' });
  });

  test('it is there after closing and opening', async () => {
    await store().close();
    expect(await (await open()).record(outcome({ beganAt: erasedAt }))).toEqual({ type: 'erased' });
  });
}

function describeLoad({ store }: World): void {
  test('profiles and contacts replace what is there, in the ledger\'s order', async () => {
    await store().putProfile('C-1', { ...profile, holdings: ['old'] });
    await store().record(recordOf('C-1', contact('opened')));
    const [late, early, sameAsEarly] = [contact('clicked'), contact('opened', { occurredAt: now - 9 }), contact('delivered', { occurredAt: now - 9 })];
    await store().load([storedCustomer('C-1', [late, early, sameAsEarly]), storedCustomer('C-2')]);
    expect(await store().export('C-1')).toEqual({ id: 'C-1', profile, contacts: [early, sameAsEarly, late], events: noEvents });
    expect(await idsIn(store())).toEqual(['C-1', 'C-2']);
  });

  test('what export gives, load takes', async () => {
    await store().putProfile('C-1', { ...profile, timeZone: 'Europe/Oslo' });
    await store().record(recordOf('C-1', contact('accepted', { value: 3.5, reason: '…', placement: 'hero' })));
    const exported = (await store().export('C-1'))!;
    await store().load([{ ...exported, id: 'C-2' }]);
    expect(await store().export('C-2')).toEqual({ ...exported, id: 'C-2' });
  });

  test('who is not what is to be replaced stays, and is named; the others are loaded', async () => {
    const given = (id: string) => storedCustomer(id, [contact('opened')]);
    const versions = async (id: string) => (await store().read(id, [], now)).customer;
    await store().load(['there', 'put', 'recorded', 'erased', 'same', 'any'].map((id) => storedCustomer(id)));
    const [put, recorded, erased, same] = await Promise.all(['put', 'recorded', 'erased', 'same'].map(versions));
    await store().putProfile('put', { ...profile, holdings: ['new'] });
    await store().record(recordOf('recorded', contact('clicked')));
    await store().erase('erased', { erasedAt: now, keptUntil: now });
    const before = await Promise.all(['there', 'put', 'recorded', 'erased'].map((id) => store().export(id)));

    const others = await store().load([
      { ...given('there'), replaces: null }, { ...given('put'), replaces: put }, { ...given('recorded'), replaces: recorded }, { ...given('erased'), replaces: erased },
      { ...given('new'), replaces: null }, { ...given('same'), replaces: same }, given('any'),
    ], now);
    expect(others).toEqual(['there', 'put', 'recorded', 'erased']);
    expect(await Promise.all(others.map((id) => store().export(id)))).toEqual(before);
    for (const id of ['new', 'same', 'any']) expect((await store().export(id))!.contacts).toEqual([contact('opened')]);
    expect((await store().takeDue({ now, leaseUntil: now + 1, most: 9 })).map(({ customerId }) => customerId).toSorted()).toEqual(['any', 'new', 'same']);
    // What was loaded is another state than what it replaced.
    expect(await store().load([{ ...given('same'), replaces: same }])).toEqual(['same']);
  });

  test('one that nobody can be is loaded over nobody', async () => {
    await store().load([storedCustomer('C-1')]);
    const { profileVersion, ledgerVersion } = (await store().read('C-1', [], now)).customer!;
    for (const replaces of [{ profileVersion: profileVersion + 1, ledgerVersion }, { profileVersion, ledgerVersion: ledgerVersion + 1 }]) {
      expect(await store().load([{ ...storedCustomer('C-1'), replaces }])).toEqual(['C-1']);
    }
  });

  test('nothing to load is no error', async () => {
    expect(await store().load([])).toEqual([]);
    expect(await idsIn(store())).toEqual([]);
  });
}

function describeSecrets({ store, open }: World): void {
  test('a secret is made once, whoever asks', async () => {
    const other = await open();
    let made = 0;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, place) => (place % 2 === 0 ? store() : other).secret('token', () => `secret-${made++}`)));
    expect(new Set(answers).size).toBe(1);
    const again = await open();
    expect(await again.secret('token', () => 'another')).toBe(answers[0]);
    expect(await again.secret('other', () => 'another')).toBe('another');
  });

  test('secrets are no customers', async () => {
    await store().secret('token', () => 'x');
    expect(await idsIn(store())).toEqual([]);
  });
}

function describeLifecycle({ store, open }: World): void {
  test('what was acknowledged is there after closing and opening', async () => {
    await store().putProfile('C-1', profile);
    await store().record(recordOf('C-1', contact('accepted'), { confirm: [room(5)], idempotency: idempotency('o-1', 'body-1', 'first') }));
    await store().close();
    const again = await open();
    expect(await again.export('C-1')).toEqual({ id: 'C-1', profile, contacts: [contact('accepted')], events: noEvents });
    expect(await usageIn(again)).toBe(1);
    expect(await again.record(recordOf('C-1', contact('accepted'), { idempotency: idempotency('o-1') }))).toEqual({ type: 'repeated', answer: 'first' });
  });

  test('closing waits for what was asked before', async () => {
    await store().putProfile('C-1', profile);
    const asked = Array.from({ length: 40 }, (_, place) => store().record(recordOf('C-1', contact('opened', { decisionId: `d-${place}` }))));
    await store().close();
    expect((await Promise.all(asked)).every(({ type }) => type === 'recorded')).toBe(true);
    expect(await contactsIn(await open(), 'C-1')).toHaveLength(40);
  });

  const calls: [string, (closed: CustomerStore) => Promise<unknown>][] = [
    ['read', (closed) => closed.read('C-1', [], now)],
    ['putProfile', (closed) => closed.putProfile('C-1', profile)],
    ['export', (closed) => closed.export('C-1')],
    ['erase', (closed) => closed.erase('C-1', tombstone)],
    ['record', (closed) => closed.record(recordOf('C-1', contact('opened')))],
    ['claim', (closed) => closed.claim(claimOf('C-1', 1, []))],
    ['load', (closed) => closed.load([storedCustomer('C-1')])],
    ['ids', (closed) => idsIn(closed)],
    ['secret', (closed) => closed.secret('x', () => 'y')],
  ];
  test.each(calls)('%s rejects after closing, with words for an operator', async (_name, call) => {
    await store().close();
    await store().close();
    const error: unknown = await call(store()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).toContain('closed');
  });
}

function describeRaces({ store, open }: World): void {
  test('10,000 accepts for 500 places give exactly 500', async () => {
    const processes = [store(), await open()];
    const ids = Array.from({ length: 250 }, (_, place) => `C-${place}`);
    await store().load(ids.map((id) => storedCustomer(id)));
    const results = await Promise.all(Array.from({ length: 10_000 }, (_, place) =>
      processes[place % 2]!.record(recordOf(ids[place % ids.length]!, contact('accepted', { decisionId: `d-${place}` }), { confirm: [room(500)] }))));
    expect(results.filter(({ type }) => type === 'recorded')).toHaveLength(500);
    expect(results.filter(({ type }) => type === 'limit-reached')).toHaveLength(9_500);
    expect(await usageIn(store())).toBe(500);
    const exported = await Promise.all(ids.map((id) => store().export(id)));
    expect(exported.reduce((sum, customer) => sum + customer!.contacts.length, 0)).toBe(500);
  }, 60_000);

  test('of many claims that saw the same ledger one holds', async () => {
    const processes = [store(), await open()];
    await store().putProfile('C-1', profile);
    for (let round = 0; round < 5; round++) {
      const { ledgerVersion } = await customerIn(store(), 'C-1');
      const results = await Promise.all(Array.from({ length: 20 }, (_, place) =>
        processes[place % 2]!.claim(claimOf('C-1', ledgerVersion, [contact('presented', { decisionId: `d-${round}-${place}` })]))));
      expect(results.filter(({ type }) => type === 'claimed')).toHaveLength(1);
      expect(results.filter(({ type }) => type === 'conflict')).toHaveLength(19);
    }
    expect(await contactsIn(store(), 'C-1')).toHaveLength(5);
  });

  test('of many profile writes over the same version one holds', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, age) => store().putProfile('C-1', { ...profile, attributes: { age } }, 0)));
    expect(results.filter((result) => result === 'created')).toHaveLength(1);
    expect(results.filter((result) => result === 'conflict')).toHaveLength(19);
  });

  test('claims, accepts and declines at once never overspend', async () => {
    const processes = [store(), await open()];
    const ids = Array.from({ length: 60 }, (_, place) => `C-${place}`);
    await store().load(ids.map((id) => storedCustomer(id)));
    await Promise.all(ids.map(async (id, place) => {
      const each = processes[place % 2]!;
      const { ledgerVersion } = await customerIn(each, id);
      await each.claim(claimOf(id, ledgerVersion, [contact('presented')], { reserve: [{ ...room(20), offerId: 'home-insurance', decisionId: 'd-1', heldUntil: now + 9, confirmed: false }] }));
      expect(await usageIn(each)).toBeLessThanOrEqual(20);
      const type = place % 3 === 0 ? 'declined' : 'accepted';
      await each.record(recordOf(id, contact(type), type === 'accepted' ? { confirm: [room(20)] } : { release: [room(20)] }));
      expect(await usageIn(each)).toBeLessThanOrEqual(20);
    }));
    const accepted = (await Promise.all(ids.map((id) => contactsIn(store(), id)))).flat().filter(({ outcome }) => outcome === 'accepted');
    expect(await usageIn(store(), room(0).counter, now + 9)).toBe(accepted.length);
    expect(accepted.length).toBeLessThanOrEqual(20);
  });
}
