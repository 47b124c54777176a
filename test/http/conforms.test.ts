import { expectConforms } from '../support/conforms.js';
import { fakeCatalog } from '../support/fake-services.js';

const problem = { type: '/docs#x', title: 'X', status: 400, errors: [] };
const json = 'application/json; charset=utf-8';
const problemJson = 'application/problem+json';
const customer = { id: 'C', attributes: {}, consents: [], holdings: [] };

test.each<[string, Parameters<typeof expectConforms>]>([
  ['a body as described', ['GET', '/v1/customers/C', 200, customer, json]],
  ['a text body', ['GET', '/v1/customers/C', 200, JSON.stringify(customer), json]],
  ['no body', ['DELETE', '/v1/customers/C', 204, '', undefined]],
  ['a nested list', ['GET', '/v1/catalog', 200, fakeCatalog, json]],
  ['a problem that is named', ['GET', '/v1/customers/C', 404, { ...problem, status: 404 }, problemJson]],
  ['any other problem', ['PUT', '/v1/outcomes', 405, { ...problem, status: 405 }, problemJson]],
  ['an unknown path', ['GET', '/nowhere', 404, { ...problem, status: 404 }, problemJson]],
])('passes: %s', (_name, args) => expect(() => expectConforms(...args)).not.toThrow());

test.each<[string, Parameters<typeof expectConforms>, RegExp]>([
  ['a member too many', ['GET', '/v1/customers/C', 200, { ...customer, secret: 1 }, json], /additional/],
  ['a member too many, deep down', ['GET', '/v1/catalog', 200, { ...fakeCatalog, control: { share: 0, salt: 'x' } }, json], /additional/],
  ['a member too few', ['GET', '/v1/customers/C', 200, { id: 'C' }, json], /attributes/],
  ['a wrong content type', ['GET', '/v1/customers/C', 200, customer, 'text/html'], /content type/],
  ['a body where there is none', ['DELETE', '/v1/customers/C', 204, '{}', json], /no body/],
  ['a problem as plain JSON', ['GET', '/v1/customers/C', 404, problem, json], /content type/],
  ['a status that is not a problem', ['GET', '/v1/customers/C', 202, customer, json], /content type/],
  ['a problem without a title', ['GET', '/nowhere', 404, { type: 'x', status: 404 }, problemJson], /title/],
])('fails: %s', (_name, args, message) => expect(() => expectConforms(...args)).toThrow(message));
