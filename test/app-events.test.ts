import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const triggers = {
  'triggers/events.yaml': 'storm: {}\nvisit: {}\npurchase: {}\n',
  'triggers/triggers.yaml': `
- { id: storm, type: external, on: { event: storm }, matches: customer.note == event.data.region, window: 2d, effect: { weight: 2, offers: [plenty] } }
- { id: third-visit, type: journey, on: { event: visit, when: 'eventCount("visit") == 3' }, window: 2d, effect: { weight: 2, offers: [plenty] } }
- { id: purchase, type: journey, on: { event: purchase, when: 'event.data.size > 1' }, window: 2d, effect: { weight: 2, offers: [plenty] } }
`,
};

/** Events over HTTP: what is refused, and why. */
describe('events', () => {
  let policy: PolicyCatalog;
  let service: TestService;
  let ids = 0;
  beforeAll(async () => {
    policy = await writePolicyCatalog(triggers);
    service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: policy.storeFolder });
    await service.call('PUT', '/v1/customers/anna', {});
  });
  afterAll(async () => {
    await service.remove();
    await policy.remove();
  });
  const event = (type: string, members: object = {}): object => ({ specversion: '1.0', id: `e-${++ids}`, source: '/test', type, ...members });
  const take = (body: object): Promise<HttpAnswer> => service.call('POST', '/v1/events', body);
  const large = { size: 2, text: 'x'.repeat(5000) };

  test.each([['of everybody', 'storm', {}], ['that `when` reads with the history', 'visit', { subject: 'anna' }]])('data %s are kept, so they may not be large, alone or in a batch', async (_, type, members) => {
    const alone = await take(event(type, { ...members, data: large }));
    expect(alone).toMatchObject({ status: 400, body: { errors: [{ pointer: '/data', detail: expect.stringContaining('at most 4096 are kept') }] } });
    const batch = await take([event(type, { ...members, data: large }), event(type, { ...members, data: { size: 2 } })]);
    expect(batch.body.map(({ status }: { status: number }) => status)).toEqual([400, 202]);
  });

  test('data that are read once may be large', async () => {
    expect(await take(event('purchase', { subject: 'anna', data: large }))).toMatchObject({ status: 202 });
  });

  test.each([['of a customer', 'purchase', { subject: 'anna', data: { size: 2 } }], ['of everybody', 'storm', { data: { region: 'north' } }]])('%s, the same again answers as the first time, but for `repeated`', async (_, type, members) => {
    const same = event(type, members);
    const first = await take(same);
    expect(first).toMatchObject({ status: 202, body: { repeated: false } });
    expect(await take(same)).toMatchObject({ status: 202, body: { ...first.body, repeated: true } });
  });

  test('a list of pairs is another content than an object of the same', async () => {
    const same = event('purchase', { subject: 'anna', data: { basket: { eggs: 6 } } });
    expect(await take(same)).toMatchObject({ status: 202 });
    expect(await take({ ...same, data: { basket: { eggs: 6 } } })).toMatchObject({ status: 202, body: { repeated: true } });
    expect(await take({ ...same, data: { basket: [['eggs', 6]] } })).toMatchObject({ status: 422 });
  });

  test('what is null counts as left out, in a repetition, too', async () => {
    const plain = event('storm', { data: { region: 'north' } });
    expect(await take({ ...plain, subject: null, visitorid: null, time: null, datacontenttype: null, dataschema: null, traceparent: null })).toMatchObject({ status: 202, body: { repeated: false } });
    expect(await take(plain)).toMatchObject({ status: 202, body: { repeated: true } });
    expect(await take([{ ...plain, data: null, type: null }])).toMatchObject({ status: 400, body: { errors: [{ pointer: '/0/type', detail: 'is missing' }] } });
  });

  test('an extension is a text, a number or a truth value, and may have a long name', async () => {
    expect(await take(event('storm', { traceparent: '00-1', sequencenumberoftheshop: 7, flag: true }))).toMatchObject({ status: 202 });
    expect(await take(event('storm', { place: { shop: 1 } }))).toMatchObject({ status: 400, body: { errors: [{ pointer: '/place', detail: expect.stringMatching(/^must be a text or a number or true or false/) }] } });
  });

  test('binary data are refused for what they are', async () => {
    expect(await take(event('purchase', { subject: 'anna', data_base64: 'AA==' }))).toMatchObject({ status: 400, body: { errors: [{ pointer: '/data_base64', detail: 'must be a CloudEvents attribute, of small letters and digits; data are JSON, in `data`' }] } });
  });
});
