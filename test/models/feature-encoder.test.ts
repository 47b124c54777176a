import type { ColumnExpression, ColumnValueType } from '../../src/models/model-loader.js';
import type { ColumnManifest, InputManifest, InputType } from '../../src/models/model-manifest.js';
import { createFeatureEncoder } from '../../src/models/feature-encoder.js';
import { column, layoutOf, offerOf } from './expressions.js';

/** One input with one column that reads slot 0. */
function encodeOne(inputType: InputType, valueType: ColumnValueType, value: unknown, manifest: Partial<ColumnManifest> = {}) {
  const input: InputManifest = { name: 'x', type: inputType, columns: [{ from: 'customer.c0', ...manifest }] };
  return createFeatureEncoder([input], [[column(0, valueType)]])({ slots: [value], layout: layoutOf(1), offers: null });
}

const dayMs = 86_400_000;
const regions = ['north', 'south'];

test.each<[string, InputType, ColumnValueType, unknown, Partial<ColumnManifest>, readonly (number | bigint | string)[]]>([
  ['a number', 'float64', 'double', 40.5, {}, [40.5]],
  ['a number as float32', 'float32', 'double', 0.1, {}, [Math.fround(0.1)]],
  ['an integer that came as bigint', 'float32', 'int', 7n, {}, [7]],
  ['true', 'float32', 'bool', true, {}, [1]],
  ['false', 'float32', 'bool', false, {}, [0]],
  ['a date: days since 1970-01-01', 'float32', 'date', 20_780, {}, [20_780]],
  ['a timestamp: days since 1970-01-01, with their fraction', 'float64', 'timestamp', 1.25 * dayMs, {}, [1.25]],
  ['a duration: days', 'float64', 'duration', dayMs / 2, {}, [0.5]],
  ['a missing number', 'float32', 'double', undefined, { default: 40 }, [40]],
  ['a missing boolean', 'float32', 'bool', undefined, { default: true }, [1]],
  ['a missing timestamp, by a default in days', 'float64', 'timestamp', undefined, { default: 3 }, [3]],
  ['a zero, which is not missing', 'float32', 'double', 0, { default: 40 }, [0]],
  ['a whole number as int64', 'int64', 'int', -3, {}, [-3n]],
  ['a whole number of type double as int64', 'int64', 'double', 2 ** 53, {}, [9007199254740992n]],
  ['a boolean as int64', 'int64', 'bool', true, {}, [1n]],
  ['a missing int64', 'int64', 'int', undefined, { default: 9 }, [9n]],
  ['a text', 'string', 'string', 'north', {}, ['north']],
  ['an empty text, which is not missing', 'string', 'string', '', { default: 'none' }, ['']],
  ['a missing text', 'string', 'string', undefined, { default: 'none' }, ['none']],
  ['a boolean as bool', 'bool', 'bool', true, {}, [1]],
  ['a missing bool', 'bool', 'bool', undefined, { default: false }, [0]],
  ['one of the list', 'float32', 'string', 'south', { oneHot: regions }, [0, 1]],
  ['none of the list', 'float32', 'string', 'west', { oneHot: regions }, [0, 0]],
  ['none of the list, with other', 'float32', 'string', 'west', { oneHot: regions, other: true }, [0, 0, 1]],
  ['a listed one, with other', 'float32', 'string', 'north', { oneHot: regions, other: true }, [1, 0, 0]],
  ['missing, without other', 'float32', 'string', undefined, { oneHot: regions }, [0, 0]],
  ['missing, with other', 'float32', 'string', undefined, { oneHot: regions, other: true }, [0, 0, 1]],
  ['missing, with other: false', 'float32', 'string', undefined, { oneHot: regions, other: false }, [0, 0]],
  ['missing, with a default of the list', 'float32', 'string', undefined, { oneHot: regions, other: true, default: 'south' }, [0, 1, 0]],
  ['a number of a list', 'int64', 'int', 2, { oneHot: [1, 2, 3] }, [0n, 1n, 0n]],
  ['a bigint of a list', 'float32', 'int', 2n, { oneHot: [1, 2, 3] }, [0, 1, 0]],
  ['a boolean of a list', 'bool', 'bool', false, { oneHot: [true, false] }, [0, 1]],
  ['a text that looks like a number of the list', 'float32', 'any', '2', { oneHot: [1, 2, 3] }, [0, 0, 0]],
  ['a mapped text', 'float32', 'string', 'credit', { map: { insurance: 1, credit: 2 }, default: 0 }, [2]],
  ['an unmapped text', 'float32', 'string', 'daily', { map: { insurance: 1, credit: 2 }, default: 0 }, [0]],
  ['a name that every object has', 'float32', 'string', 'constructor', { map: { insurance: 1 }, default: 0 }, [0]],
  ['a missing text with a map', 'float32', 'string', undefined, { map: { insurance: 1, credit: 2 }, default: 5 }, [5]],
  ['a mapped number', 'float32', 'int', 3, { map: { 3: 30 }, default: 0 }, [30]],
  ['a mapped boolean', 'float32', 'bool', true, { map: { true: 5, false: -5 } }, [5]],
])('encodes %s', (_, inputType, valueType, value, manifest, expected) => {
  const encoded = encodeOne(inputType, valueType, value, manifest);
  expect(encoded).toMatchObject({ ok: true, rowCount: 1 });
  if (encoded.ok) expect(Array.from<unknown>(encoded.inputs[0]!.data)).toEqual(expected);
});

test.each<[InputType, new (...values: never[]) => unknown]>([['float32', Float32Array], ['float64', Float64Array], ['int64', BigInt64Array], ['bool', Uint8Array], ['string', Array]])('%s comes as what the runtime takes', (type, array) => {
  const encoded = encodeOne(type, type === 'string' ? 'string' : 'bool', type === 'string' ? 'a' : true);
  expect(encoded.ok && encoded.inputs[0]!.data).toBeInstanceOf(array);
});

test.each<[string, InputType, ColumnValueType, unknown, Partial<ColumnManifest>, string]>([
  ['unknown without a default', 'float32', 'double', undefined, {}, 'customer.c0 is unknown and has no default (missing: customer.c0)'],
  ['unmapped without a default', 'float32', 'string', 'daily', { map: { credit: 1 } }, 'customer.c0: a value that the map does not name, and there is no default'],
  ['a fraction for int64', 'int64', 'double', 1.5, {}, 'customer.c0: not a whole number, and the input is int64'],
  ['too much for int64', 'int64', 'double', 2 ** 63, {}, 'customer.c0: too large for int64'],
  ['too much for float32', 'float32', 'double', 1e39, {}, 'customer.c0: too large for the type of the input'],
  ['not a number', 'float64', 'double', NaN, {}, 'customer.c0: not a finite number'],
  ['an infinity', 'float64', 'double', Infinity, {}, 'customer.c0: not a finite number'],
  ['a text for a number', 'float32', 'any', '12', {}, 'customer.c0: not a number'],
  ['a list for a number', 'float32', 'any', [1], {}, 'customer.c0: not a number'],
  ['a number for a text', 'string', 'any', 12, {}, 'customer.c0: not a text'],
  ['two for a bool', 'bool', 'any', 2, {}, 'customer.c0: neither true nor false'],
])('refuses %s', (_, inputType, valueType, value, manifest, reason) => {
  expect(encodeOne(inputType, valueType, value, manifest)).toEqual({ ok: false, reason });
});

describe('rows', () => {
  const offers = [offerOf('a', ['insurance', 3]), offerOf('b', ['credit', 1]), offerOf('c', [undefined, 2])];
  const layout = layoutOf(4, [2, 3]);
  const age = column(0, 'int', 'customer.age');
  const region = column(1, 'string', 'customer.region');
  const category = column(2, 'string', 'offer.category', 'offer');
  const effort = column(3, 'int', 'offer.effort', 'offer');
  const inputs: readonly InputManifest[] = [
    { name: 'features', type: 'float32', columns: [{ from: 'customer.age', default: 40 }, { from: 'offer.category', oneHot: ['insurance', 'credit'], other: true }, { from: 'customer.region', oneHot: ['north'], other: true }, { from: 'offer.effort' }] },
    { name: 'region', type: 'string', columns: [{ from: 'customer.region', default: '?' }] },
    { name: 'effort', type: 'int64', columns: [{ from: 'offer.effort' }] },
  ];
  const expressions: readonly (readonly ColumnExpression[])[] = [[age, category, region, effort], [region], [effort]];
  const encode = createFeatureEncoder(inputs, expressions);

  test('one for each offer, in order, over several inputs', () => {
    const encoded = encode({ slots: [33, 'north', 'stale', 99], layout, offers });
    expect(encoded).toEqual({
      ok: true, rowCount: 3, inputs: [
        { name: 'features', type: 'float32', width: 7, data: Float32Array.from([33, 1, 0, 0, 1, 0, 3, 33, 0, 1, 0, 1, 0, 1, 33, 0, 0, 1, 1, 0, 2]) },
        { name: 'region', type: 'string', width: 1, data: ['north', 'north', 'north'] },
        { name: 'effort', type: 'int64', width: 1, data: BigInt64Array.from([3n, 1n, 2n]) },
      ],
    });
  });

  test('what does not read the offer is computed once, what reads nothing else once for each offer', () => {
    const both = column(3, 'int', 'offer.effort * customer.age', ['offer', 'customer']);
    const counts = (): number[] => [age, region, category, effort, both].map(({ expression }) => expression.evaluations.count);
    const before = counts();
    const again = createFeatureEncoder([...inputs, { name: 'both', type: 'float64', columns: [{ from: 'x' }] }], [...expressions, [both]]);
    for (let call = 1; call <= 3; call += 1) {
      const encoded = again({ slots: [33, 'north', undefined, undefined], layout, offers });
      expect(encoded.ok && encoded.inputs.map(({ data }) => data).at(-1)).toEqual(Float64Array.from([3, 1, 2]));
      expect(counts().map((count, index) => count - before[index]!)).toEqual([call, 2 * call, 3, 6, 3 * call]);
    }
  });

  test('offers that come again, in another order and with others', () => {
    const rows = (picked: typeof offers): unknown => {
      const encoded = encode({ slots: [33, 'north', undefined, undefined], layout, offers: picked });
      return encoded.ok && Array.from<unknown>(encoded.inputs[2]!.data);
    };
    expect(rows([offers[2]!, offerOf('d', ['credit', 8]), offers[0]!])).toEqual([2n, 8n, 3n]);
    expect(rows(offers)).toEqual([3n, 1n, 2n]);
  });

  test('without an offer there is one row, in which the offer is unknown', () => {
    expect(encode({ slots: [33, 'north', 'stale', 99], layout, offers: null })).toMatchObject({ ok: false, reason: expect.stringContaining('offer.effort is unknown') });
    const withDefault = createFeatureEncoder([{ name: 'f', type: 'float32', columns: [{ from: 'offer.effort', default: -1 }, { from: 'customer.age', default: 40 }] }], [[effort, age]]);
    expect(withDefault({ slots: [33, 'north', 'stale', 99], layout, offers: null })).toMatchObject({ ok: true, rowCount: 1, inputs: [{ data: Float32Array.from([-1, 33]) }] });
  });

  test('no offers, no rows', () => {
    expect(encode({ slots: [33, 'north'], layout, offers: [] })).toMatchObject({ ok: true, rowCount: 0 });
  });

  test('a reason names the offer', () => {
    expect(encode({ slots: [33, 'north'], layout, offers: [offers[0]!, offerOf('z', ['credit', 1.5])] })).toEqual({ ok: false, reason: 'offer.effort: not a whole number, and the input is int64 (offer z)' });
  });
});
