import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { runService, type HttpAnswer, type TestService } from './support/running-service.js';

const patience = { 'X-Request-Timeout-Ms': '5000' };
const minuteMs = 60_000;

/** Claims and limits over HTTP, on the embedded store, by the service's clock. */
describe('a limit of 5 a month, reserved for 15 minutes', () => {
  let policy: PolicyCatalog;
  let service: TestService;
  let at: number;
  beforeEach(async () => {
    at = Date.UTC(2026, 10, 23, 10);
    policy = await writePolicyCatalog();
    service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: policy.storeFolder }, () => at);
    for (let customer = 1; customer <= 8; customer++) await service.call('PUT', `/v1/customers/c${customer}`, {});
  });
  afterEach(async () => {
    await service.remove();
    await policy.remove();
  });
  const decide = async (customer: number, body: object = {}): Promise<any> =>
    (await service.call('POST', '/v1/decisions', { customerId: `c${customer}`, channel: 'call-center', limit: 1, record: 'presented', explain: 'full', ...body })).body;
  const outcome = (body: object): Promise<HttpAnswer> => service.call('POST', '/v1/outcomes', body);
  const accept = (customer: number, more: object = {}): Promise<HttpAnswer> => outcome({ customerId: `c${customer}`, offerId: 'scarce', channel: 'call-center', decisionId: `by-ids-${customer}`, outcome: 'accepted', ...more });
  const contactsOf = async (customer: number): Promise<any[]> => (await service.call('GET', `/v1/customers/c${customer}/export`)).body.contacts;
  const refusal = { rule: 'limit' };
  /** Customers 1 to 5 get it. */
  const takeAll = async (): Promise<any[]> => {
    const decisions: any[] = [];
    for (let customer = 1; customer <= 5; customer++) decisions.push(await decide(customer));
    expect(decisions.map(({ offers }) => offers[0].offerId)).toEqual(['scarce', 'scarce', 'scarce', 'scarce', 'scarce']);
    return decisions;
  };
  /** Whether the offer is there for somebody who only asks. */
  const isFree = async (): Promise<boolean> => (await decide(8, { record: 'none' })).offers[0].offerId === 'scarce';

  test('the sixth does not get it, with the reason, and the next one moves up', async () => {
    await takeAll();
    const sixth = await decide(6);
    expect(sixth.offers.map(({ offerId, rank }: any) => [rank, offerId])).toEqual([[1, 'hundred']]);
    expect(sixth.excluded.find(({ offerId }: any) => offerId === 'scarce')).toMatchObject({ priority: 0, rejectedBy: [refusal] });
    expect((await contactsOf(6)).map(({ offerId, outcome: what }: any) => [offerId, what])).toEqual([['hundred', 'presented']]);
  });

  test('a decision that records nothing reserves nothing', async () => {
    for (let times = 0; times < 6; times++) expect((await decide(1, { record: 'none' })).offers[0].offerId).toBe('scarce');
    await takeAll();
  });

  test('declined gives the room back, not-now does not', async () => {
    const [first] = await takeAll();
    await outcome({ token: first.offers[0].token, outcome: 'not-now' });
    expect(await isFree()).toBe(false);
    expect((await outcome({ token: first.offers[0].token, outcome: 'declined' })).status).toBe(201);
    expect((await decide(6)).offers[0].offerId).toBe('scarce');
    expect(await isFree()).toBe(false);
  });

  test('a reservation ends by itself; an accepted one does not', async () => {
    const decisions = await takeAll();
    for (const { offers } of decisions.slice(0, 4)) expect((await outcome({ token: offers[0].token, outcome: 'accepted' })).status).toBe(201);
    at += 15 * minuteMs - 1;
    expect(await isFree()).toBe(false);
    at += 1;
    expect(await isFree()).toBe(true);
    expect((await decide(6)).offers[0].offerId).toBe('scarce');
    // Whose reservation has ended finds no room any more.
    expect((await outcome({ token: decisions[4].offers[0].token, outcome: 'accepted' })).body).toMatchObject({ status: 409, errors: [{ pointer: '/token' }] });
    at += 15 * minuteMs;
    expect((await outcome({ token: decisions[4].offers[0].token, outcome: 'accepted' })).status).toBe(201);
    expect(await isFree()).toBe(false);
  });

  test('an accept without a reservation takes free room, else it is a 409 and nothing is written', async () => {
    for (let customer = 1; customer <= 4; customer++) expect((await accept(customer)).status).toBe(201);
    await decide(5);
    const before = await contactsOf(6);
    const refused = await accept(6, { outcomeId: 'o-1' });
    expect([refused.status, refused.body.detail]).toEqual([409, 'The limit of 5 × accepted per month of scarce is used up; nothing was written']);
    expect(await contactsOf(6)).toEqual(before);
    at += 15 * minuteMs;
    // Not even the outcomeId was kept: the same one may come with another body.
    expect((await accept(6, { outcomeId: 'o-1', value: 7 })).status).toBe(201);
    const full = await accept(7);
    expect([full.status, full.body.errors]).toEqual([409, [{ pointer: '/offerId', detail: 'The limit of scarce is used up' }]]);
  });

  test('accepted twice counts once', async () => {
    for (let times = 0; times < 3; times++) expect((await accept(1)).status).toBe(201);
    for (let customer = 2; customer <= 5; customer++) expect((await accept(customer)).status).toBe(201);
    expect((await accept(6)).status).toBe(409);
  });

  test('an erased customer\'s reservation is free, what was accepted stays counted', async () => {
    const [, second] = await takeAll();
    await outcome({ token: second.offers[0].token, outcome: 'accepted' });
    await service.call('DELETE', '/v1/customers/c1');
    await service.call('DELETE', '/v1/customers/c2');
    expect((await decide(6)).offers[0].offerId).toBe('scarce');
    expect((await decide(7)).offers[0].offerId).toBe('hundred');
  });

  test('the next month of the catalog\'s time zone has its own room', async () => {
    at = Date.UTC(2026, 10, 30, 22, 40);
    await takeAll();
    at = Date.UTC(2026, 10, 30, 22, 54, 59, 999);
    expect(await isFree()).toBe(false);
    at = Date.UTC(2026, 10, 30, 23);
    expect((await decide(6)).offers[0].offerId).toBe('scarce');
    for (let customer = 1; customer <= 4; customer++) expect((await accept(customer)).status).toBe(201);
    expect((await accept(7)).status).toBe(409);
    // An outcome of the month before takes room there.
    expect((await accept(7, { occurredAt: '2026-11-30T22:00:00Z' })).status).toBe(201);
  });

  test('the metrics tell how much of each is used, and held', async () => {
    const figures = async (offer: string): Promise<Record<string, string>> => {
      const text = String((await service.call('GET', '/metrics')).body);
      return Object.fromEntries([...text.matchAll(new RegExp(`^nbo_limit_(\\w+)\\{offer="${offer}",outcome="accepted",per="(\\w+)"\\} (\\d+)$`, 'gm'))].map(([, name, per, figure]) => [name!, `${figure} per ${per}`]));
    };
    expect(await figures('scarce')).toEqual({ used: '0 per month', reserved: '0 per month', max: '5 per month' });
    const [first] = await takeAll();
    await outcome({ token: first.offers[0].token, outcome: 'accepted' });
    expect(await figures('scarce')).toEqual({ used: '1 per month', reserved: '4 per month', max: '5 per month' });
    expect(await figures('hundred')).toEqual({ used: '0 per total', reserved: '0 per total', max: '100 per total' });
    at += 15 * minuteMs;
    expect(await figures('scarce')).toEqual({ used: '1 per month', reserved: '0 per month', max: '5 per month' });
    at = Date.UTC(2026, 11, 1, 10);
    expect(await figures('scarce')).toEqual({ used: '0 per month', reserved: '0 per month', max: '5 per month' });
  });

  test('a restart forgets nothing', async () => {
    await takeAll();
    await service.restart();
    expect(await isFree()).toBe(false);
    at += 15 * minuteMs;
    expect(await isFree()).toBe(true);
  });
});

test('1,000 accepts at once against a limit of 100: exactly 100', async () => {
  const policy = await writePolicyCatalog();
  const service = await runService({ NBO_CATALOG: policy.catalogFolder, NBO_STORE: policy.storeFolder });
  try {
    for (let customer = 0; customer < 50; customer++) await service.call('PUT', `/v1/customers/c${customer}`, {});
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, place) =>
      service.call('POST', '/v1/outcomes', { customerId: `c${place % 50}`, offerId: 'hundred', decisionId: `d-${place}`, channel: 'web', outcome: 'accepted', outcomeId: `o-${place}` }, patience)));
    expect(countOf(answers.map(({ status }) => status))).toEqual({ 201: 100, 409: 900 });
    const ledgers = await Promise.all(Array.from({ length: 50 }, async (_, customer) => (await service.call('GET', `/v1/customers/c${customer}/export`)).body.contacts.length as number));
    expect(ledgers.reduce((sum, length) => sum + length, 0)).toBe(100);
    // Sent again, each gets its first answer, and the refused ones are refused again.
    const again = await Promise.all(answers.slice(0, 200).map((_, place) => service.call('POST', '/v1/outcomes', { customerId: `c${place % 50}`, offerId: 'hundred', decisionId: `d-${place}`, channel: 'web', outcome: 'accepted', outcomeId: `o-${place}` }, patience)));
    expect(again.map(({ status }) => status)).toEqual(answers.slice(0, 200).map(({ status }) => (status === 201 ? 200 : 409)));
  } finally {
    await service.remove();
    await policy.remove();
  }
}, 60_000);

function countOf(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
