import type { Json, JsonObject } from '../../../src/decision/types.js';
import { readCsvValue } from '../../../src/cli/reading/csv-value.js';

const root: JsonObject = {
  $defs: {
    amount: { type: 'number' }, flag: { type: 'boolean' }, age: { $ref: '#/$defs/whole' }, whole: { type: 'integer' }, codes: { type: 'array', items: { $ref: '#/$defs/whole' } },
    housing: { enum: ['rents', 'owns', null] }, circle: { $ref: '#/$defs/circle' }, bounded: { minimum: 0 }, 'a/b': { type: 'boolean' },
  },
  properties: { income: { type: 'number' } },
};

test.each<[what: string, text: string, schema: Json, value: Json]>([
  ['a number', '12.5', { $ref: '#/$defs/amount' }, 12.5],
  ['true or false', 'yes', { $ref: '#/$defs/flag' }, true],
  ['a reference to a reference', '41', { $ref: '#/$defs/age' }, 41],
  ['a list whose items refer', '1|2', { $ref: '#/$defs/codes' }, [1, 2]],
  ['a list of references', '1|2', { type: 'array', items: { $ref: '#/$defs/whole' } }, [1, 2]],
  ['another attribute', '7', { $ref: '#/properties/income' }, 7],
  ['a type beside a reference that tells none', '8', { $ref: '#/$defs/bounded', type: 'number' }, 8],
  ['a name with a slash', 'no', { $ref: '#/$defs/a~1b' }, false],
  ['values of which one is null', 'rents', { $ref: '#/$defs/housing' }, 'rents'],
  ['values of which one is null, without a reference', 'owns', { enum: ['owns', null] }, 'owns'],
  ['a circle: text', '8', { $ref: '#/$defs/circle' }, '8'],
  ['nothing that is there: text', '8', { $ref: '#/$defs/absent' }, '8'],
])('a cell by a reference: %s', (_what, text, schema, value) => {
  expect(readCsvValue(text, schema, root)).toEqual({ ok: true, value });
});

test('a cell that does not fit the type that is referred to', () => {
  expect(readCsvValue('old', { $ref: '#/$defs/age' }, root)).toEqual({ ok: false, reason: 'must be a number, not "old"' });
});
