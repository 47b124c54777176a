import { startRedis, type RedisServer } from './support/redis-servers.js';
import { writePolicyCatalog, type PolicyCatalog } from './support/policy-catalog.js';
import { runService, type TestService } from './support/running-service.js';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** What was answered and what is in the ledger are the same, also where the caller had no time to wait for the store. */
test.each<[string, (policy: PolicyCatalog) => string]>([
  ['the embedded store', (policy) => policy.storeFolder],
  ['Redis', () => redis.url],
])('callers in a hurry, on %s: nothing stays presented that was not answered', async (_, storeOf) => {
  const policy = await writePolicyCatalog();
  const environment = { NBO_CATALOG: policy.catalogFolder, NBO_STORE: storeOf(policy) };
  const at = Date.UTC(2026, 10, 23, 10);
  const customers = Array.from({ length: 60 }, (_unused, place) => `hurry-${place}`);
  const answered = new Map<string, { readonly decisionId: string; readonly offers: readonly string[] }>();
  let service: TestService = await runService(environment, () => at);
  try {
    for (const id of customers) await service.call('PUT', `/v1/customers/${id}`, { consents: ['web'] });
    const { call } = service;
    await Promise.all(customers.map(async (customerId, place) => {
      const { body } = await call('POST', '/v1/decisions', { customerId, channel: 'web', record: 'presented', limit: 2 }, { 'X-Request-Timeout-Ms': String(1 + place % 20) });
      answered.set(customerId, { decisionId: body.decisionId, offers: body.degraded.includes('store') ? [] : body.offers.map(({ offerId }: { offerId: string }) => offerId) });
    }));
    // Ends when what was given up is settled.
    await service.remove();
    service = await runService(environment, () => at);
    for (const id of customers) {
      const { contacts } = (await service.call('GET', `/v1/customers/${id}/export`)).body as { contacts: readonly { readonly offerId: string; readonly decisionId: string }[] };
      const { decisionId, offers } = answered.get(id)!;
      expect(contacts.map((contact) => [contact.decisionId, contact.offerId])).toEqual(offers.map((offer) => [decisionId, offer]));
    }
  } finally {
    await service.remove();
    await policy.remove();
  }
});
