import { integersOf, partsOf, textOf, textsOf, type ReadFields, type WireField } from './wire-fields.js';

// Field numbers of onnx.proto (github.com/onnx/onnx, onnx/onnx.proto), which never change.
export const modelProto = { graph: 7, functions: 25 } as const;
export const graphProto = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13, sparseInitializer: 15 } as const;
export const nodeProto = { input: 1, output: 2, opType: 4, attribute: 5, domain: 7 } as const;
export const attributeProto = { name: 1, tensor: 5, graph: 6, integers: 8, strings: 9, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 } as const;
export const tensorProto = { name: 8, externalData: 13, dataLocation: 14 } as const;
export const sparseTensorProto = { values: 1, indices: 2 } as const;
export const valueInfoProto = { name: 1, type: 2 } as const;
export const typeProto = { tensor: 1 } as const;
export const tensorTypeProto = { elementType: 1, shape: 2 } as const;
export const shapeProto = { dimension: 1 } as const;
export const dimensionProto = { value: 1, symbol: 2 } as const;
export const functionProto = { node: 7 } as const;

export interface GraphNode {
  readonly field: WireField;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Undecoded: those of a tree ensemble are most of its file. */
  readonly attributes: readonly Uint8Array[];
}

export interface GraphValue {
  readonly name: string;
  /** A dimension without a fixed size is `null`; `null` in place of all: the file does not say. */
  readonly shape: readonly (number | null)[] | null;
}

/** What of a model's file we look at ourselves, before the runtime sees it. */
export interface ModelGraph {
  readonly model: readonly WireField[];
  readonly fields: readonly WireField[];
  readonly nodes: readonly GraphNode[];
  /** Without those that have an initializer, which need not be given. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** Throws an Error for what is no ONNX model. */
export function readGraph(bytes: Uint8Array, read: ReadFields): ModelGraph {
  const model = read(bytes);
  const graphs = partsOf(model, modelProto.graph);
  if (graphs.length !== 1) throw new Error(graphs.length === 0 ? 'it has no graph' : 'it has more than one graph');
  const fields = read(graphs[0]!);
  const initializers = new Set(partsOf(fields, graphProto.initializer).map((tensor) => textOf(read(tensor, [tensorProto.name]), tensorProto.name)));
  return {
    model,
    fields,
    nodes: fields.filter(({ number }) => number === graphProto.node).map((field) => readNode(field, read)),
    inputs: partsOf(fields, graphProto.input).map((value) => readValue(value, read)).filter(({ name }) => !initializers.has(name)),
    outputs: partsOf(fields, graphProto.output).map((value) => readValue(value, read)),
  };
}

function readNode(field: WireField, read: ReadFields): GraphNode {
  const fields = read(field.bytes);
  return {
    field,
    operator: textOf(fields, nodeProto.opType),
    inputs: textsOf(fields, nodeProto.input),
    outputs: textsOf(fields, nodeProto.output),
    attributes: partsOf(fields, nodeProto.attribute),
  };
}

export function readValue(bytes: Uint8Array, read: ReadFields): GraphValue {
  const fields = read(bytes);
  const type = partsOf(fields, valueInfoProto.type).flatMap((part) => read(part));
  const tensor = partsOf(type, typeProto.tensor).flatMap((part) => read(part));
  const shape = partsOf(tensor, tensorTypeProto.shape).at(-1);
  return {
    name: textOf(fields, valueInfoProto.name),
    shape: shape === undefined ? null : partsOf(read(shape), shapeProto.dimension).map((dimension) => {
      const size = integersOf(read(dimension), dimensionProto.value).at(-1);
      return size === undefined || size <= 0n ? null : Number(size);
    }),
  };
}

/** The classes that a node names, as text; `null` where it names none. */
export function classLabelsOf({ attributes }: GraphNode, read: ReadFields): readonly string[] | null {
  for (const attribute of attributes) {
    const name = textOf(read(attribute, [attributeProto.name]), attributeProto.name);
    if (!labelAttributes.has(name)) continue;
    const fields = read(attribute, [attributeProto.strings, attributeProto.integers]);
    const labels = name === 'classlabels_strings' ? textsOf(fields, attributeProto.strings) : integersOf(fields, attributeProto.integers).map(String);
    if (labels.length > 0) return labels;
  }
  return null;
}

const labelAttributes = new Set(['classlabels_strings', 'classlabels_int64s', 'classlabels_ints']);
