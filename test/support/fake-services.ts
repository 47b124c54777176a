import { ServiceError } from '../../src/errors.js';
import { readSpecification } from '../../src/http/specification.js';
import type { CallContext, Services } from '../../src/service/service.js';
import type { CatalogDescription, Customer, OutcomeAnswer, VisitorExport, VisitorLinkAnswer } from '../../src/service/openapi-types.js';

export interface FakeCall { readonly method: string; readonly args: readonly unknown[]; readonly call: CallContext | null }
export interface FakeServices { readonly services: Services; readonly calls: FakeCall[] }

const { document } = readSpecification();
const decision: unknown = document.paths['/v1/decisions']!.post!.responses['200']!.content!['application/json']!.examples!['offers']!.value;
const example = (name: string): unknown => document.components.schemas[name]!.examples![0];

export const fakeCatalog: CatalogDescription = {
  revision: 'r1', currency: 'SEK', timeZone: 'Europe/Stockholm', channels: ['web'], activities: [], control: { share: 0 },
  strategies: [{ id: 'all', objective: 'maintain', weights: { loyalty: 1.2 } }],
  offers: [{ id: 'o1', name: 'Offer', kind: 'service', attributes: { category: 'x' }, channels: ['web'] }],
  rules: [{ id: 'r', kind: 'business', check: 'require' }], triggers: [], models: [{ id: 'accept', outputs: ['propensity'] }],
};

/** Services that know one customer, C-1001, answer with the examples of openapi.yaml, and write down what they were asked. */
export function createFakeServices(overrides: Partial<Services> = {}): FakeServices {
  const calls: FakeCall[] = [];
  const answer = <T>(method: string, result: T, call: CallContext | null, ...args: readonly unknown[]): Promise<T> => {
    calls.push({ method, args, call });
    return Promise.resolve(result);
  };
  const customer = (id: string): Customer => {
    if (id !== 'C-1001') throw new ServiceError('NOT_FOUND', `There is no customer "${id}".`);
    return example('Customer') as Customer;
  };
  const outcome = example('OutcomeAnswer') as OutcomeAnswer;
  const services: Services = {
    decisions: { decide: (body, call) => answer('decide', JSON.stringify(decision), call, body) },
    outcomes: {
      record: (body, call) => answer('record', { status: 201, body: outcome }, call, body),
      recordBatch: (bodies, call) => answer('recordBatch', bodies.map(() => ({ status: 201, body: outcome })), call, bodies),
    },
    customers: {
      put: (id, body, call) => answer('put', { status: 201, body: { attributes: {}, holdings: [], ...body, id, consents: [] } }, call, id, body),
      patch: async (id, body, call) => answer('patch', customer(id), call, id, body),
      get: async (id, call) => answer('get', customer(id), call, id),
      export: async (id, call) => answer('export', { ...customer(id), consentRecords: [], contacts: [{ activity: 'newsletter', channel: 'email', outcome: 'delivered', occurredAt: '2026-11-24T08:00:00.000Z' }], events: { types: [], triggers: [] } }, call, id),
      erase: async (id, call) => answer('erase', void customer(id), call, id),
    },
    events: {
      take: async (body, call) => answer('takeEvent', { id: body.id, source: body.source, type: body.type, time: '2026-11-23T10:00:00.000Z', repeated: false }, call, body),
      takeBatch: async (bodies, call) => answer('takeEvents', bodies.map(({ id, source, type }) => ({ id, source, type, time: '2026-11-23T10:00:00.000Z', repeated: false })), call, bodies),
    },
    visitors: {
      link: async (id, body, call) => answer('link', { ...example('VisitorLinkAnswer') as VisitorLinkAnswer, customerId: customer(id).id }, call, id, body),
      export: async (id, call) => answer('exportVisitor', example('VisitorExport') as VisitorExport, call, id),
      erase: async (id, call) => answer('eraseVisitor', undefined, call, id),
    },
    catalog: { describe: () => Promise.resolve(Buffer.from(JSON.stringify(fakeCatalog))), validate: (candidate) => answer('validate', { valid: true, problems: [] }, null, candidate) },
    readiness: () => ({ ready: true, catalog: { revision: 'r1', loadedAt: '2026-11-23T09:00:00.000Z' } }),
    ...overrides,
  };
  return { services, calls };
}
