import { runService, type TestService } from './support/running-service.js';

/** Channel advice by the whole service over the sample catalog, on a day at noon and then at night. */
describe('we want to reach a customer', () => {
  const noon = Date.parse('2026-11-23T11:00:00Z');
  let now = noon;
  let service: TestService;
  beforeAll(async () => { service = await runService({}, () => now); });
  beforeEach(() => { now = noon; });
  afterAll(() => service.remove());

  const channels = ['email', 'call-center', 'app'];
  const anna = {
    attributes: { age: 41, region: 'stockholm', household: 'family', housing: 'owns-house', memberSince: '2015-03-01', segment: 'mass', incomeYearly: 480_000, balance: 90_000, savingsMonthly: 2_000, productCount: 2, digitalActivity: 0.7, loginsLast30Days: 9, openClaims: 0, openComplaints: 0, missedPayments: 0, carOwner: true, children: 2 },
    consents: ['app', 'call-center'],
    holdings: ['account', 'card'],
    timeZone: 'Europe/Stockholm',
  };

  test('one answer says in which channel, and why not in the others', async () => {
    await service.call('PUT', '/v1/customers/anna', anna);
    const { status, body } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channels, limit: 2, explain: 'reasons' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ channels, channel: body.offers[0].channel });
    expect(body.offers).toHaveLength(2);
    for (const offer of body.offers) {
      expect(offer.expectedValue).toBe(offer.priority - offer.cost);
      expect(offer.treatment.channel).toBe(offer.channel);
      expect([...offer.channels, ...offer.channelsLeftOut].map(({ channel }: any) => channel).sort()).toEqual([...channels].sort());
      expect(offer.channelsLeftOut).toContainEqual({ channel: 'email', rejectedBy: [{ rule: 'outbound-consent', kind: 'communication', reason: 'No consent to be contacted in this channel' }] });
    }
  });

  test('the model reads the channel, and a call has its cost', async () => {
    const { body } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channels, limit: 100, explain: 'full' });
    const options = body.offers.flatMap((offer: any) => offer.channels);
    expect(new Set(options.map(({ channel, cost }: any) => `${channel} ${cost}`))).toEqual(new Set(['app 0', 'call-center 25']));
    const both = body.offers.filter((offer: any) => offer.channels.length === 2);
    expect(both.length).toBeGreaterThan(0);
    for (const { channels: [first, second] } of both) expect(first.propensity).not.toBe(second.propensity);
  });

  test('what is recorded, and what the token says, is the channel that was chosen', async () => {
    await service.call('PUT', '/v1/customers/bo', anna);
    const { body } = await service.call('POST', '/v1/decisions', { customerId: 'bo', channels, limit: 2, record: 'presented' });
    const { body: exported } = await service.call('GET', '/v1/customers/bo/export');
    expect(exported.contacts.map((contact: any) => [contact.offerId, contact.channel, contact.outcome])).toEqual(body.offers.map((offer: any) => [offer.offerId, offer.channel, 'presented']));
    const outcome = await service.call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'clicked' });
    expect([outcome.status, outcome.body.channel]).toEqual([201, body.offers[0].channel]);
  });

  test('at night we reach nobody, and the reason is said', async () => {
    now = Date.parse('2026-11-23T22:00:00Z');
    const { body } = await service.call('POST', '/v1/decisions', { customerId: 'anna', channels, explain: 'full' });
    expect(body).toMatchObject({ offers: [], channel: 'email', channels });
    expect(body.noOfferReason).toMatch(/^Nothing is left to offer in email: \d+ of \d+ offers are refused, \d+ of them by outbound-consent \(No consent to be contacted in this channel\); in call-center, app: \d+ of \d+ offers are refused, \d+ of them by not-at-night \(It is night where the customer lives\)$/);
    const left = body.excluded.find(({ offerId }: any) => offerId === 'car-insurance').channelsLeftOut.find(({ channel }: any) => channel === 'app');
    expect(left.rejectedBy).toContainEqual({ rule: 'not-at-night', kind: 'communication', reason: 'It is night where the customer lives' });
  });

  test('a channel that there is not is a 400 that says which was meant', async () => {
    const { status, body } = await service.call('POST', '/v1/decisions', { channels: ['app', 'emial'] });
    expect([status, body.errors]).toEqual([400, [{ pointer: '/channels/1', detail: 'The channel "emial" is not in the catalog; did you mean email?' }]]);
  });

  test('the catalog says what a contact costs', async () => {
    expect((await service.call('GET', '/v1/catalog')).body.channelCosts).toEqual({ 'call-center': 25, sms: 0.4, email: 0.05 });
  });
});
