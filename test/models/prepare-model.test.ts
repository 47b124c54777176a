import fc from 'fast-check';
import { prepareModel } from '../../src/models/onnx/prepare-model.js';
import { createFieldReader, messageField, textField, varintField, writeFields } from '../../src/models/onnx/wire-fields.js';
import { classifier, graphOf, linear, onnx, tensorOf, type Node } from './tiny-onnx.js';

const prepare = (bytes: Uint8Array, freeRows = true) => {
  const preparation = prepareModel(bytes, { freeRows });
  if (!preparation.ok) throw new Error(preparation.reason);
  return preparation.prepared;
};
const has = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);

test('a model that needs no change is left as it is', () => {
  const bytes = linear([1, 2], 0);
  expect(prepare(bytes).bytes).toBe(bytes);
  const fixed = linear([1, 2], 0, { rows: 3 });
  expect(prepare(fixed, false).bytes).toBe(fixed);
});

test('fields that we do not know survive a change', () => {
  const bytes = classifier(['a', 'b'], { zipMap: true });
  const read = createFieldReader();
  const extra = [textField(999, 'something else'), varintField(998, 300), messageField(997, [varintField(1, 1)])];
  const kept = read(prepare(writeFields([...read(bytes), ...extra])).bytes);
  expect(kept.slice(-3)).toEqual(extra);
});

test.each([['texts', ['no', 'yes']], ['integers', [3, 4, 7]]] as const)('a ZipMap goes, its classes stay: %s', (_, labels) => {
  const { bytes, outputs } = prepare(classifier(labels, { zipMap: true }));
  expect(has(bytes, 'ZipMap')).toBe(false);
  expect(outputs.get('probabilities')).toEqual({ tensor: 'inner', classes: labels.map(String) });
  expect(outputs.get('inner')).toEqual(outputs.get('probabilities'));
});

test('the classes of a classifier without a ZipMap are found through a Normalizer', () => {
  expect(prepare(classifier(['no', 'yes'], { zipMap: false })).outputs.get('probabilities')).toEqual({ tensor: 'probabilities', classes: ['no', 'yes'] });
});

test('no classes where a column may be something else by then', () => {
  const nodes: Node[] = [
    { operator: 'LinearClassifier', domain: 'ai.onnx.ml', inputs: ['features'], outputs: ['label', 'raw'], attributes: { classlabels_ints: [0, 1] } },
    { operator: 'Gather', inputs: ['raw', 'one'], outputs: ['score'] },
  ];
  const { outputs } = prepare(onnx({ nodes, inputs: [{ name: 'features' }], outputs: [{ name: 'score' }, { name: 'label', type: 'int64' }] }));
  expect([...outputs.values()].map(({ classes }) => classes)).toEqual([null, null]);
});

test('tensors that feed on each other do not keep us busy', () => {
  const nodes: Node[] = [{ operator: 'Identity', inputs: ['a'], outputs: ['b'] }, { operator: 'Identity', inputs: ['b'], outputs: ['a'] }];
  expect(prepare(onnx({ nodes, inputs: [{ name: 'features' }], outputs: [{ name: 'a' }] })).outputs.get('a')!.classes).toBeNull();
});

test('a fixed number of rows becomes any', () => {
  const fixed = linear([1, 2], 0, { rows: 3 });
  const { inputs, declaredRows, bytes } = prepare(fixed);
  expect(declaredRows).toBe(3);
  expect(inputs).toEqual([{ name: 'features', shape: [null, 2] }]);
  expect(prepare(bytes, false)).toMatchObject({ declaredRows: null, inputs: [{ name: 'features', shape: [null, 2] }] });
});

test('an input that has an initializer need not be given', () => {
  const bytes = onnx({
    nodes: [{ operator: 'Add', inputs: ['features', 'bias'], outputs: ['score'] }], inputs: [{ name: 'features' }, { name: 'bias', shape: [1] }], outputs: [{ name: 'score' }],
    initializers: [{ name: 'bias', dims: [1], floats: [1] }],
  });
  expect(prepare(bytes).inputs.map(({ name }) => name)).toEqual(['features']);
});

describe('external data is refused', () => {
  const external = { name: 'w', dims: [1], external: '/etc/passwd' };
  const around = (node: Node): Uint8Array => onnx({ nodes: [node], inputs: [{ name: 'features' }], outputs: [{ name: 'score' }] });
  const inner = graphOf({ nodes: [], inputs: [], outputs: [], initializers: [external] });
  test.each<[string, Uint8Array]>([
    ['in an initializer', onnx({ nodes: [], inputs: [{ name: 'features' }], outputs: [{ name: 'score' }], initializers: [external] })],
    ['in a constant', around({ operator: 'Constant', inputs: [], outputs: ['score'], attributes: { value: { tensor: tensorOf(external) } } })],
    ['in a branch', around({ operator: 'If', inputs: ['features'], outputs: ['score'], attributes: { then_branch: { graph: inner } } })],
  ])('%s', (_, bytes) => {
    expect(prepareModel(bytes, { freeRows: true })).toEqual({ ok: false, reason: 'The model keeps tensors in other files (external data); export it as one file' });
  });
});

test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)],
  ['text', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')],
  ['half a model', linear([1, 2, 3], 0).slice(0, 90)],
  ['graphs nested without end', Array.from({ length: 150 }).reduce<Uint8Array>((graph) => graphOf({ nodes: [{ operator: 'If', inputs: [], outputs: [], attributes: { then_branch: { graph } } }], inputs: [], outputs: [] }), graphOf({ nodes: [], inputs: [], outputs: [] }))],
])('%s is no model', (_, bytes) => {
  const model = bytes.length > 5000 ? writeFields([messageField(7, createFieldReader()(bytes))]) : bytes;
  expect(prepareModel(model, { freeRows: true })).toEqual({ ok: false, reason: expect.stringMatching(/^Not an ONNX model, or not all of it: [^\n]+$/) });
});

test('a file of nothing but small parts is given up', () => {
  const many = writeFields(Array.from({ length: 11 }, () => textField(1, '')));
  expect(() => createFieldReader(10)(many)).toThrow('it has too many parts');
  expect(createFieldReader(11)(many)).toHaveLength(11);
  expect(createFieldReader(10)(many, [2])).toEqual([]);
});

test('hostile bytes give a reason or a model, never an exception', () => {
  const models = [linear([1, 2], 0, { rows: 3 }), classifier(['a', 'b'], { zipMap: true })];
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
  fc.assert(fc.property(fc.constantFrom(...models), edits, fc.option(fc.nat()), (model, changes, cut) => {
    const bytes = Uint8Array.from(cut === null ? model : model.slice(0, cut % model.length));
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    const preparation = prepareModel(bytes, { freeRows: true });
    expect(preparation.ok || /^[^\n]+$/.test(preparation.reason)).toBe(true);
  }), { numRuns: 1000 });
}, 60_000);
