import { open } from 'lmdb';
import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

/** Consent, objection and erasure over HTTP, by two services on one store: what one is told, the other goes by at once. */
describe('privacy', () => {
  let policy: PolicyCatalog;
  let service: TestService;
  let other: TestService;
  let at = Date.UTC(2026, 10, 23, 10);
  const running: TestService[] = [];
  const stop = (): Promise<unknown> => Promise.all(running.splice(0).map((each) => each.remove()));
  beforeEach(async () => {
    policy = await writePolicyCatalog();
    const environment = { NBO_CATALOG: policy.catalogFolder, NBO_STORE: policy.storeFolder };
    // One after the other: LMDB cannot open a folder while the same process has a write under way in it.
    service = await runService(environment, () => at);
    other = await runService(environment, () => at);
    running.push(service, other);
  });
  afterEach(async () => {
    await stop();
    await policy.remove();
  });
  const put = (body: object, id = 'anna'): Promise<HttpAnswer> => service.call('PUT', `/v1/customers/${id}`, body);
  const patch = (body: object, id = 'anna'): Promise<HttpAnswer> => service.call('PATCH', `/v1/customers/${id}`, body);
  const exported = async (id = 'anna'): Promise<any> => (await other.call('GET', `/v1/customers/${id}/export`)).body;
  const offered = async (body: object = {}): Promise<string[]> =>
    (await other.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'email', ...body })).body.offers.map(({ offerId }: { offerId: string }) => offerId);
  const iso = (time: number): string => new Date(time).toISOString();

  test('double opt-in: a pending consent is none until it is confirmed', async () => {
    const asked = at;
    const answer = await put({ consents: ['web', { purpose: 'email', status: 'pending', basis: 'consent', textVersion: '3', source: 'web form' }] });
    expect([answer.status, answer.body.consents]).toEqual([201, ['web']]);
    expect(await offered()).toEqual([]);
    at += 60_000;
    expect((await patch({ consents: ['web', 'email'] })).body.consents).toEqual(['web', 'email']);
    expect(await offered()).toEqual(['scarce', 'hundred', 'plenty']);
    expect((await exported()).consentRecords).toEqual([
      { purpose: 'web', status: 'confirmed', givenAt: iso(asked), confirmedAt: iso(asked) },
      { purpose: 'email', status: 'confirmed', basis: 'consent', textVersion: '3', source: 'web form', givenAt: iso(asked), confirmedAt: iso(at) },
    ]);
  });

  test('left out is withdrawn, listed again is a new record', async () => {
    await put({ consents: ['email'] });
    const given = at;
    at += 1000;
    await put({ consents: [] });
    expect(await offered()).toEqual([]);
    at += 1000;
    await put({ consents: ['email'] });
    expect(await offered()).not.toEqual([]);
    expect((await exported()).consentRecords).toEqual([
      { purpose: 'email', status: 'withdrawn', givenAt: iso(given), confirmedAt: iso(given), withdrawnAt: iso(given + 1000) },
      { purpose: 'email', status: 'confirmed', givenAt: iso(at), confirmedAt: iso(at) },
    ]);
  });

  test('unsubscribed withdraws at once, and its record is closed', async () => {
    await put({ consents: ['email', 'web'] });
    const { body } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'email' });
    at += 1000;
    expect((await service.call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'unsubscribed' })).status).toBe(201);
    expect(await offered()).toEqual([]);
    expect((await exported()).consentRecords).toMatchObject([{ purpose: 'email', status: 'withdrawn', withdrawnAt: iso(at) }, { purpose: 'web', status: 'confirmed' }]);
  });

  test('an objection takes effect at once, whatever the call says of consents, and can be taken back', async () => {
    await put({ attributes: { age: 41 }, consents: ['email'] });
    const { body } = await patch({ objection: true });
    expect(body).toMatchObject({ objection: true, consents: [] });
    expect(await offered()).toEqual([]);
    expect(await offered({ customer: { consents: ['email'] } })).toEqual([]);
    expect(await offered({ channel: 'call-center' })).not.toEqual([]);       // whom the customer calls may answer
    expect((await exported())).toMatchObject({ objection: true, consents: [], consentRecords: [{ purpose: 'email', status: 'confirmed' }] });
    // A client that knows nothing of objections does not take one back.
    expect((await put({ attributes: { age: 42 }, consents: ['email'] })).body).toMatchObject({ objection: true, consents: [] });
    expect(await offered()).toEqual([]);
    expect((await patch({ objection: false })).body).toEqual({ id: 'anna', attributes: { age: 42 }, consents: ['email'], holdings: [] });
    expect(await offered()).not.toEqual([]);
  });

  test.each([
    ['plain', { attributes: { age: 41 }, consents: ['email', 'web'], holdings: ['card'], timeZone: 'Europe/Oslo', locale: 'sv-SE' }, {}],
    ['with a pending consent', { consents: ['web', { purpose: 'email', status: 'pending' }] }, {}],
    ['with an objection', { consents: ['web', 'email'] }, { objection: true }],
  ])('what GET gives can be sent back: %s', async (_name, body, change) => {
    await put(body);
    await patch(change);
    const before = await exported();
    at += 1000;
    const { body: got } = await service.call('GET', '/v1/customers/anna');
    expect((await put(got)).status).toBe(200);
    expect(await exported()).toEqual(before);
    expect((await service.call('PUT', '/v1/customers/bo', got)).body.errors).toEqual([{ pointer: '/id', detail: 'must be "bo", as in the path, or left out' }]);
  });

  test.each([
    [{ consents: [{ purpose: 'web', givenAt: '2999-01-01T00:00:00Z' }] }, '/consents/0/givenAt'],
    [{ consents: ['web', { purpose: 'web', status: 'pending' }] }, '/consents/1/purpose'],
    [{ consentRecords: [] }, '/consentRecords'],
    [{ objection: 'yes' }, '/objection'],
  ])('%j is a 400 at %s, and nothing is written', async (body, pointer) => {
    const refused = await put(body);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
    expect((await service.call('GET', '/v1/customers/anna')).status).toBe(404);
  });

  test('writes at the same moment are all in the history, none over another', async () => {
    await put({ consents: [] });
    const patches = Array.from({ length: 40 }, (_, place) => (place % 2 === 0 ? service : other).call('PATCH', '/v1/customers/anna', { attributes: { age: place }, ...(place % 10 === 0 && { consents: ['web', { purpose: 'email', source: `form ${place}` }] }) }, { 'X-Request-Timeout-Ms': '5000' }));
    expect((await Promise.all(patches)).map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    const { consentRecords } = await exported();
    expect(consentRecords.filter(({ purpose }: any) => purpose === 'email').map(({ source }: any) => source).toSorted()).toEqual(['form 0', 'form 10', 'form 20', 'form 30']);
    expect(consentRecords.filter(({ purpose, status }: any) => purpose === 'email' && status === 'confirmed')).toHaveLength(1);
  });

  test('after DELETE an outcome of before is refused, also when the id is in use again', async () => {
    await put({ consents: ['email'] });
    const { body: first } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'email' });
    const late = (body: object): Promise<HttpAnswer> => other.call('POST', '/v1/outcomes', { outcome: 'accepted', ...body });
    const byIds = { customerId: 'anna', offerId: 'plenty', decisionId: 'd', channel: 'email', occurredAt: iso(at) };
    at += 1000;
    expect((await service.call('DELETE', '/v1/customers/anna')).status).toBe(204);
    const gone = await late({ token: first.offers[0].token });
    expect([gone.status, gone.body.errors]).toEqual([404, [{ pointer: '/token', detail: 'This customer was erased after the decision' }]]);
    at += 1000;
    await put({ consents: ['email'] });
    for (const body of [{ token: first.offers[0].token }, byIds]) expect((await late(body)).status).toBe(404);
    expect((await exported()).contacts).toEqual([]);
    // What is decided from now on is the new customer's.
    const { body: second } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channel: 'email' });
    expect((await late({ token: second.offers[0].token })).status).toBe(201);
    expect((await late({ ...byIds, occurredAt: iso(at) })).status).toBe(201);
    expect((await exported()).contacts).toHaveLength(2);
  });

  test('the export is complete, and after DELETE nothing of it is left in the store', async () => {
    const id = 'Ännä 漢字-4711';
    const path = `/v1/customers/${encodeURIComponent(id)}`;
    await service.call('PUT', path, { attributes: { age: 41, note: 'SecretNote' }, consents: ['email', { purpose: 'SecretPurpose', source: 'SecretSource' }], holdings: ['SecretHolding'], locale: 'sv-SE' });
    const { body } = await service.call('POST', '/v1/decisions', { customerId: id, channel: 'email', record: 'presented' });
    await service.call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'accepted', outcomeId: 'SecretOutcome', reason: 'SecretReason', value: 12 });
    await service.call('POST', '/v1/outcomes', { customerId: id, activity: 'newsletter', channel: 'email', outcome: 'opened' });
    await service.call('POST', `${path}/link`, { visitorId: 'SecretVisitor' });
    expect((await other.call('GET', `${path}/export`)).body).toEqual({
      id, attributes: { age: 41, note: 'SecretNote' }, consents: ['email', 'SecretPurpose'], holdings: ['SecretHolding'], locale: 'sv-SE',
      consentRecords: [{ purpose: 'email', status: 'confirmed', givenAt: iso(at), confirmedAt: iso(at) }, { purpose: 'SecretPurpose', status: 'confirmed', source: 'SecretSource', givenAt: iso(at), confirmedAt: iso(at) }],
      contacts: [
        ...body.offers.map(({ offerId }: any) => ({ decisionId: body.decisionId, offerId, kind: 'cross-sell', channel: 'email', outcome: 'presented', occurredAt: iso(at) })),
        { decisionId: body.decisionId, offerId: 'scarce', kind: 'cross-sell', channel: 'email', outcome: 'accepted', occurredAt: iso(at), reason: 'SecretReason', value: 12 },
        { activity: 'newsletter', channel: 'email', outcome: 'opened', occurredAt: iso(at) },
      ],
      events: { types: [], triggers: [] },
      visitors: [{ visitorId: 'SecretVisitor', linkedAt: iso(at) }],
    });
    await put({ attributes: { note: 'of another' } }, 'bo');
    await service.call('DELETE', path);
    await stop();
    expect(await findInStore(policy.storeFolder, ['of another'])).toEqual(['customers']);
    expect(await findInStore(policy.storeFolder, [id, 'Secret', body.decisionId])).toEqual([]);
  });
});

/** The tables in whose keys or values one of the texts stands, in any encoding that the store writes. */
async function findInStore(folder: string, texts: readonly string[]): Promise<string[]> {
  const needles = texts.flatMap((text) => (['utf8', 'latin1', 'utf16le'] as const).map((encoding) => Buffer.from(text, encoding)));
  const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
  const root = open<Buffer, Buffer>({ path: folder, noSubdir: false, maxDbs: 32, ...binary });
  try {
    const names = Array.from(root.getKeys({ start: Buffer.of(0) })).map((key) => key.toString().replace(/\0$/, ''));
    expect(names).toEqual(expect.arrayContaining(['customers', 'outcomes', 'reservations', 'tombstones']));
    return names.filter((name) => Array.from(root.openDB<Buffer, Buffer>({ name, ...binary }).getRange({ start: Buffer.of(0) }))
      .some(({ key, value }) => needles.some((needle) => key.includes(needle) || value.includes(needle))));
  } finally {
    await root.close();
  }
}
