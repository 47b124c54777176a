import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { startRedis, type RedisServer } from './support/redis-servers.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const patience = { 'X-Request-Timeout-Ms': '5000' };
const files = {
  'rules/cap.yaml': '- { id: three, kind: communication, cap: { outcome: presented, max: 3, per: 7d, scope: customer } }\n',
  'triggers/events.yaml': 'quote.asked: {}\npregnancy.registered: { source: partner }\n',
  'triggers/triggers.yaml': '- { id: asked, type: journey, on: { event: quote.asked }, window: 30d, effect: { weight: 3, offers: [plenty] } }\n- { id: baby, type: life-event, source: partner, on: { event: pregnancy.registered }, window: 30d, effect: { weight: 2, offers: [plenty] } }\n',
};

/** Visitors over HTTP, by two services on one store. */
describe.each<[string, () => string | undefined]>([['on a folder', () => undefined], ['on Redis', () => redis.url]])('visitors %s', (_name, storeUrl) => {
  let policy: PolicyCatalog;
  let service: TestService;
  let other: TestService;
  let at = Date.UTC(2026, 10, 23, 10);
  let made = 0;
  beforeEach(async () => {
    policy = await writePolicyCatalog(files);
    const url = storeUrl();
    const environment = { NBO_CATALOG: policy.catalogFolder, NBO_STORE: url === undefined ? policy.storeFolder : `${url}?prefix=visitors-${made++}` };
    service = await runService(environment, () => at);
    other = await runService(environment, () => at);
    await service.call('PUT', '/v1/customers/anna', { consents: ['web'] });
  });
  afterEach(async () => {
    await service.remove();
    await other.remove();
    await policy.remove();
  });
  const decide = (whom: object, body: object = {}, by = service): Promise<HttpAnswer> => by.call('POST', '/v1/decisions', { channel: 'call-center', ...whom, ...body }, patience);
  const link = (customerId = 'anna', visitorId = 'v-1'): Promise<HttpAnswer> => service.call('POST', `/v1/customers/${customerId}/link`, { visitorId }, patience);
  const outcome = (body: object): Promise<HttpAnswer> => service.call('POST', '/v1/outcomes', body, patience);
  const happened = (body: object): Promise<HttpAnswer> => service.call('POST', '/v1/events', { specversion: '1.0', id: 'e-1', source: '/shop', type: 'quote.asked', ...body }, patience);
  const exported = async (id = 'anna'): Promise<any> => (await other.call('GET', `/v1/customers/${id}/export`)).body;
  const visitor = { visitorId: 'v-1' };

  test('caps count over both from the link on, and an old token is the customer\'s', async () => {
    const shown = await decide(visitor, { record: 'presented', limit: 2 });
    expect(shown.body).toMatchObject({ visitorId: 'v-1', degraded: [] });
    expect(shown.body).not.toHaveProperty('customerId');
    expect(shown.body.offers).toHaveLength(2);
    expect((await decide(visitor, { limit: 3 }, other)).body.offers).toHaveLength(1);
    expect((await decide({ customerId: 'anna' }, { limit: 3 })).body.offers).toHaveLength(3);

    at += 1000;
    const linked = await link();
    expect([linked.status, linked.body]).toEqual([200, { customerId: 'anna', visitorId: 'v-1', linkedAt: new Date(at).toISOString(), contacts: 2, events: 0, repeated: false }]);
    for (const whom of [visitor, { customerId: 'anna' }]) {
      const { body } = await decide(whom, { limit: 3 }, other);
      expect(body).toMatchObject({ customerId: 'anna' });
      expect(body.offers).toHaveLength(1);
    }
    expect((await decide(visitor)).body).toMatchObject({ ...visitor, customerId: 'anna' });

    const clicked = await outcome({ token: shown.body.offers[0].token, outcome: 'clicked' });
    expect([clicked.status, clicked.body.customerId, clicked.body.visitorId]).toEqual([201, 'anna', undefined]);
    const presented = await decide(visitor, { record: 'presented', limit: 3 });
    expect(presented.body.offers).toHaveLength(1);
    expect((await exported()).contacts.map(({ outcome: what }: any) => what)).toEqual(['presented', 'presented', 'clicked', 'presented']);
    expect((await exported()).visitors).toEqual([{ visitorId: 'v-1', linkedAt: linked.body.linkedAt }]);

    const again = await link();
    expect([again.status, again.body]).toEqual([200, { ...linked.body, repeated: true }]);
    expect((await exported()).contacts).toHaveLength(4);
  });

  test('an accept by the visitor\'s token finds what was reserved, and counts once', async () => {
    const { body } = await decide(visitor, { record: 'presented', limit: 1 });
    expect(body.offers[0].offerId).toBe('scarce');
    await link();
    const accept = { token: body.offers[0].token, outcome: 'accepted', outcomeId: 'o-1' };
    expect((await outcome(accept)).status).toBe(201);
    expect((await outcome(accept)).status).toBe(200);
    const accepts = await Promise.all(Array.from({ length: 5 }, (_, place) => outcome({ customerId: 'anna', decisionId: `d-${place}`, offerId: 'scarce', channel: 'web', outcome: 'accepted' })));
    expect(accepts.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 201, 409]);
  });

  test('an outcome that was sent before the link is answered as then', async () => {
    const { body } = await decide(visitor);
    const sent = { token: body.offers[0].token, outcome: 'clicked', outcomeId: 'o-1' };
    const first = await outcome(sent);
    expect([first.status, first.body.visitorId]).toEqual([201, 'v-1']);
    await link();
    const again = await outcome(sent);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await exported()).contacts).toHaveLength(1);
  });

  test('events start triggers for a visitor, and for the customer after the link', async () => {
    const weight = async (whom: object): Promise<number> => (await decide(whom)).body.offers.find(({ offerId }: any) => offerId === 'plenty').weight;
    const taken = await happened(visitor0());
    expect([taken.status, taken.body.visitorid]).toEqual([202, 'v-1']);
    expect([await weight(visitor), await weight({ customerId: 'anna' }), await weight({ visitorId: 'v-2' })]).toEqual([3, 1, 1]);
    expect((await link()).body).toMatchObject({ contacts: 0, events: 1 });
    expect([await weight(visitor), await weight({ customerId: 'anna' })]).toEqual([3, 3]);
    expect((await happened(visitor0())).body.repeated).toBe(true);
    await happened({ ...visitor0(), id: 'e-2' });
    expect((await exported()).events.types).toMatchObject([{ type: 'quote.asked', total: 2 }]);
  });
  const visitor0 = (): object => ({ visitorid: 'v-1' });

  test('a partner\'s event needs the customer\'s consent, which a visitor cannot have given', async () => {
    const partners = { ...visitor0(), type: 'pregnancy.registered' };
    expect((await happened(partners)).status).toBe(403);
    await link();
    expect((await happened(partners)).status).toBe(403);
    await service.call('PATCH', '/v1/customers/anna', { consents: ['web', 'partner-data'] });
    expect((await happened(partners)).status).toBe(202);
  });

  test('of a visitor nothing is known but contacts and events', async () => {
    await outcome({ visitorId: 'v-1', activity: 'newsletter', channel: 'web', outcome: 'opened' });
    const refused = await decide(visitor, { channel: 'web', explain: 'full' });
    expect(refused.body.offers).toEqual([]);
    expect(refused.body.excluded[0].rejectedBy[0].reason).toContain('(missing: customer.consents)');
    expect((await decide(visitor, { channel: 'web', customer: { consents: ['web'] } })).body.offers).toHaveLength(3);
    await link();
    expect((await decide(visitor, { channel: 'web' })).body.offers).toHaveLength(3);
  });

  test('no customer is made by a visitor, and none is found under its id', async () => {
    await outcome({ visitorId: 'v-1', activity: 'newsletter', channel: 'web', outcome: 'opened' });
    expect((await service.call('GET', '/v1/customers/v-1')).status).toBe(404);
    expect((await service.call('GET', '/v1/customers/%02v-1')).status).toBe(400);
    expect((await outcome({ customerId: 'v-1', activity: 'newsletter', channel: 'web', outcome: 'opened' })).status).toBe(404);
  });

  test('who cannot be linked', async () => {
    await service.call('PUT', '/v1/customers/bert', {});
    expect((await link('nobody')).status).toBe(404);
    await link();
    const other409 = await link('bert');
    expect([other409.status, other409.body.errors[0].pointer]).toEqual([409, '/visitorId']);
    expect((await link()).body.repeated).toBe(true);
  });

  test('a visitor can be exported and erased; what is from before is refused, and the customer takes its visitors along', async () => {
    const { body } = await decide(visitor, { record: 'presented', limit: 1 });
    const held = await service.call('GET', '/v1/visitors/v-1/export');
    expect([held.status, held.body]).toMatchObject([200, { visitorId: 'v-1', contacts: [{ decisionId: body.decisionId, outcome: 'presented' }] }]);
    at += 1000;
    expect((await service.call('DELETE', '/v1/visitors/v-1')).status).toBe(204);
    expect((await other.call('GET', '/v1/visitors/v-1/export')).status).toBe(404);
    expect((await outcome({ token: body.offers[0].token, outcome: 'clicked' })).status).toBe(404);

    at += 1000;
    const next = await decide(visitor, { record: 'presented', limit: 1 });
    await link();
    expect((await service.call('GET', '/v1/visitors/v-1/export')).body).toEqual({ visitorId: 'v-1', customerId: 'anna', contacts: [], events: { types: [], triggers: [] } });
    at += 1000;
    expect((await service.call('DELETE', '/v1/customers/anna')).status).toBe(204);
    expect((await other.call('GET', '/v1/visitors/v-1/export')).status).toBe(404);
    expect((await outcome({ token: next.body.offers[0].token, outcome: 'clicked' })).status).toBe(404);
    expect((await decide(visitor)).body).not.toHaveProperty('customerId');
  });

  test('what a linked visitor is shown is shown to the customer: its token is good after the visitor is erased', async () => {
    await link();
    const { body } = await decide(visitor, { limit: 1 });
    at += 1000;
    expect((await service.call('DELETE', '/v1/visitors/v-1')).status).toBe(204);
    const clicked = await outcome({ token: body.offers[0].token, outcome: 'clicked' });
    expect([clicked.status, clicked.body.customerId]).toEqual([201, 'anna']);
    expect((await exported()).contacts).toMatchObject([{ decisionId: body.decisionId, outcome: 'clicked' }]);
  });

  test('a visitor of whom nothing comes for as long as the ledger reaches is forgotten', async () => {
    await outcome({ visitorId: 'v-1', offerId: 'plenty', decisionId: 'd-1', channel: 'web', outcome: 'presented' });
    at += 91 * 86_400_000;
    await link();
    expect((await exported()).contacts).toEqual([]);
  });

  test('a link while the visitor\'s claims, outcomes and events arrive: nothing is lost, and the cap holds', async () => {
    const places = Array.from({ length: 12 }, (_, place) => place);
    const nodes = [service, other];
    const work = places.flatMap((place) => [
      decide(visitor, { record: 'presented', limit: 1 }, nodes[place % 2]),
      outcome({ visitorId: 'v-1', activity: 'newsletter', channel: 'web', outcome: 'opened', outcomeId: `o-${place}` }),
      happened({ ...visitor0(), id: `e-${place}` }),
      ...(place === 4 ? [link()] : []),
    ]);
    const answers = await Promise.all(work);
    expect(answers.map(({ status }) => status).filter((status) => ![200, 201, 202].includes(status))).toEqual([]);
    const { contacts, events } = await exported();
    const presented = answers.filter(({ body }) => body.offers?.length > 0 && body.degraded.length === 0).map(({ body }) => body.decisionId);
    expect(presented).toHaveLength(3);
    expect(contacts.filter(({ outcome: what }: any) => what === 'presented').map(({ decisionId }: any) => decisionId).toSorted()).toEqual(presented.toSorted());
    expect(contacts.filter(({ outcome: what }: any) => what === 'opened')).toHaveLength(places.length);
    expect(events.types).toMatchObject([{ total: places.length }]);
  });
});

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
