import type { JsonObject } from '../../src/decision/types.js';
import { typeFromJsonSchema } from '../../src/expressions/json-schema-type.js';
import { bool, date, double, dyn, int, listOf, mapOf, objectOf, string, timestamp, type Type } from '../../src/expressions/types.js';

test.each<readonly [schema: JsonObject, type: Type]>([
  [{ type: 'string' }, string], [{ type: 'string', format: 'date' }, date], [{ type: 'string', format: 'date-time' }, timestamp], [{ type: 'string', format: 'email' }, string],
  [{ type: 'integer' }, int], [{ type: 'number' }, double], [{ type: 'boolean' }, bool], [{ type: ['string', 'null'] }, string], [{ type: ['null', 'integer'] }, int], [{ type: ['integer', 'number'] }, double], [{ type: ['string', 'integer'] }, dyn], [{ type: 'null' }, dyn],
  [{ enum: ['a', 'b'] }, { kind: 'string', values: ['a', 'b'] }], [{ type: 'string', enum: ['a', null] }, { kind: 'string', values: ['a'] }], [{ const: 'a' }, { kind: 'string', values: ['a'] }], [{ enum: [1, 2] }, int], [{ enum: [1, 2.5] }, double], [{ enum: [true] }, bool], [{ enum: [1, 'a'] }, dyn], [{ const: null }, dyn], [{ enum: [] }, dyn],
  [{ type: 'array', items: { type: 'integer' } }, listOf(int)], [{ type: 'array' }, listOf(dyn)], [{ type: 'array', items: true }, listOf(dyn)],
  [{ type: 'object' }, dyn], [{ type: 'object', additionalProperties: { type: 'number' } }, mapOf(string, double)], [{ type: 'object', additionalProperties: true }, dyn],
  [{ type: 'object', properties: { a: { type: 'integer' } } }, objectOf({ a: { type: int, required: false } })], [{ properties: { a: { type: 'integer' } } }, objectOf({ a: { type: int, required: false } })],
  [{ type: 'object', required: ['a', 'b', 'c'], properties: { a: { type: 'string' }, b: { type: ['string', 'null'] }, c: {}, d: { enum: ['x'] } } },
    objectOf({ a: { type: string, required: true }, b: { type: string, required: false }, c: { type: dyn, required: false }, d: { type: { kind: 'string', values: ['x'] }, required: false } })],
  [{ type: 'object', required: ['a', 'b', 'c'], properties: { a: { enum: ['x'] }, b: { enum: ['x', null] }, c: { type: 'string', enum: ['x', null] } } }, objectOf({ a: { type: { kind: 'string', values: ['x'] }, required: true }, b: { type: { kind: 'string', values: ['x'] }, required: false }, c: { type: { kind: 'string', values: ['x'] }, required: true } })],
  [{}, dyn], [{ $ref: '#/x' }, dyn], [{ oneOf: [{ type: 'string' }] }, dyn], [JSON.parse('{"__proto__": {"type": "string"}}') as JsonObject, dyn],
])('%j', (schema, type) => {
  expect(typeFromJsonSchema(schema)).toEqual(type);
});

describe('a reference within the schema', () => {
  const typeOfProperty = (property: JsonObject, $defs: JsonObject, required: string[] = []): unknown => {
    const type = typeFromJsonSchema({ type: 'object', required, properties: { a: property }, $defs });
    return type.kind === 'object' ? type.fields.get('a') : type;
  };

  test.each<readonly [property: JsonObject, $defs: JsonObject, type: Type]>([
    [{ $ref: '#/$defs/day' }, { day: { type: 'string', format: 'date' } }, date],
    [{ $ref: '#/$defs/day', description: 'when it began' }, { day: { $ref: '#/$defs/date' }, date: { type: 'string', format: 'date' } }, date],
    [{ type: 'array', items: { $ref: '#/$defs/n' } }, { n: { type: 'integer' } }, listOf(int)],
    [{ $ref: '#/$defs/n/allOf/0' }, { n: { allOf: [{ type: 'integer' }] } }, int],
    [{ $ref: '#/$defs/a~1b~0c' }, { 'a/b~c': { type: 'boolean' } }, bool],
    [{ $ref: '#/$defs/a~01b' }, { 'a~1b': { type: 'boolean' }, 'a/b': { type: 'integer' } }, bool],
    [{ $ref: '#/$defs/one' }, { one: { type: 'object', properties: { b: { $ref: '#/$defs/two' } } }, two: { type: 'number' } }, objectOf({ b: { type: double, required: false } })],
    [{ $ref: '#/$defs/past', type: 'string', format: 'date' }, { past: { pattern: '^19' } }, date],
    [{ $ref: '#/$defs/none' }, {}, dyn], [{ $ref: 'https://example.org/day' }, {}, dyn], [{ $ref: '#/$defs/loop' }, { loop: { $ref: '#/$defs/loop' } }, dyn],
    [{ $ref: '#/$defs/tree' }, { tree: { type: 'object', properties: { left: { $ref: '#/$defs/tree' } } } }, objectOf({ left: { type: dyn, required: false } })],
  ])('%j is followed', (property, $defs, type) => {
    expect(typeOfProperty(property, $defs)).toEqual({ type, required: false });
  });

  test.each<readonly [$defs: JsonObject, required: boolean]>([[{ x: { type: 'string' } }, true], [{ x: { type: ['string', 'null'] } }, false], [{ x: { $ref: '#/$defs/x' } }, false]])('%j tells whether a required one may be missing', ($defs, required) => {
    expect(typeOfProperty({ $ref: '#/$defs/x' }, $defs, ['a'])).toMatchObject({ required });
  });

  test('that is named many times over is followed once', () => {
    const $defs = Object.fromEntries(Array.from({ length: 60 }, (_, level) => [`l${level}`, { type: 'object', properties: { a: { $ref: `#/$defs/l${level + 1}` }, b: { $ref: `#/$defs/l${level + 1}` } } }]));
    expect(typeFromJsonSchema({ $ref: '#/$defs/l0', $defs: { ...$defs, l60: { type: 'integer' } } })).toMatchObject({ kind: 'object' });
  });
});
