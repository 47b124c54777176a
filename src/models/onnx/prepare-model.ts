import {
  classLabelsOf, dimensionProto, graphProto, modelProto, readGraph, readValue, shapeProto, tensorTypeProto, typeProto, valueInfoProto,
  type GraphNode, type GraphValue, type ModelGraph,
} from './graph.js';
import { hasExternalData } from './external-data.js';
import { createFieldReader, messageField, partsOf, textField, varintField, writeFields, type ReadFields, type WireField } from './wire-fields.js';
import { oneLine } from './one-line.js';

/** A model's file made ready for the runtime. */
export interface PreparedModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly GraphValue[];
  /** By the output's name in the file: the tensor to fetch, and the classes of its columns where the model names them. */
  readonly outputs: ReadonlyMap<string, { readonly tensor: string; readonly classes: readonly string[] | null }>;
  /** How many rows the file says it takes, where it says one number; else `null`. */
  readonly declaredRows: number | null;
}

export type Preparation = { readonly ok: true; readonly prepared: PreparedModel } | { readonly ok: false; readonly reason: string };

/**
 * Two changes, since exporters write models for other callers. A ZipMap (a list of dictionaries, which the runtime
 * cannot hand over) is dropped, and the tensor that it reads becomes the output. With `freeRows` a fixed number of rows
 * becomes any: many models are exported with the batch they were tried with, and work with every other.
 */
export function prepareModel(bytes: Uint8Array, { freeRows }: { readonly freeRows: boolean }): Preparation {
  try {
    const read = createFieldReader();
    const graph = readGraph(bytes, read);
    if (hasExternalData(graph.model, read)) return { ok: false, reason: 'The model keeps tensors in other files (external data); export it as one file' };
    return { ok: true, prepared: prepare(bytes, graph, freeRows, read) };
  } catch (error) {
    return { ok: false, reason: `Not an ONNX model, or not all of it: ${oneLine(error)}` };
  }
}

function prepare(bytes: Uint8Array, graph: ModelGraph, freeRows: boolean, read: ReadFields): PreparedModel {
  const zipMaps = new Map(graph.nodes.filter(isZipMap).map((node) => [node.outputs[0]!, node]));
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const outputs = new Map(graph.outputs.map(({ name }) => {
    const zipMap = zipMaps.get(name);
    if (zipMap === undefined) return [name, { tensor: name, classes: tracedClasses(name, producers, read) }] as const;
    return [name, { tensor: zipMap.inputs[0]!, classes: classLabelsOf(zipMap, read) }] as const;
  }));
  // The tensor behind a ZipMap may be asked for by its own name, too.
  for (const exposed of [...outputs.values()]) if (!outputs.has(exposed.tensor)) outputs.set(exposed.tensor, exposed);

  const declaredRows = declaredRowsOf(graph.inputs);
  const free = freeRows && graph.inputs.some(({ shape }) => typeof shape?.[0] === 'number');
  const dropped = new Set([...zipMaps].filter(([name]) => graph.outputs.some((output) => output.name === name)).map(([, node]) => node));
  if (dropped.size === 0 && !free) return { bytes, inputs: graph.inputs, outputs, declaredRows };

  const inputNames = new Set(graph.inputs.map(({ name }) => name));
  const written = new Set<string>();
  const fields = graph.fields.flatMap((field): WireField[] => {
    if (field.number === graphProto.node && [...dropped].some((node) => node.field === field)) return [];
    if (field.number === graphProto.valueInfo && free) return [];
    if (field.number === graphProto.input && free && inputNames.has(readValue(field.bytes, read).name)) return [withShape(field, 'free rows', read)];
    if (field.number !== graphProto.output) return [field];
    const { name } = readValue(field.bytes, read);
    const { tensor } = outputs.get(name)!;
    if (written.has(tensor)) return [];
    written.add(tensor);
    if (tensor !== name) return graph.outputs.some((output) => output.name === tensor) ? [] : [floatOutput(tensor)];
    return [free ? withShape(field, 'none', read) : field];
  });
  const model = graph.model.map((field) => field.number === modelProto.graph ? messageField(modelProto.graph, fields) : field);
  return {
    bytes: writeFields(model),
    inputs: free ? graph.inputs.map(({ name, shape }) => ({ name, shape: shape === null ? null : shape.map((size, index) => index === 0 ? null : size) })) : graph.inputs,
    outputs,
    declaredRows,
  };
}

function isZipMap(node: GraphNode): boolean {
  return node.operator === 'ZipMap' && node.inputs.length === 1 && node.outputs.length === 1;
}

function declaredRowsOf(inputs: readonly GraphValue[]): number | null {
  const sizes = new Set(inputs.map(({ shape }) => shape?.[0] ?? null).filter((size) => size !== null));
  return sizes.size === 1 ? [...sizes][0]! : null;
}

/** Operators that leave each column what it is, so that the classes of their input are those of their output. */
const keepsColumns = new Set(['Identity', 'Cast', 'Normalizer', 'Softmax', 'LogSoftmax', 'Sigmoid', 'Clip', 'Scaler']);
const classifiers = new Set(['TreeEnsembleClassifier', 'LinearClassifier', 'SVMClassifier']);

/** The classes of the classifier whose scores a tensor is, if it comes from one in a straight line. */
function tracedClasses(tensor: string, producers: ReadonlyMap<string, GraphNode>, read: ReadFields): readonly string[] | null {
  let name = tensor;
  for (let step = 0; step < 32; step += 1) {
    const node = producers.get(name);
    if (node === undefined) return null;
    if (classifiers.has(node.operator)) return node.outputs[1] === name ? classLabelsOf(node, read) : null;
    if (!keepsColumns.has(node.operator) || node.inputs[0] === undefined) return null;
    name = node.inputs[0];
  }
  return null;
}

/** The output that takes a ZipMap's place: always float (the operator takes nothing else), its shape left open. */
function floatOutput(name: string): WireField {
  const type = [messageField(typeProto.tensor, [varintField(tensorTypeProto.elementType, 1)])];
  return messageField(graphProto.output, [textField(valueInfoProto.name, name), messageField(valueInfoProto.type, type)]);
}

/** An input or output with its first dimension open, or (since declared shapes of outputs lie) without any shape. */
function withShape(field: WireField, shape: 'free rows' | 'none', read: ReadFields): WireField {
  const within = (fields: readonly WireField[], number: number, change: (inner: readonly WireField[]) => readonly WireField[]): WireField[] =>
    fields.map((inner) => inner.number === number ? messageField(number, change(read(inner.bytes))) : inner);
  return messageField(field.number, within(read(field.bytes), valueInfoProto.type, (type) => within(type, typeProto.tensor, (tensor) =>
    shape === 'none'
      ? tensor.filter(({ number }) => number !== tensorTypeProto.shape)
      : within(tensor, tensorTypeProto.shape, (dimensions) => {
        const sizes = partsOf(dimensions, shapeProto.dimension);
        return sizes.map((size, index) => messageField(shapeProto.dimension, index === 0 ? [textField(dimensionProto.symbol, 'rows')] : read(size)));
      }))));
}
