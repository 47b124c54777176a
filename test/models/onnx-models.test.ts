import fc from 'fast-check';
import type { ModelAnswer } from '../../src/decision/types.js';
import type { ColumnExpression, ModelLoadResult } from '../../src/models/model-loader.js';
import type { InputManifest, ModelManifest } from '../../src/models/model-manifest.js';
import { createOnnxModels } from '../../src/models/onnx/onnx-models.js';
import { startTrial } from '../../src/models/onnx/trial.js';
import { column, layoutOf, offerOf } from './expressions.js';
import { inProcess } from './in-process.js';
import { classifier, linear, onnx, type Graph, type Node } from './tiny-onnx.js';

const features = (width: number, more: Partial<InputManifest> = {}): InputManifest => ({ name: 'features', type: 'float32', columns: Array.from({ length: width }, (_, index) => ({ from: `c${index}`, default: 0 })), ...more });
const manifestOf = (rest: Partial<ModelManifest> = {}): ModelManifest => ({ id: 'accept', file: 'model.onnx', inputs: [features(2)], outputs: { propensity: { tensor: 'score' } }, ...rest });

/** The expressions of a manifest's columns: the j-th reads slot j, the last one the offer's where asked for. */
const expressionsOf = ({ inputs }: ModelManifest, ofOffer = false): readonly (readonly ColumnExpression[])[] => inputs.map(({ type, columns }) => columns.map((_, index) => {
  const last = ofOffer && index === columns.length - 1;
  return column(index, type === 'string' ? 'string' : type === 'bool' ? 'bool' : 'double', `c${index}`, last ? 'offer' : 'customer');
}));

const load = (bytes: Uint8Array, manifest: ModelManifest, models = createOnnxModels(inProcess), ofOffer = false): Promise<ModelLoadResult> =>
  models.loader.load({ manifest, bytes, expressions: expressionsOf(manifest, ofOffer) });

interface Asked { readonly offers?: readonly number[] | null; readonly slots?: unknown[]; readonly probabilities?: readonly string[]; readonly outputs?: readonly string[] }

/** Loads a model whose last column is the offer's, and scores offers that have these values there. */
async function score(bytes: Uint8Array, manifest: ModelManifest, { offers = [0], slots = [0, 0], probabilities = ['propensity'], outputs = [] }: Asked = {}): Promise<ModelAnswer> {
  const models = createOnnxModels(inProcess);
  const width = manifest.inputs[0]!.columns.length;
  const loaded = await load(bytes, manifest, models, true);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return models.scorer.score({ model: loaded.model, slots, layout: layoutOf(width, [width - 1]), offers: offers === null ? null : offers.map((value, index) => offerOf(`o${index}`, [value])), outputs, probabilities });
}
const values = (answer: ModelAnswer, output = 'propensity'): number[] => answer.ok ? Array.from(answer.outputs.get(output)!) : [];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const features1 = { name: 'features', shape: ['n', 1] };
const graph = (nodes: readonly Node[], more: Partial<Graph> = {}): Uint8Array => onnx({ nodes, inputs: [features1], outputs: [{ name: 'score' }], ...more });
const one = manifestOf({ inputs: [features(1)] });
const axisZero = { name: 'axes', dims: [1], integers: [0] };

describe('loading', () => {
  test('says what the decision needs to know', async () => {
    const result = await load(linear([1, 2], 0.5), manifestOf({ golden: [{ inputs: { features: [[0, 0], [1, 1]] }, outputs: { propensity: [sigmoid(0.5), sigmoid(3.5)] } }] }), undefined, true);
    expect(result).toEqual({ ok: true, model: { id: 'accept', outputs: ['propensity'], reads: new Set(['customer', 'offer']) }, warnings: [] });
  });

  test('warns without golden rows', async () => {
    expect(await load(linear([1, 2], 0.5), manifestOf())).toMatchObject({ ok: true, warnings: [{ path: '', message: expect.stringContaining('golden') }] });
  });

  const golden = (inputs: object, outputs: object): Partial<ModelManifest> => ({ golden: [{ inputs, outputs }] as unknown as NonNullable<ModelManifest['golden']> });
  const good = linear([1, 2], 0);
  test.each<[string, Uint8Array, ModelManifest, readonly string[], RegExp]>([
    ['an input that the model does not have', good, manifestOf({ inputs: [features(2, { name: 'fetures' })] }), ['/inputs/0/name', '/inputs'], /no input "fetures"; it has "features"/],
    ['an input without an entry', onnx({ nodes: [{ operator: 'Add', inputs: ['features', 'more'], outputs: ['score'] }], inputs: [features1, { name: 'more', type: 'float32' }], outputs: [{ name: 'score' }] }), one, ['/inputs'], /"more" \(float32\) has no entry/],
    ['the wrong type', good, manifestOf({ inputs: [features(2, { type: 'float64' })] }), ['/inputs/0/type'], /is float32, and the manifest says float64/],
    ['too few columns', good, one, ['/inputs/0/columns'], /takes 2 columns in a row, and the manifest makes 1/],
    ['too many columns', good, manifestOf({ inputs: [features(2, { columns: [{ from: 'c0', oneHot: [1, 2], other: true }] })] }), ['/inputs/0/columns'], /takes 2 columns in a row, and the manifest makes 3/],
    ['an input that is one value', graph([{ operator: 'Identity', inputs: ['features'], outputs: ['score'] }], { inputs: [{ name: 'features', shape: [] }] }), one, ['/inputs/0/columns'], /without a dimension for rows/],
    ['an output that is not there', good, manifestOf({ outputs: { propensity: { tensor: 'scores' } } }), ['/outputs/propensity/tensor'], /no output "scores"; it has "score"/],
    ['a column beyond the last', good, manifestOf({ outputs: { propensity: { tensor: 'score', column: 1 } } }), ['/outputs/propensity/column'], /"score" has 1 column, counted from 0/],
    ['several columns and none named', classifier(['no', 'yes'], { zipMap: true }), manifestOf({ outputs: { propensity: { tensor: 'probabilities' } } }), ['/outputs/propensity'], /has 2 columns: say which by `column` or `class`/],
    ['a class that the model does not have', classifier(['no', 'yes'], { zipMap: true }), manifestOf({ outputs: { propensity: { tensor: 'probabilities', class: 'Yes' } } }), ['/outputs/propensity/class'], /no class "Yes" in "probabilities"; it has "no", "yes"/],
    ['a class of a model that names none', good, manifestOf({ outputs: { propensity: { tensor: 'score', class: 'yes' } } }), ['/outputs/propensity/class'], /does not name the classes of "score"/],
    ['an output that is a text', classifier(['no', 'yes'], { zipMap: true }), manifestOf({ outputs: { propensity: { tensor: 'label' } } }), ['/file'], /"label" is of type string, not a number/],
    ['a golden row that is too wide', good, manifestOf(golden({ features: [[1, 2, 3]] }, { propensity: [0.5] })), ['/golden/0/inputs/features/0'], /3 values; the columns of "features" make 2/],
    ['a golden row with a text', good, manifestOf(golden({ features: [[1, 'x']] }, { propensity: [0.5] })), ['/golden/0/inputs/features/0/1'], /"x" is no float32/],
    ['a golden input that is missing', good, manifestOf(golden({ feature: [[1, 2]] }, { propensity: [0.5] })), ['/golden/0/inputs/feature', '/golden/0/inputs'], /There is no input "feature"/],
    ['a golden output that is not there', good, manifestOf(golden({ features: [[1, 2]] }, { propensty: [0.5] })), ['/golden/0/outputs/propensty'], /There is no output "propensty"/],
    ['more golden answers than rows', good, manifestOf(golden({ features: [[1, 2]] }, { propensity: [0.5, 0.5] })), ['/golden/0/outputs/propensity'], /2 values for 1 rows of input/],
    ['a golden row that the model answers otherwise', good, manifestOf(golden({ features: [[0, 0], [1, 0], [0, 1]] }, { propensity: [0.5, sigmoid(1) + 0.00002, 0.5] })), ['/golden/0/outputs/propensity/1', '/golden/0/outputs/propensity/2'], /row 1 expects 0.7310\d+, and the model answers 0.7310\d+/],
    ['a golden row of few digits', good, manifestOf(golden({ features: [[1, 0]] }, { propensity: [0.731] })), ['/golden/0/outputs/propensity/0'], /expects 0.731, and the model answers 0.7310\d+; they may differ by 0.00001, so write more digits$/],
    ['a golden row of the other class', good, manifestOf(golden({ features: [[1, 0]] }, { propensity: [1 - sigmoid(1)] })), ['/golden/0/outputs/propensity/0'], /; together they are 1: is it the column of the other class\?$/],
    ['an answer that is no number', graph([{ operator: 'Div', inputs: ['features', 'features'], outputs: ['score'] }]), manifestOf({ inputs: [features(1)], ...golden({ features: [[0]] }, { propensity: [0] }) }), ['/golden/0/outputs/propensity/0'], /expects 0, and the model answers NaN/],
    ['five rows for one', graph([{ operator: 'Tile', inputs: ['features', 'repeats'], outputs: ['score'] }], { initializers: [{ name: 'repeats', dims: [2], integers: [5, 1] }] }), one, ['/file'], /"score" has 5 rows for 1 row of input/],
    ['rows that know of each other', graph([{ operator: 'Softmax', inputs: ['features'], outputs: ['score'], attributes: { axis: 0 } }]), one, ['/file'], /same row has another answer in "score" alone than beside other rows/],
    ['rows that are measured by their mean', graph([{ operator: 'ReduceMean', inputs: ['features'], outputs: ['mean'], attributes: { axes: [0] } }, { operator: 'Sub', inputs: ['features', 'mean'], outputs: ['score'] }]), one, ['/file'], /same row has another answer/],
    ['a custom operator', graph([{ operator: 'Frobnicate', domain: 'com.example', inputs: ['features'], outputs: ['score'] }]), one, ['/file'], /The runtime refuses the model: .*Frobnicate/],
    ['an operator set of the future', onnx({ nodes: [{ operator: 'Identity', inputs: ['features'], outputs: ['score'] }], inputs: [features1], outputs: [{ name: 'score' }] }, 9999), one, ['/file'], /The runtime refuses the model: .*9999/],
    ['a file that is none', new TextEncoder().encode('version https://git-lfs'), one, ['/file'], /Not an ONNX model, or not all of it/],
    ['a file that is too large', new Uint8Array(256 * 2 ** 20 + 1), one, ['/file'], /has 268435457 bytes; at most 268435456/],
    ['a calibration that falls', good, manifestOf({ calibration: { isotonic: [[0, 0.2], [1, 0.1]] } }), ['/calibration/isotonic/1/1'], /must not be less/],
  ])('refuses %s', async (_, bytes, manifest, paths, message) => {
    const result = await load(bytes, manifest);
    if (result.ok) throw new Error('loaded');
    expect(result.problems.map(({ path }) => path)).toEqual(paths);
    expect(result.problems[0]!.message).toMatch(message);
    expect(result.problems[0]!.message).not.toContain('\n');
  });

  test('reports what can be found at once', async () => {
    const manifest = manifestOf({ inputs: [features(3, { type: 'int64' })], outputs: { propensity: { tensor: 'x' }, value: { tensor: 'y' } }, ...golden({ features: [[1]] }, { propensity: [1] }) });
    const result = await load(good, manifest);
    expect(result.ok || result.problems.map(({ path }) => path)).toEqual(['/inputs/0/type', '/inputs/0/columns', '/outputs/propensity/tensor', '/outputs/value/tensor', '/golden/0/inputs/features/0']);
  });

  test('a column that does not compile is no model, and all else is checked', async () => {
    const { loader } = createOnnxModels(inProcess);
    expect(await loader.load({ manifest: manifestOf(), bytes: good, expressions: [[null, null]] })).toMatchObject({ ok: false, problems: [] });
    expect(await loader.load({ manifest: manifestOf({ outputs: { propensity: { tensor: 'x' } } }), bytes: good, expressions: [[null, null]] })).toMatchObject({ ok: false, problems: [{ path: '/outputs/propensity/tensor' }] });
  });

  test('what was proven is not tried again, and something else is', async () => {
    let trials = 0;
    const models = createOnnxModels(() => {
      trials += 1;
      return inProcess();
    });
    const manifest = manifestOf(golden({ features: [[0, 0]] }, { propensity: [0.5] }));
    const first = await load(good, manifest, models);
    const again = await load(good.slice(), structuredClone(manifest), models);
    expect([first.ok, again.ok, trials]).toEqual([true, true, 1]);
    await load(good, manifestOf(golden({ features: [[0, 0]] }, { propensity: [0.7] })), models);
    await load(linear([1, 3], 0), manifest, models);
    expect(trials).toBe(3);
  });
});

describe('numbers of rows', () => {
  const reshape = (rows: number | string, shape: readonly number[]): Uint8Array => graph(
    [{ operator: 'Reshape', inputs: ['features', 'shape'], outputs: ['score'] }], { inputs: [{ name: 'features', shape: [rows, 1] }], outputs: [{ name: 'score', shape: null }], initializers: [{ name: 'shape', dims: [shape.length], integers: shape }] });
  const slow = /rows? at a time/;
  test.each<[string, Uint8Array, boolean]>([
    ['declared as any', graph([{ operator: 'Identity', inputs: ['features'], outputs: ['score'] }]), false],
    ['declared as 3, works with any', linear([1], 0, { rows: 3, after: [{ operator: 'Identity', inputs: ['logit'], outputs: ['score'] }] }), false],
    ['declared as 1, works with any', linear([1], 0, { rows: 1, after: [{ operator: 'Identity', inputs: ['logit'], outputs: ['score'] }] }), false],
    ['not declared at all', graph([{ operator: 'Identity', inputs: ['features'], outputs: ['score'] }], { inputs: [{ name: 'features', shape: null }] }), false],
    ['one dimension only', graph([{ operator: 'Identity', inputs: ['features'], outputs: ['score'] }], { inputs: [{ name: 'features', shape: ['n'] }], outputs: [{ name: 'score', shape: ['n'] }] }), false],
    ['three dimensions', graph([{ operator: 'Identity', inputs: ['features'], outputs: ['score'] }], { inputs: [{ name: 'features', shape: ['n', 1, 1] }], outputs: [{ name: 'score', shape: null }] }), false],
    ['only 1, as declared', reshape(1, [1, 1]), true],
    ['only 1, declared as any', reshape('n', [1, 1]), true],
    ['only 2, as declared', reshape(2, [2, 1]), true],
    ['one row out, however many in', graph([{ operator: 'ReduceSum', inputs: ['features', 'axes'], outputs: ['score'] }], { initializers: [axisZero], outputs: [{ name: 'score', shape: null }] }), true],
  ])('%s', async (_, bytes, isSlow) => {
    const result = await load(bytes, one);
    expect(result.warnings.some(({ message }) => slow.test(message))).toBe(isSlow);
    expect(values(await score(bytes, one, { offers: [0.1, 0.5, 0.2, 0.9, 0.4] }))).toEqual([0.1, 0.5, 0.2, 0.9, 0.4].map(Math.fround));
  });
});

describe('scoring', () => {
  test('one row for each offer, in order', async () => {
    const answer = await score(linear([1, 2], 0.5), manifestOf(), { slots: [1, 0], offers: [0, -1, 2] });
    expect(values(answer)).toEqual([sigmoid(1.5), sigmoid(-0.5), sigmoid(5.5)].map((value) => expect.closeTo(value, 6)));
  });

  test('without offers one row; for no offers none', async () => {
    expect(values(await score(linear([1, 2], 0), manifestOf(), { slots: [1, 5], offers: null }))).toEqual([expect.closeTo(sigmoid(1), 6)]);
    expect(values(await score(linear([1, 2], 0), manifestOf(), { offers: [] }))).toEqual([]);
  });

  test('a model that does not read the offer answers once for all', async () => {
    const models = createOnnxModels(inProcess);
    const loaded = await load(linear([1, 2], 0), manifestOf(), models);
    if (!loaded.ok) throw new Error();
    const answer = await models.scorer.score({ model: loaded.model, slots: [1, 1], layout: layoutOf(2), offers: [offerOf('a'), offerOf('b')], outputs: ['propensity'], probabilities: [] });
    expect(values(answer)).toEqual([sigmoid(3), sigmoid(3)].map((value) => expect.closeTo(value, 6)));
  });

  test('a class by its name, text or number, with and without a ZipMap', async () => {
    const by = async (labels: readonly string[] | readonly number[], zipMap: boolean, output: object): Promise<number[]> =>
      values(await score(classifier(labels, { zipMap }), manifestOf({ outputs: { propensity: { tensor: 'probabilities', ...output } } }), { slots: [1, 0], offers: [0, 1] }));
    const byColumn = await by(['no', 'yes'], false, { column: 1 });
    expect(byColumn[0]).not.toBeCloseTo(byColumn[1]!, 3);
    expect(await by(['no', 'yes'], false, { class: 'yes' })).toEqual(byColumn);
    expect(await by(['no', 'yes'], true, { class: 'yes' })).toEqual(byColumn);
    expect(await by([0, 1], true, { class: 1 })).toEqual(byColumn);
    expect(await by([0, 1], false, { class: '1' })).toEqual(byColumn);
  });

  test('several inputs and outputs, texts, integers and booleans', async () => {
    const bytes = onnx({
      nodes: [
        { operator: 'LabelEncoder', domain: 'ai.onnx.ml', inputs: ['region'], outputs: ['code'], attributes: { keys_strings: ['north', 'south'], values_floats: { floats: [10, 20] } } },
        { operator: 'Cast', inputs: ['count'], outputs: ['number'], attributes: { to: 1 } },
        { operator: 'Cast', inputs: ['flag'], outputs: ['bit'], attributes: { to: 1 } },
        { operator: 'Concat', inputs: ['code', 'number', 'bit'], outputs: ['all'], attributes: { axis: 1 } },
        { operator: 'Identity', inputs: ['count'], outputs: ['counted'] },
      ],
      inputs: [{ name: 'region', type: 'string' }, { name: 'count', type: 'int64' }, { name: 'flag', type: 'bool' }],
      outputs: [{ name: 'all', shape: ['n', 3] }, { name: 'counted', type: 'int64' }],
    });
    const input = (name: string, type: InputManifest['type']): InputManifest => ({ name, type, columns: [{ from: name }] });
    const manifest = manifestOf({
      inputs: [input('region', 'string'), input('count', 'int64'), input('flag', 'bool')],
      outputs: { region: { tensor: 'all', column: 0 }, count: { tensor: 'all', column: 1 }, flag: { tensor: 'all', column: 2 }, counted: { tensor: 'counted' } },
      golden: [{ inputs: { region: [['south'], ['north']], count: [[7], [8]], flag: [[true], [0]] }, outputs: { region: [20, 10], count: [7, 8], flag: [1, 0], counted: [7, 8] } }],
    });
    const models = createOnnxModels(inProcess);
    const loaded = await models.loader.load({ manifest, bytes, expressions: [[column(0, 'string', 'region', 'customer', false)], [column(1, 'int', 'count', 'offer', false)], [column(2, 'bool', 'flag', 'customer', false)]] });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const answer = await models.scorer.score({ model: loaded.model, slots: ['north', 0, true], layout: layoutOf(3, [1]), offers: [offerOf('a', [4]), offerOf('b', [5])], outputs: ['region', 'count', 'flag', 'counted'], probabilities: [] });
    expect(['region', 'count', 'flag', 'counted'].map((output) => values(answer, output))).toEqual([[10, 10], [4, 5], [1, 1], [4, 5]]);
  });

  const raw = linear([0, 1], 0, { sigmoid: false });
  test('calibrates the propensity and no other output', async () => {
    const outputs = { propensity: { tensor: 'score' }, years: { tensor: 'score' } };
    const calibrated = await score(raw, manifestOf({ outputs, calibration: { isotonic: [[0, 0], [2, 0.5]] } }), { offers: [1, 9, -3], outputs: ['years'] });
    expect(values(calibrated)).toEqual([0.25, 0.5, 0]);
    expect(values(calibrated, 'years')).toEqual([1, 9, -3]);
    expect(values(await score(raw, manifestOf({ calibration: { platt: [-1, 0] } }), { offers: [0, 2] }))).toEqual([0.5, sigmoid(2)]);
  });

  test('golden rows are what the model answers before calibration', async () => {
    const manifest = manifestOf({ calibration: { platt: [-1, 0] }, golden: [{ inputs: { features: [[0, 3]] }, outputs: { propensity: [3] } }] });
    expect(await load(raw, manifest)).toMatchObject({ ok: true });
  });

  test.each<[string, readonly number[], readonly string[], RegExp | readonly number[]]>([
    ['a probability above 1', [0.5, 1.1], ['propensity'], /Model accept: propensity is 1.1\d* in row 1, which is no probability/],
    ['a probability below 0', [-0.1], ['propensity'], /propensity is -0.1\d* in row 0/],
    ['what rounding left outside', [1 + 5e-7, -5e-7], ['propensity'], [1, 0]],
    ['what need not be a probability', [7, -7], [], [7, -7]],
  ])('holds the answer to its promise: %s', async (_, offers, probabilities, expected) => {
    const answer = await score(raw, manifestOf(), { offers, probabilities, outputs: ['propensity'] });
    if (expected instanceof RegExp) expect(!answer.ok && answer.reason).toMatch(expected);
    else expect(values(answer)).toEqual(expected);
  });

  test.each([[0, /propensity is NaN in row 1/], [1e-45, /propensity is (Infinity|NaN) in row 1/]])('an answer that is not finite is none: %d', async (value, reason) => {
    const bytes = graph([{ operator: 'Div', inputs: ['one', 'features'], outputs: ['a'] }, { operator: 'Mul', inputs: ['a', 'features'], outputs: ['score'] }], { initializers: [{ name: 'one', dims: [1], floats: [1e30] }] });
    const manifest = manifestOf({ inputs: [features(1)], golden: [{ inputs: { features: [[2]] }, outputs: { propensity: [1e30] } }] });
    const answer = await score(bytes, manifest, { offers: [2, value], probabilities: [], outputs: ['propensity'] });
    expect(!answer.ok && answer.reason).toMatch(reason);
  });

  test('what the runtime throws is one line', async () => {
    const gather = graph([{ operator: 'Gather', inputs: ['table', 'features'], outputs: ['score'] }], { inputs: [{ name: 'features', type: 'int64' }], outputs: [{ name: 'score', shape: null }], initializers: [{ name: 'table', dims: [2], floats: [0.1, 0.2] }] });
    const answer = await score(gather, manifestOf({ inputs: [features(1, { type: 'int64' })] }), { offers: [1, 5] });
    expect(answer).toEqual({ ok: false, reason: expect.stringMatching(/^Model accept: [^\n]*out of (data )?bounds[^\n]*$/) });
    if (!answer.ok) expect(answer.reason).not.toMatch(/\.(cc|h):\d/);
  });

  test('what cannot be encoded is a reason', async () => {
    const manifest = manifestOf({ inputs: [features(2, { columns: [{ from: 'c0', default: 0 }, { from: 'c1', default: 0 }] })] });
    expect(await score(raw, manifest, { slots: [1e39, 0] })).toEqual({ ok: false, reason: 'Model accept: c0: too large for the type of the input' });
  });

  test('a model of another loader, and an output that it does not have', async () => {
    const models = createOnnxModels(inProcess);
    const loaded = await load(raw, manifestOf());
    if (!loaded.ok) throw new Error();
    const run = { model: loaded.model, slots: [0, 0], layout: layoutOf(2), offers: null, probabilities: [] };
    expect(await models.scorer.score({ ...run, outputs: ['propensity'] })).toEqual({ ok: false, reason: 'Model accept: it was not loaded here' });
    const here = await load(raw, manifestOf(), models);
    if (!here.ok) throw new Error();
    expect(await models.scorer.score({ ...run, model: here.model, outputs: ['toString'] })).toEqual({ ok: false, reason: 'Model accept: it has no output "toString"' });
  });
});

test('hostile bytes are refused or loaded', async () => {
  const trial = startTrial();
  let trials = 0;
  const models = createOnnxModels(() => {
    trials += 1;
    return { open: trial.open, close: () => undefined };
  });
  const files = [linear([1, 2], 0), classifier(['a', 'b'], { zipMap: true })];
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  try {
    await fc.assert(fc.asyncProperty(fc.constantFrom(0, 1), edits, fc.option(fc.nat()), async (which, changes, cut) => {
      const bytes = cut === null ? files[which]!.slice() : files[which]!.slice(0, cut % files[which]!.length);
      for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
      const result = await load(bytes, manifestOf({ outputs: { propensity: which === 0 ? { tensor: 'score' } : { tensor: 'probabilities', column: 0 } } }), models);
      expect(result.ok || (result.problems.length > 0 && result.problems.every(({ message }) => message !== '' && !message.includes('\n')))).toBe(true);
    }), { numRuns: 300 });
  } finally {
    trial.close();
  }
  expect(trials).toBeGreaterThan(100);
}, 60_000);
