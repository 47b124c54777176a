import { filesOf } from '../support/golden-case.js';
import { fakeModelLoader } from '../support/fake-models.js';
import { loadCatalog } from '../../src/catalog/load-catalog.js';
import type { Catalog, JsonObject } from '../../src/decision/types.js';

async function load(properties: JsonObject, defs: JsonObject = {}): Promise<{ catalog?: Catalog; problems: readonly string[] }> {
  const schema = { customer: { type: 'object', additionalProperties: false, properties, $defs: defs }, context: { type: 'object' }, offer: { type: 'object' } };
  const result = await loadCatalog(filesOf({ schema, offers: [{ id: 'card', kind: 'service' }] }), { models: fakeModelLoader, now: () => 0 });
  return result.ok ? { catalog: result.catalog, problems: [] } : { problems: result.problems.map(({ message }) => message) };
}
const age = { age: { type: 'integer' } };

describe('the schema that requests are held against', () => {
  test('a pattern that would take for ever elsewhere takes a moment here', async () => {
    const { catalog } = await load({ ...age, code: { type: 'string', pattern: '^(a+)+$' } });
    const violations = (code: string): number => catalog!.schemas.customer.violations({ code }, { complete: false }).length;
    expect([violations('aaaa'), violations(`${'a'.repeat(10_000)}!`)]).toEqual([0, 1]);
  });

  test('a pattern that needs more than that is refused at load', async () => {
    const { problems } = await load({ ...age, code: { type: 'string', pattern: '^(?=a)b' } });
    expect(problems.join('\n')).toMatch(/no usable JSON Schema.*\(\?=/);
  });

  test('a whole number that is not counted exactly does not fit, wherever it stands; a number may be as large as it likes', async () => {
    const { catalog } = await load({ ...age, limit: { type: ['integer', 'null'], minimum: 5 }, visits: { type: 'array', items: { $ref: '#/$defs/count' } }, income: { type: 'number' } }, { count: { type: 'integer', maximum: 9 } });
    const misfits = (value: object): string[] => catalog!.schemas.customer.violations(value as JsonObject, { complete: false }).map(({ pointer, detail }) => `${pointer} ${detail}`);
    expect(misfits({ age: 2 ** 53 - 1, limit: null, visits: [9], income: 1e300 })).toEqual([]);
    expect(misfits({ age: 2 ** 53, limit: 4, visits: [10, -(2 ** 53)] })).toEqual(['/age must be at most 9007199254740991, not 9007199254740992', '/limit must be at least 5, not 4', '/visits/0 must be at most 9, not 10', '/visits/1 must be at least -9007199254740991, not -9007199254740992']);
  });

  test('an attribute may be called as what every object has, and is missing where it is not there', async () => {
    const { catalog } = await load({ ...age, constructor: { type: 'string' }, toString: { type: 'integer' } });
    expect(catalog!.schemas.customer.violations({}, { complete: true })).toEqual([]);
    expect(catalog!.schemas.customer.violations({ toString: 'x' }, { complete: true })).toMatchObject([{ pointer: '/toString' }]);
  });
});
