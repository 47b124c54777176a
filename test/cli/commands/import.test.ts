import { jest } from '@jest/globals';
import type { CustomerStore, DueCustomer, StoredCustomer } from '../../../src/customers/customer-store.js';
import { openStore } from '../../../src/app.js';
import { commandConfig } from '../../../src/cli/opening/settings.js';
import type { ImportSummary } from '../../../src/cli/commands/import.js';
import { expectConforms } from '../../support/conforms.js';
import { bytesOf, createNbo, now, smallCatalog, type Nbo } from '../in-process.js';

jest.setTimeout(60_000);

let nbo: Nbo;
beforeEach(() => { nbo = createNbo(); });
afterEach(() => nbo.remove());

const day = 86_400_000;
const ago = (days: number): string => new Date(now - days * day).toISOString();
const anna = { id: 'C-1', attributes: { age: 41, region: 'north' }, consents: ['web'], holdings: ['card'], timeZone: 'Europe/Stockholm', locale: 'sv-SE' };
const contact = { decisionId: 'd1', offerId: 'home-insurance', channel: 'web', outcome: 'presented', occurredAt: ago(1) };

async function held(): Promise<StoredCustomer[]> {
  const store: CustomerStore = await openStore(commandConfig(nbo));
  const customers: StoredCustomer[] = [];
  for await (const id of store.ids()) customers.push((await store.export(id))!);
  await store.close();
  return customers;
}

const importText = (text: string | Uint8Array, ...options: string[]) => nbo.run(['import', '-', ...options], { input: bytesOf(text) });
const summaryOf = (out: string): ImportSummary => JSON.parse(out) as ImportSummary;

describe('NDJSON', () => {
  test('what an export gives is imported as it was, contacts and all', async () => {
    const contacts = [
      { activity: 'newsletter', channel: 'web', outcome: 'delivered', occurredAt: ago(40) },
      { ...contact, kind: 'cross-sell', placement: 'hero', reason: 'At the top', value: 12.5, trigger: 'moved' },
    ];
    const consentRecords = [
      { purpose: 'email', status: 'withdrawn', basis: 'consent', textVersion: '3', source: 'form', givenAt: ago(30), confirmedAt: ago(29), withdrawnAt: ago(2) },
      { purpose: 'web', status: 'confirmed', givenAt: ago(20), confirmedAt: ago(20) },
      { purpose: 'sms', status: 'pending', givenAt: ago(10) },
    ];
    const events = { types: [], triggers: [] };
    const objecting = { id: 'Å–2', attributes: { region: 'south' }, consents: [], objection: true, holdings: [], consentRecords: consentRecords.slice(1), contacts: [], events };
    const text = `${JSON.stringify({ ...anna, consentRecords, contacts, events })}\n${JSON.stringify(objecting)}\n`;
    expect(await importText(text)).toEqual({ code: 0, out: '2 customers.\n2 contacts in their ledgers.\n', err: '' });
    const { out } = await nbo.run(['export']);
    expect(out.trim().split('\n').map((line) => JSON.parse(line))).toEqual(text.trim().split('\n').map((line) => JSON.parse(line)));
    expect((await nbo.run(['export', '--customer', 'Å–2'])).out).toBe(text.split('\n')[1]! + '\n');
  });

  describe('under a catalog with triggers that speak by themselves', () => {
    const outbound = `
- id: moved
  type: life-event
  on: { event: address.changed }
  window: 30d
  effect: { weight: 1.5, kinds: [cross-sell] }
  outbound: { channels: [web], within: 2d }
`;
    const due = async (at: number) => {
      const store = await openStore(commandConfig(nbo));
      const taken = await store.takeDue({ now: at, most: 5_000, leaseUntil: at + 1 });
      await store.close();
      return taken;
    };
    beforeEach(() => {
      nbo.write('catalog/triggers/events.yaml', 'address.changed: {}\n');
      nbo.write('catalog/triggers/triggers.yaml', outbound);
    });

    test('who is imported falls due, some after the other', async () => {
      const ids = Array.from({ length: 2_100 }, (_, place) => `C-${place}`);
      expect((await importText(ids.map((id) => JSON.stringify({ id, attributes: { region: 'north' } })).join('\n'))).code).toBe(0);
      expect(await due(now - 1)).toEqual([]);
      expect(await due(now)).toHaveLength(2_000);
      expect((await due(now + 1_000)).filter(({ dueAt }) => dueAt === now + 1_000)).toHaveLength(100);
    });

    test('who is there already falls due again by a profile, as by a PUT', async () => {
      await importText('id,region\nC-1,north\n');
      const store = await openStore(commandConfig(nbo));
      const [{ lease, agenda }] = await store.takeDue({ now, most: 1, leaseUntil: now + 1 }) as [DueCustomer];
      await store.settle({ customerId: 'C-1', lease, agenda, dueAt: null });
      await store.close();
      expect(await due(now + day)).toEqual([]);
      expect((await importText('id,region\nC-1,south\n')).out).toBe('1 customer.\n0 new, 1 updated.\n');
      expect((await due(now)).map(({ customerId }) => customerId)).toEqual(['C-1']);
    });

    test('who gets an event falls due, whether or not the command knows of an outbox', async () => {
      await importText(JSON.stringify({ id: 'C-1', attributes: { region: 'north' } }));
      await due(now);
      await due(now + 1);
      const event = { specversion: '1.0', id: 'e-1', source: '/crm', type: 'address.changed', subject: 'C-1', time: ago(1) };
      expect(await nbo.run(['ingest', '-'], { input: bytesOf(JSON.stringify(event)) })).toMatchObject({ code: 0 });
      expect((await due(now + 2)).map(({ customerId }) => customerId)).toEqual(['C-1']);
    });

    test('what an export tells of triggers is imported as it was', async () => {
      const event = { id: 'p-1', data: { offer: 'å' } };
      const agenda = {
        lookAt: ago(-1),
        triggers: [{ trigger: 'moved', state: 'published', activeSince: ago(2), since: ago(1) }, { trigger: 'quiet', state: 'deferred', activeSince: ago(3), since: ago(3), activeUntil: ago(-5), reason: 'Quiet hours' }],
        unsent: [{ id: 'p-1', trigger: 'moved', channel: 'web', validUntil: ago(-3), attempts: 3, nextAttemptAt: ago(-1), neverTaken: true, event }, { id: 'p-2', trigger: 'moved', channel: 'web', validUntil: ago(-2), attempts: 0, nextAttemptAt: ago(0), event }],
      };
      await importText(JSON.stringify({ id: 'C-1', attributes: { region: 'north' }, agenda }));
      const exported = JSON.parse((await nbo.run(['export'])).out) as { agenda: unknown };
      // Due at once, since it was imported.
      expect(exported.agenda).toEqual({ ...agenda, lookAt: ago(0) });
      expectConforms('GET', '/v1/customers/C-1/export', 200, exported, 'application/json');
    });

    test.each([
      [{ triggers: [{ trigger: 'moved', state: 'silent', activeSince: ago(1), since: ago(1) }], unsent: [] }, '/agenda/triggers/0/state must be one of deferred, published, given-up'],
      [{ triggers: [{ trigger: 'moved', state: 'deferred', activeSince: '1969-12-31T23:59:59Z', since: ago(1) }], unsent: [] }, '/agenda/triggers/0/activeSince lies before 1970'],
      [{ triggers: Array.from({ length: 2 }, () => ({ trigger: 'moved', state: 'deferred', activeSince: ago(1), since: ago(1) })), unsent: [] }, '/agenda/triggers/1/trigger is there twice: moved'],
      [{ triggers: [], unsent: [{ id: 'p' }] }, '/agenda/unsent/0/trigger is missing'],
    ])('what cannot be is a bad line: %j', async (agenda, said) => {
      const { code, err } = await importText(JSON.stringify({ id: 'C-1', attributes: { region: 'north' }, agenda }));
      expect([code, err]).toEqual([1, expect.stringContaining(said)]);
      expect(await held()).toEqual([]);
    });
  });

  test('visitors that were linked are linked again, unless they are somebody else here', async () => {
    const of = (id: string, ...visitors: string[]): string => `${JSON.stringify({ id, attributes: { region: 'north' }, visitors: visitors.map((visitorId) => ({ visitorId, linkedAt: ago(0) })) })}\n`;
    expect(await importText(of('C-1', 'v-1', 'v-2'))).toMatchObject({ code: 0, err: '' });
    const again = await importText(of('C-1', 'v-1', 'v-2') + of('C-2', 'v-2', 'v-3'));
    expect(again).toMatchObject({ code: 0, err: 'The visitor "v-2" of C-2 was not linked: it is another customer\'s here.\n' });
    expect((await held()).map(({ id, visitors }) => [id, visitors])).toEqual([
      ['C-1', [{ visitorId: 'v-1', linkedAt: now }, { visitorId: 'v-2', linkedAt: now }]],
      ['C-2', [{ visitorId: 'v-3', linkedAt: now }]],
    ]);
  });

  test('consents without a history begin one', async () => {
    await importText(JSON.stringify({ ...anna, consents: ['web', { purpose: 'email', status: 'pending', givenAt: ago(3) }] }));
    expect((await held())[0]!.profile).toMatchObject({ consents: ['web'], consentRecords: [{ purpose: 'email', status: 'pending', givenAt: now - 3 * day }, { purpose: 'web', status: 'confirmed', givenAt: now, confirmedAt: now }] });
  });

  test.each([
    [{ consents: ['web', 'sms'], consentRecords: [{ purpose: 'web', status: 'confirmed', givenAt: ago(1), confirmedAt: ago(1) }] }, '/consents does not fit consentRecords'],
    [{ consentRecords: [{ purpose: 'web', status: 'confirmed', givenAt: ago(1) }] }, '/consentRecords/0/confirmedAt is missing'],
    [{ consentRecords: [{ purpose: 'web', status: 'maybe', givenAt: ago(1) }] }, '/consentRecords/0/status must be one of pending, confirmed, withdrawn'],
    [{ consents: [{ purpose: 'web', givenAt: '2999-01-01T00:00:00Z' }] }, '/consents/0/givenAt lies in the future'],
  ])('consents that do not fit are a bad line: %j', async (members, said) => {
    const { code, err } = await importText(JSON.stringify({ id: 'C-1', attributes: { region: 'north' }, ...members }));
    expect(err).toContain(said);
    expect(code).toBe(1);
    expect(await held()).toEqual([]);
  });

  test('the last of an id counts, and running it again changes nothing', async () => {
    const first = { ...anna, contacts: [contact] };
    const last = { id: 'C-1', attributes: { region: 'south' } };
    const text = [first, { ...anna, id: 'C-2' }, last].map((customer) => JSON.stringify(customer)).join('\r\n');
    for (const run of ['first', 'again']) {
      expect([run, (await importText(text)).code]).toEqual([run, 0]);
      expect((await held()).map(({ id, profile, contacts }) => [id, profile.attributes, contacts.length])).toEqual([['C-1', { region: 'south' }, 1], ['C-2', anna.attributes, 0]]);
    }
  });

  test('an offer\'s kind is filled in, and contacts are put in order', async () => {
    const text = JSON.stringify({ ...anna, contacts: [contact, { ...contact, outcome: 'clicked', occurredAt: ago(2) }] });
    await importText(text);
    expect((await held())[0]!.contacts).toEqual([
      { ...contact, kind: 'cross-sell', outcome: 'clicked', occurredAt: now - 2 * day },
      { ...contact, kind: 'cross-sell', occurredAt: now - day },
    ]);
  });

  test('contacts older than the ledger reaches are left out and counted, the latest accepted stays', async () => {
    const contacts = [{ ...contact, occurredAt: ago(91) }, { ...contact, outcome: 'accepted', occurredAt: ago(900) }, { ...contact, occurredAt: ago(89) }];
    const { code, out } = await importText(JSON.stringify({ ...anna, contacts }));
    expect(out).toBe('1 customer.\n2 contacts in their ledgers.\n1 contact left out: older than the ledger reaches.\n');
    expect(code).toBe(0);
    expect((await held())[0]!.contacts.map(({ outcome }) => outcome)).toEqual(['accepted', 'presented']);
  });

  test('names that the catalog does not know are kept, and told', async () => {
    const contacts = [{ ...contact, channel: 'webb' }, { ...contact, offerId: 'retired' }, { ...contact, channel: 'webb' }, { activity: 'invoice', channel: 'web', outcome: 'opened', occurredAt: ago(3) }];
    const { code, out } = await importText(JSON.stringify({ ...anna, contacts }), '--json');
    expect(code).toBe(0);
    expect(summaryOf(out)).toEqual({ customers: 1, newCustomers: 1, contacts: 4, droppedContacts: 0, badLines: 0, unknownNames: [
      { what: 'activity', name: 'invoice', contacts: 1 }, { what: 'channel', name: 'webb', contacts: 2 }, { what: 'offer', name: 'retired', contacts: 1 },
    ] });
  });

  test('2,000 contacts are stored, one more is a bad line', async () => {
    const many = (number: number) => Array.from({ length: number }, (_, index) => ({ offerId: 'x', channel: 'web', outcome: 'opened', occurredAt: new Date(now - index).toISOString() }));
    const { code, err } = await importText(`${JSON.stringify({ ...anna, contacts: many(2000) })}\n${JSON.stringify({ ...anna, id: 'C-2', contacts: many(2001) })}\n`);
    expect(code).toBe(1);
    expect(err).toBe('standard input:2: /contacts has 2001 contacts within the ledger\'s horizon; a customer has at most 2000\n');
    expect((await held()).map(({ contacts }) => contacts.length)).toEqual([2000]);
  });
});

describe('a bad line is told with its number and reason, and the good ones around it are stored', () => {
  const withContact = (changes: object): string => JSON.stringify({ ...anna, contacts: [{ ...contact, ...changes }] });
  test.each([
    ['not JSON', '{"id": "C-9",}', 'is not JSON: column 14: expected a name in double quotes; there is a comma too many before it'],
    ['no object', '["C-9"]', 'must be an object'],
    ['no id', '{"attributes":{"region":"north"}}', '/id is missing'],
    ['a long id', JSON.stringify({ ...anna, id: 'x'.repeat(129) }), '/id must have at most 128 characters'],
    ['an id with a line break', JSON.stringify({ ...anna, id: 'a\nb' }), '/id must be'],
    ['a misspelt member', JSON.stringify({ ...anna, holding: [] }), '/holding is not a member that is known here; did you mean "holdings"?'],
    ['a misspelt attribute', JSON.stringify({ ...anna, attributes: { region: 'north', agee: 4 } }), '/attributes/agee is not declared in the catalog\'s schema; did you mean age?'],
    ['a wrong type', JSON.stringify({ ...anna, attributes: { region: 'north', age: '41' } }), '/attributes/age must be a whole number'],
    ['a value not allowed', JSON.stringify({ ...anna, attributes: { region: 'nord' } }), '/attributes/region must be one of north, south'],
    ['a required attribute missing', JSON.stringify({ id: 'C-9' }), '/attributes/region is missing'],
    ['a wrong date', JSON.stringify({ ...anna, attributes: { region: 'north', memberSince: '2026-02-30' } }), '/attributes/memberSince must be a date'],
    ['consents as text', JSON.stringify({ ...anna, consents: 'web' }), '/consents must be an array'],
    ['a time zone that is none', JSON.stringify({ ...anna, timeZone: 'Sweden/Stockholm' }), '/timeZone must be an IANA time zone'],
    ['a locale that is none', JSON.stringify({ ...anna, locale: 'sv_SE' }), '/locale'],
    ['a contact of nothing', withContact({ offerId: undefined }), '/contacts/0 must name either an offerId or an activity'],
    ['a contact of two things', withContact({ activity: 'newsletter' }), '/contacts/0 must name either an offerId or an activity'],
    ['an unknown outcome', withContact({ outcome: 'accept' }), '/contacts/0/outcome must be one of delivered'],
    ['a contact without a channel', withContact({ channel: undefined }), '/contacts/0/channel is missing'],
    ['a time without its offset', withContact({ occurredAt: '2026-11-20T10:00:00' }), '/contacts/0/occurredAt must be a date and time with its offset'],
    ['a contact in the future', withContact({ occurredAt: ago(-1) }), '/contacts/0 lies in the future: 2026-11-24'],
    ['a contact before all time', withContact({ occurredAt: '1066-10-14T09:00:00Z' }), '/contacts/0 lies before 1970'],
    ['a misspelt member of a contact', withContact({ offer: 'x' }), '/contacts/0/offer is not a member'],
    ['an own __proto__', '{"id":"C-9","attributes":{"region":"north","__proto__":{"age":1}}}', '/attributes/__proto__ is not allowed as a name'],
    ['very deep nesting', `{"id":"C-9","attributes":{"region":${'['.repeat(5000)}${']'.repeat(5000)}}}`, 'nested deeper than 64 levels'],
    ['an empty object', '{}', '/id is missing'],
  ])('%s', async (_name, line, reason) => {
    const { code, out, err } = await importText(`${JSON.stringify({ ...anna, id: 'C-1' })}\n\n${line}\n${JSON.stringify({ ...anna, id: 'C-2' })}\n`);
    expect(err.startsWith('standard input:3: ')).toBe(true);
    expect(err).toContain(reason);
    expect(err.split('\n')).toHaveLength(2);
    expect({ code, out }).toEqual({ code: 1, out: '2 customers, 1 bad line.\n' });
    expect((await held()).map(({ id }) => id)).toEqual(['C-1', 'C-2']);
  });

  test('bytes that are no UTF-8', async () => {
    const { code, err } = await importText(Buffer.concat([Buffer.from('{"id":"'), Buffer.of(0xe5), Buffer.from('","attributes":{"region":"north"}}')]));
    expect(err).toBe('standard input:1: is not valid UTF-8\n');
    expect(code).toBe(1);
  });

  test('a line over 1 MB', async () => {
    const file = nbo.write('long.ndjson', `${JSON.stringify(anna)}\n${'x'.repeat(3_000_000)}\n${JSON.stringify({ ...anna, id: 'C-2' })}`);
    const { code, out, err } = await nbo.run(['import', file]);
    expect(err).toBe(`${file}:2: is longer than 1 MB\n`);
    expect({ code, out }).toEqual({ code: 1, out: '2 customers, 1 bad line.\n' });
  });

  test('of very many the first 100 are shown, and all are counted', async () => {
    const { code, out, err } = await importText('{"a":1}\n'.repeat(250), '--json');
    expect(err.split('\n')).toHaveLength(102);
    expect(err).toMatch(/\nstandard input:100: .*\n… and 150 more bad lines, not shown\.\n$/);
    expect({ code, badLines: summaryOf(out).badLines }).toEqual({ code: 1, badLines: 250 });
  });
});

describe('CSV', () => {
  const profiles = async () => (await held()).map(({ id, profile }) => ({ id, ...profile }));

  test('values get the types that the schema gives them, an empty one is missing', async () => {
    const file = nbo.write('c.csv', '\ufeffid,age,balance,region,carOwner,memberSince,tags,consents,holdings,timeZone,locale,objection\r\n'
      + 'C-1,41,-12.5,north,yes,2020-01-31,a|b,web|call-center,card;loan,Europe/Stockholm,sv-SE,no\r\n\r\n'
      + '"C,2",,1e3, south ,0,,,web,,,,yes\r\n"C ""3""",0,,"north",FALSE,,,,,,,\r\n');
    expect(await nbo.run(['import', file])).toEqual({ code: 0, out: '3 customers.\n', err: '' });
    expect(await profiles()).toEqual([
      { id: 'C "3"', attributes: { age: 0, region: 'north', carOwner: false }, consents: [], consentRecords: [], holdings: [] },
      { id: 'C,2', attributes: { balance: 1000, region: 'south', carOwner: false }, consents: [], consentRecords: [{ purpose: 'web', status: 'confirmed', givenAt: now, confirmedAt: now }], objection: true, holdings: [] },
      { id: 'C-1', attributes: { age: 41, balance: -12.5, region: 'north', carOwner: true, memberSince: '2020-01-31', tags: ['a', 'b'] }, consents: ['web', 'call-center'], consentRecords: ['web', 'call-center'].map((purpose) => ({ purpose, status: 'confirmed', givenAt: now, confirmedAt: now })), holdings: ['card', 'loan'], timeZone: 'Europe/Stockholm', locale: 'sv-SE' },
    ]);
  });

  test('an attribute that refers to a definition is read as the type that it points at', async () => {
    const schema = smallCatalog['schema.yaml']!.replace('age: { type: integer, minimum: 0 }', "age: { $ref: '#/$defs/years' }").replace('  required: [region]\n', '  required: [region]\n  $defs: { years: { type: integer, minimum: 0 } }\n');
    nbo.write('catalog/schema.yaml', schema);
    const { code, out, err } = await importText('id,age,region\nC-1,41,north\nC-2,old,north\nC-3,-1,north\n');
    expect({ code, out, err }).toEqual({ code: 1, out: '1 customer, 2 bad lines.\n', err: 'standard input:3: age must be a number, not "old"\nstandard input:4: /attributes/age must be at least 0, not -1\n' });
    expect(await profiles()).toMatchObject([{ id: 'C-1', attributes: { age: 41, region: 'north' } }]);
  });

  test.each([[';'], ['\t'], [',']])('the delimiter %j is told from the header', async (delimiter) => {
    const text = [['id', 'region', 'consents', 'age'], ['C-1', 'north', '"web;call-center"', '7']].map((fields) => fields.join(delimiter)).join('\n');
    expect((await importText(text)).out).toBe('1 customer.\n');
    expect(await profiles()).toMatchObject([{ attributes: { region: 'north', age: 7 }, consents: ['web', 'call-center'] }]);
  });

  test.each([
    ['too few values', 'C-9,41', 'has 2 values, where the header has 5 columns'],
    ['too many', 'C-9,41,north,1,,', 'has 6 values, where the header has 5 columns'],
    ['no id', ',41,north,1,', '/id is missing'],
    ['text for a number', 'C-9,old,north,1,', 'age must be a number, not "old"'],
    ['a number with a comma', 'C-9,41,north,1,"12,5"', 'balance must be a number (decimals after a point), not "12,5"'],
    ['a broken number for a whole one', 'C-9,41.5,north,1,', '/attributes/age must be a whole number, not 41.5'],
    ['text for true or false', 'C-9,41,north,maybe,', 'carOwner must be true or false (or 1, 0, yes, no), not "maybe"'],
    ['a value not allowed', 'C-9,41,nord,1,', '/attributes/region must be one of north, south'],
    ['a required value missing', 'C-9,41,,1,', '/attributes/region is missing'],
    ['a quote inside', 'C-9,4"1,north,1,', 'age must be a number, not "4"1"'],
    ['more behind a quote', 'C-9,"4"1,north,1,', 'age must be a number, not ""4"1"'],
    ['hexadecimal', 'C-9,0x1F,north,1,', 'age must be a number'],
    ['not a number, in words', 'C-9,NaN,north,1,', 'age must be a number'],
    ['a number without end', 'C-9,41,north,1,1e999', 'balance'],
  ])('a bad line: %s', async (_name, line, reason) => {
    const { code, out, err } = await importText(`id,age,region,carOwner,balance\n"C-1",1,north,1,"1"\n${line}\nC-2,1,north,1,1\n`);
    expect(err).toContain(reason);
    expect(err.startsWith('standard input:3: ')).toBe(true);
    expect({ code, out }).toEqual({ code: 1, out: '2 customers, 1 bad line.\n' });
    expect((await held()).map(({ id }) => id)).toEqual(['C-1', 'C-2']);
  });

  test('lines are counted in the file, not in records', async () => {
    const { err } = await importText('id,region\n"C\n1",north\n\nC-2,nord\n');
    expect(err.split('\n').map((line) => line.split(' /')[0])).toEqual(['standard input:2:', 'standard input:5:', '']);
  });

  test('a quote that is never closed is told with the line that it begins on', async () => {
    const { code, out, err } = await importText('id,region\nC-1,north\nC-2,"north\nC-3,north\n');
    expect(err).toBe('standard input:3: opens a quote that is never closed; everything after it was taken for one value\n');
    expect({ code, out }).toEqual({ code: 1, out: '1 customer, 1 bad line.\n' });
  });

  test('one that takes in 1 MB ends the import, since nothing after it can be trusted', async () => {
    const file = nbo.write('quote.csv', `id,region\n${'C-1,north\n'.repeat(600)}C-2,"north\n${'C-3,north\n'.repeat(150_000)}`);
    const { code, out, err } = await nbo.run(['import', file]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('The record that begins on line 602 is longer than 1 MB');
    expect((await held()).map(({ id }) => id)).toEqual(['C-1']);
  });

  test.each([
    ['no id', 'region,age\nnorth,1\n', 'There is no column "id".'],
    ['a column that is no attribute', 'id,agee\nC-1,1\n', 'The column "agee" is no attribute of the catalog\'s schema; did you mean age?'],
    ['a column twice', 'id,age,age\nC-1,1,1\n', 'The column "age" is there twice.'],
    ['a column without a name', 'id,,age\nC-1,1,1\n', 'Column 2 has no name'],
    ['a column of every object', 'id,__proto__\nC-1,1\n', 'The column "__proto__" is no attribute'],
  ])('a header that is of no use: %s', async (_name, text, said) => {
    const { code, out, err } = await importText(text);
    expect(err).toContain(said);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });
});

describe('the file', () => {
  test.each([
    ['is not there', 'absent.csv', 'absent.csv: there is no such file or folder\n'],
    ['is a folder', 'catalog', 'catalog is a folder, where a file was expected\n'],
  ])('%s', async (_name, file, said) => {
    const { code, err } = await nbo.run(['import', `${nbo.folder}/${file}`]);
    expect({ code, err }).toEqual({ code: 1, err: `${nbo.folder}/${said}` });
  });

  test.each([
    ['one JSON array', '[{"id":"C-1"}]', 'is one JSON array'],
    ['a catalog that is broken', null, 'schema.yaml:1:1 / '],
  ])('%s', async (_name, text, said) => {
    if (text === null) nbo.write('catalog/schema.yaml', 'currency: SEK\n');
    const { code, err } = await importText(text ?? '');
    expect(err).toContain(said);
    expect(code).toBe(1);
  });

  test('an empty one is nothing, and said so', async () => expect(await importText('')).toEqual({ code: 0, out: '0 customers.\n', err: '' }));

  test('--format wins over what the file looks like', async () => {
    const { err } = await importText('{"id":"C-1"}', '--format', 'csv');
    expect(err).toContain('The column');
  });

  test('a store that fails midway: what was stored stays, and it is said', async () => {
    const text = Array.from({ length: 1200 }, (_, index) => JSON.stringify({ ...anna, id: `C-${index}` })).join('\n');
    const { openEngine } = await import('../../../src/app.js');
    let loads = 0;
    const { code, out, err } = await nbo.run(['import', '-'], {
      input: bytesOf(text, 4096),
      openEngine: async (config) => {
        const opened = await openEngine(config);
        if (!opened.ok) return opened;
        const { store } = opened.engine;
        return { ok: true, engine: { ...opened.engine, store: { ...store, load: (customers) => (loads++ < 1 ? store.load(customers) : Promise.reject(new Error('The disk is full'))) } } };
      },
    });
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'Stopped. 500 customers until then; what was stored stays, and the import can be run again.\nThe disk is full\n' });
    expect(await held()).toHaveLength(500);
  });
});

/** After how many days the marks of the erased end. */
async function markEnds(): Promise<number[]> {
  const store = await openStore(commandConfig(nbo));
  const ends: number[] = [];
  for await (const { keptUntil } of store.holdings.tombstones(now)) ends.push((keptUntil - now) / day);
  await store.close();
  return ends;
}

test.each([['of 90 days at least', '30d', 90], ['or as far as the ledger reaches', '400d', 400]])('the mark of one who was erased is kept as long as an outcome may come late: %s', async (_name, rest, days) => {
  nbo.write('catalog/rules/rest.yaml', `- { id: rest, kind: communication, cooldown: { after: declined, for: ${rest}, scope: offer } }\n`);
  await importText(JSON.stringify(anna));
  expect(await nbo.run(['erase', '--customer', 'C-1'])).toEqual({ code: 0, out: 'Everything that the store held about C-1 is erased.\n', err: '' });
  expect(await markEnds()).toEqual([days]);
});

test('a broken catalog stops no export and no erasure', async () => {
  await importText(`${JSON.stringify(anna)}\n${JSON.stringify({ ...anna, id: 'C-2' })}`);
  nbo.write('catalog/schema.yaml', smallCatalog['schema.yaml']!.replace('currency', 'curency'));
  expect(await nbo.run(['erase', '--customer', 'C-1'])).toEqual({ code: 0, out: 'Everything that the store held about C-1 is erased.\n', err: expect.stringMatching(/^The catalog in .* cannot be used .* stays for five years\.\n$/) });
  expect(await nbo.run(['erase', '--customer', 'C-1'])).toEqual({ code: 0, out: 'The store holds nothing about C-1.\n', err: '' });
  expect(await markEnds()).toEqual([5 * 366]);
  expect(await nbo.run(['export', '--customer', 'C-1'])).toEqual({ code: 1, out: '', err: 'There is no customer "C-1".\n' });
  const { out } = await nbo.run(['export']);
  expect(JSON.parse(out)).toMatchObject({ ...anna, id: 'C-2', contacts: [] });
});
