import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { checkManifest } from '../../src/models/check-manifest.js';
import type { ColumnValueType } from '../../src/models/model-loader.js';
import { modelManifestSchema, type ColumnManifest, type InputType, type ModelManifest } from '../../src/models/model-manifest.js';
import { column } from './expressions.js';

const whole = {
  id: 'accept', file: 'model.onnx', description: 'Accepts', owner: 'data science', goal: 'more yes', reviewBy: '2027-01-01',
  inputs: [{ name: 'features', type: 'float32', columns: [
    { from: 'customer.age', default: 40 }, { from: 'customer.phase == "engage"' }, { from: 'customer.region', oneHot: ['north', 'south'], other: true }, { from: 'offer.category', map: { insurance: 1, credit: 2 }, default: 0 },
  ] }],
  outputs: { propensity: { tensor: 'probabilities', column: 1 } },
  calibration: { isotonic: [[0, 0], [0.1, 0.06], [1, 0.4]] },
  golden: [{ inputs: { features: [[40, 1, 0, 1, 0, 1]] }, outputs: { propensity: [0.0812] } }],
};

describe('the schema', () => {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  const validate = ajv.compile(modelManifestSchema);
  const withColumn = (columnManifest: object): object => ({ ...whole, inputs: [{ ...whole.inputs[0], columns: [columnManifest] }] });

  test.each<[string, object]>([
    ['the whole example', whole],
    ['the least', { id: 'm', file: 'm.onnx', inputs: [{ name: 'x', type: 'string', columns: [{ from: 'channel' }] }], outputs: { propensity: { tensor: 'p' } } }],
    ['a class', { ...whole, outputs: { propensity: { tensor: 'p', class: 'yes' } } }],
    ['a class that is a number', { ...whole, outputs: { propensity: { tensor: 'p', class: 1 } } }],
    ['platt', { ...whole, calibration: { platt: [-1, 0.5] } }],
  ])('takes %s', (_, manifest) => {
    validate(manifest);
    expect(validate.errors).toBeNull();
  });

  test.each<[string, object, string]>([
    ['an unknown member', { ...whole, modle: 1 }, ''],
    ['no outputs', { ...whole, outputs: {} }, '/outputs'],
    ['an unknown type', { ...whole, inputs: [{ ...whole.inputs[0], type: 'int32' }] }, '/inputs/0/type'],
    ['an unknown member of a column', withColumn({ from: 'customer.age', onehot: ['a'] }), '/inputs/0/columns/0'],
    ['other without oneHot', withColumn({ from: 'customer.age', other: true }), '/inputs/0/columns/0'],
    ['a value twice', withColumn({ from: 'customer.age', oneHot: ['a', 'a'] }), '/inputs/0/columns/0/oneHot'],
    ['a map to text', withColumn({ from: 'customer.age', map: { a: 'b' } }), '/inputs/0/columns/0/map/a'],
    ['a column before the first', { ...whole, outputs: { propensity: { tensor: 'p', column: -1 } } }, '/outputs/propensity/column'],
    ['two calibrations', { ...whole, calibration: { platt: [1, 2], isotonic: [[0, 0], [1, 1]] } }, '/calibration'],
    ['a calibration that is none', { ...whole, calibration: {} }, '/calibration'],
    ['a file elsewhere', { ...whole, file: '../other/model.onnx' }, '/file'],
    ['an absolute file', { ...whole, file: '/etc/passwd' }, '/file'],
    ['an output whose name every object has', { ...whole, outputs: { ['__proto__']: { tensor: 'p' } } }, '/outputs'],
  ])('refuses %s', (_, manifest, path) => {
    expect(validate(JSON.parse(JSON.stringify(manifest)))).toBe(false);
    expect(validate.errors!.map(({ instancePath }) => instancePath)).toContain(path);
  });
});

/** A manifest with one column; its expression reads an attribute of the given type. */
function checkOne(inputType: InputType, valueType: ColumnValueType, manifest: Partial<ColumnManifest>, mayBeUnknown = true) {
  const from = 'customer.c0';
  const whole: ModelManifest = { id: 'm', file: 'f', inputs: [{ name: 'x', type: inputType, columns: [{ from, ...manifest }] }], outputs: { propensity: { tensor: 'p' } } };
  return checkManifest(whole, [[column(0, valueType, from, 'customer', mayBeUnknown)]]);
}

test.each<[string, InputType, ColumnValueType, Partial<ColumnManifest>, boolean]>([
  ['a number with a default', 'float32', 'int', { default: 40 }, true],
  ['what is always known', 'float32', 'bool', {}, false],
  ['oneHot, which needs no default', 'float32', 'string', { oneHot: ['a'] }, true],
  ['a map with a default', 'float32', 'string', { map: { a: 1 }, default: 0 }, true],
  ['a date', 'int64', 'date', { default: 0 }, true],
  ['a timestamp', 'float64', 'timestamp', { default: 0 }, true],
  ['a text', 'string', 'string', { default: '' }, true],
  ['a boolean', 'bool', 'bool', { default: false }, true],
  ['a boolean default of a number', 'float32', 'bool', { default: true }, true],
  ['anything', 'float32', 'any', { default: 0 }, true],
])('nothing is wrong with %s', (_, inputType, valueType, manifest, mayBeUnknown) => {
  expect(checkOne(inputType, valueType, manifest, mayBeUnknown)).toEqual([]);
});

test.each<[string, InputType, ColumnValueType, Partial<ColumnManifest>, string, RegExp]>([
  ['no default', 'float32', 'int', {}, '', /"customer.c0" can be missing: give a `default`/],
  ['a map without a default', 'float32', 'string', { map: { a: 1 } }, '', /can be missing/],
  ['a text for a number', 'float32', 'string', { default: 0 }, '/from', /is a text, and the input is a number: give `oneHot` or `map`/],
  ['a number for a text', 'string', 'int', { default: '' }, '/from', /is of type int, and the input is of type string/],
  ['a list', 'float32', 'list', { default: 0 }, '/from', /is a list, and a column is one value/],
  ['a number for a bool', 'bool', 'double', { default: true }, '/from', /is of type double, and the input is of type bool/],
  ['a timestamp for int64', 'int64', 'timestamp', { default: 0 }, '/from', /in days with a fraction/],
  ['oneHot for a text input', 'string', 'string', { oneHot: ['a'] }, '/oneHot', /takes the text itself/],
  ['map for a text input', 'string', 'string', { map: { a: 1 }, default: 'a' }, '/map', /takes the text itself/],
  ['both oneHot and map', 'float32', 'string', { oneHot: ['a'], map: { a: 1 } }, '', /either `oneHot` or `map`/],
  ['a default that is not listed', 'float32', 'string', { oneHot: ['a'], default: 'b' }, '/default', /one of the listed values/],
  ['a default that is a text', 'float32', 'int', { default: '40' }, '/default', /must be a number or a boolean/],
  ['a default that is no text', 'string', 'string', { default: 1 }, '/default', /must be a text/],
  ['a fraction for int64', 'int64', 'int', { default: 0.5 }, '/default', /must be a whole number/],
  ['a default too large', 'float32', 'int', { default: 1e39 }, '/default', /Too large for float32/],
  ['a mapped fraction for int64', 'int64', 'string', { map: { 'a/b': 0.5 }, default: 0 }, '/map/a~1b', /must be a whole number/],
  ['a number that no text is', 'float32', 'string', { oneHot: ['1', 2] }, '/oneHot/1', /is of type string, so it never is 2/],
  ['a text that no number is', 'float32', 'int', { oneHot: ['1'] }, '/oneHot/0', /is of type int, so it never is "1"/],
  ['oneHot of a date', 'float32', 'date', { oneHot: [1] }, '/from', /is of type date: `oneHot` needs/],
])('reports %s', (_, inputType, valueType, manifest, member, message) => {
  const problems = checkOne(inputType, valueType, manifest);
  expect(problems).toHaveLength(1);
  expect(problems[0]!.path).toBe(`/inputs/0/columns/0${member}`);
  expect(problems[0]!.message).toMatch(message);
});

test.each<[string, Partial<ColumnManifest>, string[]]>([
  ['values that it has', { oneHot: ['north', 'south'], other: true }, []],
  ['a list that is not complete', { oneHot: ['north'] }, []],
  ['a misspelt value', { oneHot: ['nrth', 'south'] }, ['/oneHot/0 "customer.c0" is never "nrth"; did you mean "north"?']],
  ['a misspelt key', { map: { 'south/west': 1, north: 2 }, default: 0 }, ['/map/south~1west "customer.c0" is never "south/west"; it is one of "north", "south"']],
  ['a number', { oneHot: [1] }, ['/oneHot/0 "customer.c0" is of type string, so it never is 1']],
])('of a text that is one of a few: %s', (_, manifest, said) => {
  const from = 'customer.c0';
  const whole: ModelManifest = { id: 'm', file: 'f', inputs: [{ name: 'x', type: 'float32', columns: [{ from, ...manifest }] }], outputs: { propensity: { tensor: 'p' } } };
  const problems = checkManifest(whole, [[{ ...column(0, 'string', from), values: ['north', 'south'] }]]);
  expect(problems.map(({ path, message }) => `${path.replace('/inputs/0/columns/0', '')} ${message}`)).toEqual(said);
});

test('everything is reported at once, with its place', () => {
  const manifest = {
    ...whole, inputs: [...whole.inputs, { name: 'features', type: 'float32', columns: [{ from: 'propensity' }] }],
    outputs: { yes: { tensor: 'p', column: 1, class: 'yes' } }, calibration: { isotonic: [[0, 0.5], [0, 0.4]] },
  } as unknown as ModelManifest;
  const problems = checkManifest(manifest, [[null, null, null, null], [column(0, 'double', 'propensity', 'propensity', false)]]);
  expect(problems.map(({ path }) => path)).toEqual(['/inputs/1/name', '/inputs/1/columns/0/from', '/outputs/yes', '/calibration/isotonic/1/0', '/calibration/isotonic/1/1', '/calibration']);
});
