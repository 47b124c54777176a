import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A small writer of ONNX files, so that every oddity a test needs is made where it is tested. */
type Part = readonly [field: number, value: string | number | Uint8Array];

function message(...parts: readonly Part[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [field, value] of parts) {
    if (typeof value === 'number') writer.tag(field, WireType.Varint).int64(value);
    else if (typeof value === 'string') writer.tag(field, WireType.LengthDelimited).string(value);
    else writer.tag(field, WireType.LengthDelimited).bytes(value);
  }
  return writer.finish();
}

const packedFloats = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, float16: 10, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

export interface Value { readonly name: string; readonly type?: ElementType; readonly shape?: readonly (number | string)[] | null; readonly sequenceOfMaps?: boolean }

function valueInfo({ name, type = 'float32', shape = ['n', 1], sequenceOfMaps = false }: Value): Uint8Array {
  const tensor: Part[] = [[1, elementTypes[type]]];
  if (shape !== null) tensor.push([2, message(...shape.map((size): Part => [1, typeof size === 'number' ? message([1, size]) : message([2, size])]))]);
  const map = message([4, message([1, message([5, message([1, elementTypes.int64], [2, message([1, message([1, elementTypes.float32])])])])])]);
  return message([1, name], [2, sequenceOfMaps ? map : message([1, message(...tensor)])]);
}

export type Attribute = number | string | readonly number[] | readonly string[] | { readonly floats: readonly number[] } | { readonly graph: Uint8Array } | { readonly tensor: Uint8Array };

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return message([1, name], [3, value], [20, 2]);
  if (typeof value === 'string') return message([1, name], [4, value], [20, 3]);
  if (Array.isArray(value)) {
    const texts = typeof value[0] === 'string';
    return message([1, name], ...value.map((item: string | number): Part => [texts ? 9 : 8, item]), [20, texts ? 8 : 7]);
  }
  if ('graph' in value) return message([1, name], [6, value.graph], [20, 5]);
  if ('tensor' in value) return message([1, name], [5, value.tensor], [20, 4]);
  return message([1, name], [7, packedFloats((value as { floats: readonly number[] }).floats)], [20, 6]);
}

export interface Node { readonly operator: string; readonly inputs: readonly string[]; readonly outputs: readonly string[]; readonly domain?: string; readonly attributes?: Readonly<Record<string, Attribute>> }

const nodeOf = ({ operator, inputs, outputs, domain = '', attributes = {} }: Node): Uint8Array => message(
  ...inputs.map((name): Part => [1, name]), ...outputs.map((name): Part => [2, name]), [4, operator],
  ...Object.entries(attributes).map(([name, value]): Part => [5, attribute(name, value)]), [7, domain],
);

export interface Initializer { readonly name: string; readonly dims: readonly number[]; readonly floats?: readonly number[]; readonly integers?: readonly number[]; readonly booleans?: readonly boolean[]; readonly external?: string }

export function tensorOf({ name, dims, floats, integers, booleans, external }: Initializer): Uint8Array {
  const shape = dims.map((size): Part => [1, size]);
  if (external !== undefined) return message(...shape, [2, elementTypes.float32], [8, name], [13, message([1, 'location'], [2, external])], [14, 1]);
  if (integers !== undefined) return message(...shape, [2, elementTypes.int64], ...integers.map((value): Part => [7, value]), [8, name]);
  if (booleans !== undefined) return message(...shape, [2, elementTypes.bool], ...booleans.map((value): Part => [5, value ? 1 : 0]), [8, name]);
  return message(...shape, [2, elementTypes.float32], [4, packedFloats(floats ?? [])], [8, name]);
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly initializers?: readonly Initializer[];
}

export function graphOf({ nodes, inputs, outputs, initializers = [] }: Graph): Uint8Array {
  return message(
    ...nodes.map((node): Part => [1, nodeOf(node)]), [2, 'g'], ...initializers.map((tensor): Part => [5, tensorOf(tensor)]),
    ...inputs.map((value): Part => [11, valueInfo(value)]), ...outputs.map((value): Part => [12, valueInfo(value)]),
  );
}

export function onnx(graph: Graph, opset = 13): Uint8Array {
  return message([1, 8], [7, graphOf(graph)], [8, message([1, ''], [2, opset])], [8, message([1, 'ai.onnx.ml'], [2, 2])]);
}

/** sigmoid(x · weights + bias), or without the sigmoid. */
export function linear(weights: readonly number[], bias: number, { rows = 'n', sigmoid = true, after = [] }: { rows?: number | string; sigmoid?: boolean; after?: readonly Node[] } = {}): Uint8Array {
  const nodes: Node[] = [
    { operator: 'MatMul', inputs: ['features', 'w'], outputs: ['product'] },
    { operator: 'Add', inputs: ['product', 'b'], outputs: ['logit'] },
    ...(after.length > 0 ? after : [{ operator: sigmoid ? 'Sigmoid' : 'Identity', inputs: ['logit'], outputs: ['score'] }]),
  ];
  return onnx({
    nodes, inputs: [{ name: 'features', shape: [rows, weights.length] }], outputs: [{ name: 'score', shape: [rows, 1] }],
    initializers: [{ name: 'w', dims: [weights.length, 1], floats: weights }, { name: 'b', dims: [1], floats: [bias] }],
  });
}

/** A linear classifier as scikit-learn's converter writes it: scores through Normalizer, with or without a ZipMap. */
export function classifier(labels: readonly string[] | readonly number[], { zipMap, rows = 'n' }: { zipMap: boolean; rows?: string | number }): Uint8Array {
  const count = labels.length;
  const texts = typeof labels[0] === 'string';
  return onnx({
    nodes: [
      { operator: 'LinearClassifier', domain: 'ai.onnx.ml', inputs: ['features'], outputs: ['label', 'raw'], attributes: {
        [texts ? 'classlabels_strings' : 'classlabels_ints']: labels, post_transform: 'SOFTMAX',
        coefficients: { floats: Array.from({ length: count * 2 }, (_, index) => (index % 5) - 2) }, intercepts: { floats: Array.from({ length: count }, (_, index) => index / 4) },
      } },
      { operator: 'Normalizer', domain: 'ai.onnx.ml', inputs: ['raw'], outputs: [zipMap ? 'inner' : 'probabilities'], attributes: { norm: 'L1' } },
      ...(zipMap ? [{ operator: 'ZipMap', domain: 'ai.onnx.ml', inputs: ['inner'], outputs: ['probabilities'], attributes: { [texts ? 'classlabels_strings' : 'classlabels_int64s']: labels } }] : []),
    ],
    inputs: [{ name: 'features', shape: [rows, 2] }],
    outputs: [{ name: 'label', type: texts ? 'string' : 'int64', shape: [rows] }, { name: 'probabilities', shape: [rows, count], sequenceOfMaps: zipMap }],
  });
}

/** A tree that is a chain of so many branches; the runtime builds it by recursion. */
export function deepTree(depth: number): Uint8Array {
  const nodes = Array.from({ length: 2 * depth + 1 }, (_, index) => ({ index, branches: index % 2 === 0 && index < 2 * depth }));
  return onnx({
    nodes: [{ operator: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: ['features'], outputs: ['score'], attributes: {
      n_targets: 1, nodes_treeids: nodes.map(() => 0), nodes_nodeids: nodes.map(({ index }) => index), nodes_featureids: nodes.map(() => 0),
      nodes_values: { floats: nodes.map(({ index }) => index) }, nodes_modes: nodes.map(({ branches }) => branches ? 'BRANCH_LEQ' : 'LEAF'),
      nodes_truenodeids: nodes.map(({ index, branches }) => branches ? index + 1 : 0), nodes_falsenodeids: nodes.map(({ index, branches }) => branches ? index + 2 : 0),
      target_treeids: [0], target_nodeids: [1], target_ids: [0], target_weights: { floats: [0.25] },
    } }],
    inputs: [{ name: 'features', shape: ['n', 1] }], outputs: [{ name: 'score', shape: ['n', 1] }],
  });
}

/** Never comes to an end. */
export function endless(): Uint8Array {
  const body = graphOf({
    nodes: [{ operator: 'Identity', inputs: ['go'], outputs: ['goOn'] }, { operator: 'Identity', inputs: ['carried'], outputs: ['next'] }],
    inputs: [{ name: 'step', type: 'int64', shape: [] }, { name: 'go', type: 'bool', shape: [] }, { name: 'carried', shape: null }],
    outputs: [{ name: 'goOn', type: 'bool', shape: [] }, { name: 'next', shape: null }],
  });
  return onnx({
    nodes: [{ operator: 'Loop', inputs: ['', 'yes', 'features'], outputs: ['score'], attributes: { body: { graph: body } } }],
    inputs: [{ name: 'features', shape: ['n', 1] }], outputs: [{ name: 'score', shape: null }],
    initializers: [{ name: 'yes', dims: [], booleans: [true] }],
  });
}
