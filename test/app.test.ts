import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSpecification } from '../src/http/specification.js';
import { runService, type TestService } from './support/running-service.js';

/** The whole service over the sample catalog, its trained models and a store on disk. */
describe('the service', () => {
  let service: TestService;
  beforeAll(async () => { service = await runService(); });
  afterAll(() => service.remove());
  const call: TestService['call'] = (...args) => service.call(...args);

  const anna = {
    attributes: { age: 41, region: 'stockholm', household: 'family', housing: 'owns-house', memberSince: '2015-03-01', segment: 'mass', incomeYearly: 480_000, balance: 90_000, savingsMonthly: 2_000, productCount: 2, digitalActivity: 0.7, loginsLast30Days: 9, openClaims: 0, openComplaints: 0, missedPayments: 0, carOwner: true, children: 2 },
    consents: ['web', 'app', 'call-center'],
    holdings: ['account', 'card'],
    timeZone: 'Europe/Stockholm',
    locale: 'sv-SE',
  };

  test('a customer calls: three offers with their arithmetic, a treatment in her language, and the reasons', async () => {
    expect((await call('PUT', '/v1/customers/anna', anna)).status).toBe(201);
    const { status, body } = await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'call-center', explain: 'full', context: { reason: 'moving house' } });
    expect(status).toBe(200);
    expect(body.degraded).toEqual([]);
    expect(body.offers).toHaveLength(3);
    for (const offer of body.offers) {
      expect(offer.priority).toBe(offer.propensity * offer.value * offer.weight);
      expect(offer.treatment).toMatchObject({ channel: 'call-center', locale: 'sv' });
      expect(offer.reasons.length).toBeGreaterThanOrEqual(3);
      expect(offer.origins.propensity).toBe('model:accept');
    }
    const catalog = await call('GET', '/v1/catalog');
    expect(body.offers.length + body.excluded.length).toBe(catalog.body.offers.length);
    expect(body.catalogRevision).toBe(catalog.body.revision);
  });

  test('deciding twice gives the same but for the decision\'s id and the tokens', async () => {
    const ask = async (): Promise<string> => {
      const { body } = await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web', explain: 'full', at: '2026-11-23T12:00:00Z' });
      delete body.decisionId;
      for (const offer of body.offers) delete offer.token;
      return JSON.stringify(body);
    };
    expect(await ask()).toBe(await ask());
  });

  test('after a no, the next best at once', async () => {
    const first = await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'call-center' });
    const [top, next] = first.body.offers;
    const outcome = await call('POST', '/v1/outcomes', { token: top.token, outcome: 'declined', reason: 'too expensive' });
    expect(outcome.status).toBe(201);
    expect(outcome.body).toMatchObject({ customerId: 'anna', offerId: top.offerId, decisionId: first.body.decisionId, channel: 'call-center', outcome: 'declined' });
    const second = await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'call-center' });
    expect(second.body.offers.map((offer: any) => offer.offerId)).not.toContain(top.offerId);
    expect(second.body.offers[0].offerId).toBe(next.offerId);
  });

  test('an outcome is idempotent by its outcomeId; another body is refused', async () => {
    const { body: decision } = await call('POST', '/v1/decisions', { customerId: 'anna', channel: 'web' });
    const outcome = { token: decision.offers[0].token, outcome: 'clicked', outcomeId: 'click-1' };
    const [first, again, other] = [await call('POST', '/v1/outcomes', outcome), await call('POST', '/v1/outcomes', { outcomeId: 'click-1', outcome: 'clicked', token: outcome.token }), await call('POST', '/v1/outcomes', { ...outcome, outcome: 'accepted' })];
    expect([first.status, again.status, other.status]).toEqual([201, 200, 422]);
    expect(again.body).toEqual(first.body);
    expect(other.body.errors[0].pointer).toBe('/outcomeId');
    const { body: exported } = await call('GET', '/v1/customers/anna/export');
    expect(exported.contacts.filter((contact: any) => contact.outcome === 'clicked')).toHaveLength(1);
  });

  test('a batch answers each outcome alone, in order', async () => {
    const { status, body } = await call('POST', '/v1/outcomes', [
      { customerId: 'anna', activity: 'newsletter', channel: 'email', outcome: 'delivered' },
      { customerId: 'nobody', activity: 'newsletter', channel: 'email', outcome: 'delivered' },
      { customerId: 'anna', activity: 'nwsletter', channel: 'email', outcome: 'delivered' },
      { token: 'v1.forged.token', outcome: 'accepted' },
    ]);
    expect(status).toBe(200);
    expect(body.map((item: any) => item.status)).toEqual([201, 404, 400, 400]);
    expect(body[2].body.errors[0]).toEqual({ pointer: '/activity', detail: 'The activity "nwsletter" is not in the catalog; did you mean newsletter?' });
    expect((await call('POST', '/v1/outcomes', [{ outcome: 'sold' }])).status).toBe(400);
  });

  test('a withdrawn consent holds in the next decision', async () => {
    await call('PUT', '/v1/customers/bo', { ...anna, consents: ['web'] });
    const before = await call('POST', '/v1/decisions', { customerId: 'bo', channel: 'web', limit: 20 });
    expect(before.body.offers.some((offer: any) => offer.kind === 'cross-sell')).toBe(true);
    await call('POST', '/v1/outcomes', { token: before.body.offers[0].token, outcome: 'unsubscribed' });
    expect((await call('GET', '/v1/customers/bo')).body.consents).toEqual([]);
    const after = await call('POST', '/v1/decisions', { customerId: 'bo', channel: 'web', limit: 20 });
    expect(after.body.offers.some((offer: any) => offer.kind === 'cross-sell')).toBe(false);
  });

  test('decisions for customers whom the store does not know are counted, those for known ones and for visitors are not', async () => {
    const counted = async (): Promise<number> => Number(/^nbo_decisions_unknown_customer_total (\d+)$/m.exec((await call('GET', '/metrics')).body)![1]);
    const before = await counted();
    await call('PUT', '/v1/customers/eva', anna);
    for (const who of [{ customerId: 'eva' }, { customerId: 'nobody' }, { visitorId: 'v-1' }, {}, { customerId: 'nobody', customer: { consents: ['web'] } }]) {
      expect((await call('POST', '/v1/decisions', { ...who, channel: 'web' })).status).toBe(200);
    }
    expect(await counted() - before).toBe(2);
  });

  test('what is recorded as presented is in the ledger, once, however it is reported', async () => {
    await call('PUT', '/v1/customers/cy', anna);
    const { body } = await call('POST', '/v1/decisions', { customerId: 'cy', channel: 'call-center', record: 'presented' });
    expect(body.offers.length).toBeGreaterThan(0);
    expect((await call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'presented' })).status).toBe(200);
    const { body: exported } = await call('GET', '/v1/customers/cy/export');
    expect(exported.contacts.map((contact: any) => [contact.offerId, contact.outcome, contact.decisionId])).toEqual(body.offers.map((offer: any) => [offer.offerId, 'presented', body.decisionId]));
  });

  test('a cap holds under 60 decisions at the same moment', async () => {
    await writeFile(join(service.catalogFolder, 'rules', 'test-cap.yaml'), '- { id: three-at-most, kind: communication, cap: { outcome: presented, max: 3, per: 7d, scope: customer } }\n');
    await until(async () => (await call('GET', '/v1/catalog')).body.rules.some((rule: any) => rule.id === 'three-at-most'));
    await call('PUT', '/v1/customers/di', anna);
    const answers = await Promise.all(Array.from({ length: 60 }, () => call('POST', '/v1/decisions', { customerId: 'di', channel: 'call-center', limit: 1, record: 'presented' })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.flatMap(({ body }) => body.offers)).toHaveLength(3);
    expect((await call('GET', '/v1/customers/di/export')).body.contacts).toHaveLength(3);
  });

  test('a visitor gets something sensible, too, and nothing can be recorded for one', async () => {
    const { body } = await call('POST', '/v1/decisions', { channel: 'web', placements: [{ id: 'hero', fallback: 'contact-us' }, { id: 'side', limit: 2 }] });
    expect(body.offers.length).toBeGreaterThan(0);
    expect(body.customerId).toBeUndefined();
    const refused = await call('POST', '/v1/decisions', { customerId: 'never-seen', channel: 'web', record: 'presented' });
    expect(refused.status).toBe(422);
    expect((await call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'clicked' })).status).toBe(404);
  });

  test.each([
    [{ channel: 'telepathy' }, '/channel', 'The channel "telepathy" is not in the catalog'],
    [{ channel: 'wbe' }, '/channel', 'The channel "wbe" is not in the catalog; did you mean web?'],
    [{ channel: 'web', placements: [{ id: 'hero', fallback: 'contact-uss' }] }, '/placements/0/fallback', 'The offer "contact-uss" is not in the catalog; did you mean contact-us?'],
    [{ channel: 'web', placements: [{ id: 'hero' }, { id: 'hero' }] }, '/placements/1/id', 'The placement "hero" is named twice'],
    [{ channel: 'web', context: { raeson: 'x' } }, '/context/raeson', 'is not declared in the catalog\'s schema; did you mean reason?'],
    [{ channel: 'web', customer: { attributes: { age: 'old' } } }, '/customer/attributes/age', 'must be a whole number, not "old"'],
    [{ channel: 'web', locale: '!!' }, '/locale', undefined],
    [{ channel: 'web', limit: 0 }, '/limit', undefined],
    [{ channel: 'web', unknown: 1 }, '/unknown', undefined],
  ])('a decision that does not fit is a 400 that says where: %j', async (body, pointer, detail) => {
    const answer = await call('POST', '/v1/decisions', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toMatchObject({ pointer, ...(detail !== undefined && { detail: expect.stringContaining(detail) }) });
  });

  test('a customer: merge patch, read, export, erase', async () => {
    await call('PUT', '/v1/customers/ed', anna);
    const patched = await call('PATCH', '/v1/customers/ed', { attributes: { age: 42, carOwner: null }, locale: null });
    expect(patched.body.attributes).toMatchObject({ age: 42, region: 'stockholm' });
    expect(patched.body.attributes.carOwner).toBeUndefined();
    expect(patched.body.locale).toBeUndefined();
    expect((await call('PATCH', '/v1/customers/ed', { attributes: { agee: 1 } })).body.errors[0].pointer).toBe('/attributes/agee');
    await call('POST', '/v1/outcomes', { customerId: 'ed', activity: 'invoice', channel: 'email', outcome: 'delivered', outcomeId: 'x' });
    expect((await call('DELETE', '/v1/customers/ed')).status).toBe(204);
    expect((await call('GET', '/v1/customers/ed')).status).toBe(404);
    expect((await call('GET', '/v1/customers/ed/export')).status).toBe(404);
    expect((await call('PATCH', '/v1/customers/ed', { locale: 'sv' })).status).toBe(404);
    await call('PUT', '/v1/customers/ed', anna);
    expect((await call('GET', '/v1/customers/ed/export')).body.contacts).toEqual([]);
  });

  test('everything is there again after a restart, tokens too', async () => {
    await call('PUT', '/v1/customers/fi', anna);
    const { body } = await call('POST', '/v1/decisions', { customerId: 'fi', channel: 'web' });
    await service.restart();
    expect((await call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'not-now' })).status).toBe(201);
    expect((await call('GET', '/v1/customers/fi/export')).body.contacts.at(-1)).toMatchObject({ outcome: 'not-now' });
  });

  test('a changed catalog is taken up; a broken one is refused and the last good one serves', async () => {
    const offer = join(service.catalogFolder, 'offers', 'zz-new.yaml');
    const before = (await call('GET', '/v1/catalog')).body.revision;
    await writeFile(offer, '- { id: zz-new, name: New, kind: service, value: { volume: 1, margin: 1, duration: 1 }, propensity: { prior: 0.5 } }\n');
    await until(async () => (await call('GET', '/v1/catalog')).body.revision !== before);
    const good = (await call('GET', '/v1/catalog')).body.revision;
    await appendFile(offer, '- { id: zz-bad, name: Bad, kind: servce, value: { volume: 1, margin: customer.agee, duration: 1 }, propensity: { prior: 0.5 } }\n');
    await until(async () => (await call('GET', '/readyz')).body.catalog.problem !== undefined);
    const ready = await call('GET', '/readyz');
    expect(ready.status).toBe(200);
    expect(ready.body.catalog).toMatchObject({ revision: good, problem: expect.stringContaining('offers/zz-new.yaml:2:') });
    expect((await call('POST', '/v1/decisions', { channel: 'web' })).body.catalogRevision).toBe(good);
    expect((await call('GET', '/metrics')).body).toContain('nbo_catalog_refused 1');
    await writeFile(`${offer}.tmp`, '- { id: zz-new, name: Newer, kind: service, value: { volume: 1, margin: 1, duration: 1 }, propensity: { prior: 0.5 } }\n');
    await rename(`${offer}.tmp`, offer);
    await until(async () => (await call('GET', '/readyz')).body.catalog.problem === undefined);
    expect((await call('GET', '/v1/catalog')).body.offers.find((entry: any) => entry.id === 'zz-new').name).toBe('Newer');
  });

  test('an outcome that is sent again is answered as the first time, also when its offer is gone meanwhile', async () => {
    await call('PUT', '/v1/customers/gus', anna);
    const outcome = { customerId: 'gus', decisionId: 'd-1', offerId: 'zz-new', channel: 'web', outcome: 'clicked', outcomeId: 'gone-1' };
    const first = await call('POST', '/v1/outcomes', outcome);
    expect(first.status).toBe(201);
    await rm(join(service.catalogFolder, 'offers', 'zz-new.yaml'));
    await until(async () => !(await call('GET', '/v1/catalog')).body.offers.some((entry: any) => entry.id === 'zz-new'));
    const again = await call('POST', '/v1/outcomes', outcome);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await call('POST', '/v1/outcomes', { ...outcome, outcome: 'accepted' })).status).toBe(422);
    expect((await call('POST', '/v1/outcomes', { ...outcome, outcomeId: 'gone-2' })).status).toBe(404);
    expect((await call('GET', '/v1/customers/gus/export')).body.contacts).toHaveLength(1);
  });

  test('the example of a candidate is answered as openapi.yaml shows it', async () => {
    const { requestBody, responses } = readSpecification().document.paths['/v1/catalog/validate']!.post!;
    const { status, body } = await call('POST', '/v1/catalog/validate', requestBody!.content['application/json']!.examples!['candidate']!.value);
    expect([status, body]).toEqual([200, responses['200']!.content!['application/json']!.examples!['invalid']!.value]);
  });

  test('a candidate is checked with the live models', async () => {
    const { status, body } = await call('POST', '/v1/catalog/validate', { files: { 'schema.yaml': 'currency: SEK\ntimeZone: Europe/Stockholm\ncustomer: { type: object, properties: { age: { type: integer } } }\ncontext: { type: object }\noffer: { type: object }\nchannels: [web]\n', 'strategies/s.yaml': '- { id: all, objective: broaden }\n', 'offers/o.yaml': '- { id: o, name: O, kind: service, value: { volume: 1, margin: customer.agee, duration: 1 }, propensity: { prior: 0.5 } }\n' } });
    expect(status).toBe(200);
    expect(body.valid).toBe(false);
    expect(body.problems[0]).toMatchObject({ file: 'offers/o.yaml', line: 1, message: expect.stringContaining('did you mean customer.age?') });
  });
});

describe('the service with keys', () => {
  test('asks for a key, and for its scopes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nbo-keys-'));
    const keys = join(folder, 'keys.yaml');
    await writeFile(keys, `- { name: desk, sha256: ${createHash('sha256').update('nbo_desk').digest('hex')}, scopes: [decide] }\n`);
    const service = await runService({ NBO_KEYS: keys });
    try {
      const ask = (body: object, key?: string): Promise<number> => service.call('POST', '/v1/decisions', body, key === undefined ? {} : { Authorization: `Bearer ${key}` }).then(({ status }) => status);
      expect(await ask({ channel: 'web' })).toBe(401);
      expect(await ask({ channel: 'web' }, 'nbo_wrong')).toBe(401);
      expect(await ask({ channel: 'web' }, 'nbo_desk')).toBe(200);
      expect(await ask({ channel: 'web', at: '2026-01-01T00:00:00Z' }, 'nbo_desk')).toBe(403);
      expect(await ask({ channel: 'web', customerId: 'x', record: 'presented' }, 'nbo_desk')).toBe(403);
    } finally {
      await service.remove();
      await rm(folder, { recursive: true });
    }
  });
});

/** Asks again, without a pause of its own: each question is a call that takes its turn. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}
