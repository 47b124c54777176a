import { jest } from '@jest/globals';
import fc from 'fast-check';
import { openEngine, openStore } from '../../../src/app.js';
import { commandConfig } from '../../../src/cli/opening/settings.js';
import { UnreadableError, type CustomerStore, type StoredCustomer } from '../../../src/customers/customer-store.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { runService } from '../../support/running-service.js';
import { bytesOf, createNbo, now, type Nbo } from '../in-process.js';

// Import over customers who are there: what a line does not say stays.

jest.setTimeout(60_000);

const day = 86_400_000;
const ago = (days: number): string => new Date(now - days * day).toISOString();
const proven = (purpose: string) => ({ purpose, status: 'confirmed', basis: 'consent', textVersion: '7', source: 'branch', givenAt: ago(30), confirmedAt: ago(29) });
const contact = { decisionId: 'd1', offerId: 'home-insurance', kind: 'cross-sell', channel: 'web', outcome: 'accepted', occurredAt: ago(1) };
const events = {
  types: [{ type: 'address.changed', fromPartner: false, total: 2, recent: [ago(9), ago(3)], days: [{ day: ago(9).slice(0, 10), count: 1 }, { day: ago(3).slice(0, 10), count: 1 }] }],
  triggers: [{ trigger: 'moved', fromPartner: false, time: ago(3), source: '/crm', data: { city: 'Å' } }],
};
const agenda = { triggers: [{ trigger: 'moved', state: 'published', activeSince: ago(3), since: ago(2) }], unsent: [] };
/** As an export writes one of whom all is known. */
const whole = { id: 'C-1', attributes: { region: 'north', age: 41 }, consents: ['web', 'email'], holdings: ['card'], consentRecords: [proven('email'), proven('web')], contacts: [contact], events, visitors: [{ visitorId: 'v-1', linkedAt: ago(0) }], agenda };
const objecting = { id: 'C-2', attributes: { region: 'south' }, consents: [], objection: true, holdings: [], consentRecords: [proven('web')], contacts: [], events: { types: [], triggers: [] } };

let server: RedisServer;
let nbo: Nbo;
beforeAll(async () => { server = await startRedis(); });
afterAll(() => server.stop());
beforeEach(() => { nbo = createNbo(); });
afterEach(() => nbo.remove());

let prefixes = 0;
describe.each([
  ['the embedded store', (name: string) => `${nbo.folder}/${name}`],
  ['Redis', (name: string) => `${server.url}?prefix=${name}${prefixes}`],
])('over %s', (_name, storeOf) => {
  beforeEach(() => {
    prefixes++;
    nbo.environment['NBO_STORE'] = storeOf('store');
  });

  const imports = (text: string, changes: Parameters<Nbo['run']>[1] = {}) => nbo.run(['import', '-'], { input: bytesOf(text, 4096), ...changes });
  const lines = (...customers: readonly object[]): string => customers.map((customer) => `${JSON.stringify(customer)}\n`).join('');
  const exported = async (): Promise<string> => (await nbo.run(['export'])).out;
  const customers = async () => (await exported()).trim().split('\n').map((line) => JSON.parse(line) as typeof whole & { objection?: boolean });
  const objections = async () => (await customers()).map(({ id, consents, objection }) => [id, consents, objection]);
  const setUp = async (): Promise<void> => {
    expect(await imports(lines(whole, objecting))).toMatchObject({ code: 0, err: '' });
  };

  test('an export that is imported into an empty store is exported as it was, and over itself changes nothing', async () => {
    await setUp();
    const before = await exported();
    expect(before.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([whole, objecting]);
    nbo.environment['NBO_STORE'] = storeOf('other');
    for (const out of ['2 customers.\n1 contact in their ledgers.\n', '2 customers.\n0 new, 2 updated.\n1 contact in their ledgers.\n']) {
      expect(await imports(before)).toEqual({ code: 0, out, err: '' });
      expect(await exported()).toBe(before);
    }
  });

  test('an objection stays, also under an older export, until it is taken back', async () => {
    await setUp();
    const { objection: _, ...before } = { ...objecting, consents: ['web'] };
    for (const text of ['id,region,consents\nC-2,north,web\n', lines({ id: 'C-2', attributes: { region: 'north' }, consents: ['web'] }), lines(before)]) {
      expect(await imports(text)).toMatchObject({ code: 0, err: '' });
      expect((await objections())[1]).toEqual(['C-2', [], true]);
    }
    await imports('id,region,consents,objection\nC-2,north,web,false\n');
    expect((await objections())[1]).toEqual(['C-2', ['web'], undefined]);
    await imports(lines({ id: 'C-2', attributes: { region: 'north' }, consents: ['web'], objection: true }));
    await imports(lines({ id: 'C-2', attributes: { region: 'north' }, consents: ['web'], objection: false }));
    expect((await objections())[1]).toEqual(['C-2', ['web'], undefined]);
  });

  test('consents that are listed keep their proof, others are withdrawn, new ones begin now', async () => {
    await setUp();
    await imports('id,region,consents\nC-1,south,web|sms\n');
    const [{ consents, consentRecords }] = await customers() as [typeof whole];
    expect(consents).toEqual(['web', 'sms']);
    expect(consentRecords).toEqual([{ ...proven('email'), status: 'withdrawn', withdrawnAt: ago(0) }, proven('web'), { purpose: 'sms', status: 'confirmed', givenAt: ago(0), confirmedAt: ago(0) }]);
  });

  test('a line without contacts leaves the ledger, events, visitors and agenda; what it says takes their place', async () => {
    await setUp();
    const rest = async () => (({ contacts, events: kept, visitors, agenda: held }) => ({ contacts, events: kept, visitors, agenda: held }))((await customers())[0]!);
    const before = await rest();
    expect(await imports('id,region,consents\nC-1,south,web\nC-3,north,\n')).toEqual({ code: 0, out: '2 customers.\n1 new, 1 updated.\n', err: '' });
    expect((await customers())[0]).toMatchObject({ attributes: { region: 'south' }, holdings: [] });
    expect(await rest()).toEqual(before);
    const profile = { id: 'C-1', attributes: { region: 'south' } };
    await imports(lines({ ...profile, contacts: [] }));
    expect(await rest()).toEqual({ ...before, contacts: [] });
    const opened = { ...contact, outcome: 'opened' };
    await imports(lines({ ...profile, contacts: [opened] }));
    await imports(lines({ ...profile, events: { types: [], triggers: [] } }));
    await imports(lines({ ...profile, agenda: { triggers: [], unsent: [] } }));
    expect(await rest()).toEqual({ contacts: [opened], events: { types: [], triggers: [] }, visitors: before.visitors, agenda: undefined });
  });

  test('of lines about one customer the last counts, and keeps what only an earlier one says', async () => {
    const text = lines({ ...whole, objection: true, consents: [] }, { id: 'C-9', attributes: { region: 'north' } }, { id: 'C-1', attributes: { region: 'south' }, consents: ['web', 'email'] });
    for (const said of ['2 new, 1 updated', '0 new, 3 updated']) {
      expect(await imports(text)).toEqual({ code: 0, out: `3 customers.\n${said}.\n1 contact in their ledgers.\n`, err: '' });
      expect((await customers())[0]).toEqual({ ...whole, attributes: { region: 'south' }, consents: [], objection: true, holdings: [] });
    }
  });

  const over = (changed: (store: CustomerStore) => CustomerStore): NonNullable<Parameters<Nbo['run']>[1]> => ({
    openEngine: async (config) => {
      const opened = await openEngine(config);
      return opened.ok ? { ok: true, engine: { ...opened.engine, store: changed(opened.engine.store) } } : opened;
    },
  });

  test('what a service writes meanwhile counts: an objection, and a contact', async () => {
    await setUp();
    let puts = 0;
    const racing = over((store) => ({
      ...store,
      putProfile: async (id, profile, ifVersion, wakeAt) => {
        if (puts++ === 0) {
          const { profile: stored } = (await store.export(id))!;
          await store.putProfile(id, { ...stored, consents: [], objection: true });
          await store.record({ customerId: id, contact: { offerId: 'credit-card', channel: 'web', outcome: 'opened', occurredAt: now }, beganAt: now, now, horizon: { windowMs: 90 * day, latestOf: [] }, maxContacts: 9, confirm: [], release: [] });
        }
        return store.putProfile(id, profile, ifVersion, wakeAt);
      },
    }));
    expect(await imports('id,region,consents\nC-1,south,web\n', racing)).toMatchObject({ code: 0, err: '' });
    expect(puts).toBe(2);
    expect((await customers())[0]).toMatchObject({ attributes: { region: 'south' }, consents: [], objection: true, contacts: [contact, { outcome: 'opened' }] });
  });

  test.each([
    // Who is new no more has a profile put.
    ['who is new to the import', 'C-9', lines({ id: 'C-9', attributes: { region: 'south' }, holdings: ['loan'] }), []],
    ['whose line brings events', 'C-1', lines({ id: 'C-1', attributes: { region: 'south' }, consents: ['web', 'email'], events }), [['C-1']]],
  ])('what a service writes meanwhile of one %s stays, and only that one is written anew', async (_, id, text, loadedAnew) => {
    await setUp();
    const loads: string[][] = [];
    const racing = over((store) => ({
      ...store,
      load: async (customers, wakeAt) => {
        loads.push(customers.map((each) => each.id));
        if (loads.length === 1) {
          const stored = await store.export(id);
          await store.putProfile(id, { ...stored?.profile ?? { attributes: {}, consents: [], holdings: [] }, objection: true });
          await store.record({ customerId: id, contact: { offerId: 'credit-card', channel: 'web', outcome: 'opened', occurredAt: now }, beganAt: now, now, horizon: { windowMs: 90 * day, latestOf: [] }, maxContacts: 9, confirm: [], release: [] });
        }
        return store.load(customers, wakeAt);
      },
    }));
    expect(await imports(`${text}\n${lines({ id: 'C-8', attributes: { region: 'north' } })}`, racing)).toMatchObject({ code: 0, err: '' });
    expect(loads).toEqual([[id, 'C-8'], ...loadedAnew]);
    const after = (await customers()).find((each) => each.id === id)!;
    expect(after).toMatchObject({ attributes: { region: 'south' }, objection: true });
    expect(after.contacts.at(-1)).toMatchObject({ offerId: 'credit-card', outcome: 'opened' });
  });

  test('who is changed again and again ends it, with what to do', async () => {
    await setUp();
    const restless = over((store) => ({ ...store, load: (customers) => Promise.resolve(customers.map(({ id }) => id)) }));
    const { code, err } = await imports(lines({ id: 'C-9', attributes: { region: 'north' } }), restless);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('changed by others again and again meanwhile; import again what is left') });
    expect((await customers()).map(({ id }) => id)).toEqual(['C-1', 'C-2']);
  });

  test('bad lines are told in the order of the file, whoever they are about', async () => {
    const unreadable = over((store) => ({ ...store, read: () => Promise.reject(new UnreadableError('A stored value cannot be read: x.')) }));
    const { code, err } = await imports('id,region\nC-1,south\nC-2,north\nC-1,north\nC-2,south\n', unreadable);
    expect([code, ...err.trimEnd().split('\n').map((line) => line.split(': ')[0])]).toEqual([1, 'standard input:2', 'standard input:3', 'standard input:4', 'standard input:5']);
  });

  test('what cannot be read is a bad line, unless the line says all of it', async () => {
    await setUp();
    const unreadable = over((store) => ({ ...store, read: (id, ...rest) => (id === 'C-1' ? Promise.reject(new UnreadableError('A stored value cannot be read: x.')) : store.read(id, ...rest)) }));
    expect(await imports('id,region\nC-1,south\nC-2,north\n', unreadable)).toEqual({ code: 1, out: '1 customer, 1 bad line.\n0 new, 1 updated.\n', err: 'standard input:2: what the store holds about this customer cannot be read; an export\'s whole line would replace it\n' });
    expect(await imports(lines({ ...whole, attributes: { region: 'south' } }), unreadable)).toMatchObject({ code: 0, err: '' });
    expect((await customers()).map(({ attributes }) => attributes.region)).toEqual(['south', 'north']);
  });

  test('more consent records than a customer may have are a bad line, and the customer stays', async () => {
    const withdrawn = (count: number) => Array.from({ length: count }, (_, place) => ({ ...proven(`p${place}`), status: 'withdrawn', withdrawnAt: ago(1) }));
    await imports(lines({ ...whole, consents: [], consentRecords: withdrawn(200) }));
    const before = await exported();
    const { code, out, err } = await imports(lines({ id: 'C-1', attributes: { region: 'south' }, consents: ['web'] }));
    expect({ code, out, err }).toEqual({ code: 1, out: '0 customers, 1 bad line.\n', err: 'standard input:1: /consents would make 201 consent records; a customer has at most 200, withdrawn ones included\n' });
    expect(await exported()).toBe(before);
  });

  test('a line over a customer is what PUT of the same body is', async () => {
    const purpose = fc.constantFrom('web', 'email', 'partner-data');
    const time = fc.integer({ min: 5, max: 60 }).map(ago);
    const consent = fc.oneof(purpose, fc.record({ purpose, status: fc.constantFrom('pending', 'confirmed'), basis: fc.constantFrom('consent', 'contract'), textVersion: fc.constantFrom('1', '2'), source: fc.constant('app'), givenAt: time }, { requiredKeys: ['purpose'] }));
    const body = fc.record({
      attributes: fc.record({ region: fc.constantFrom('north', 'south'), age: fc.nat(90) }, { requiredKeys: ['region'] }),
      consents: fc.uniqueArray(consent, { maxLength: 3, selector: (item) => (typeof item === 'string' ? item : item.purpose) }),
      objection: fc.boolean(),
      holdings: fc.array(fc.constantFrom('card', 'loan'), { maxLength: 3 }),
      timeZone: fc.constant('Europe/Oslo'), locale: fc.constant('nb-NO'),
    }, { requiredKeys: ['attributes'] });
    const cases = fc.sample(fc.array(body, { minLength: 2, maxLength: 4 }), { numRuns: 80, seed: 20261127 });

    let time0 = now - 4 * day;
    const service = await runService({ NBO_CATALOG: nbo.environment['NBO_CATALOG']!, NBO_STORE: storeOf('store') }, () => time0);
    try {
      for (let step = 0; step < 4; step++, time0 += day) {
        const file: object[] = [];
        for (const [place, bodies] of cases.entries()) {
          const said = bodies[step];
          if (said === undefined) continue;
          expect((await service.call('PUT', `/v1/customers/put-${place}`, said)).status).toBe(step === 0 ? 201 : 200);
          file.push({ id: `line-${place}`, ...said });
        }
        expect(await imports(lines(...file), { now: () => time0 })).toMatchObject({ code: 0, err: '' });
      }
    } finally {
      await service.remove();
    }
    const store = await openStore(commandConfig(nbo));
    try {
      const of = async (id: string): Promise<Partial<StoredCustomer>> => ({ ...(await store.export(id))!, id: '' });
      for (const place of cases.keys()) expect([place, await of(`line-${place}`)]).toEqual([place, await of(`put-${place}`)]);
    } finally {
      await store.close();
    }
  });
});
