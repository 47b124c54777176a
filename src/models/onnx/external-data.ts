import { attributeProto, functionProto, graphProto, modelProto, nodeProto, sparseTensorProto, tensorProto } from './graph.js';
import { integersOf, partsOf, readFields, type WireField } from './wire-fields.js';

/** The protobuf library's own bound; the runtime refuses what is nested deeper. */
const maxDepth = 100;

/**
 * Whether any tensor of the model lies in another file. The runtime would open whatever path the model names, so such
 * a model never gets there. Throws an Error for what is no ONNX model.
 */
export function hasExternalData(model: readonly WireField[]): boolean {
  return partsOf(model, modelProto.graph).some((graph) => inGraph(graph, 0))
    || partsOf(model, modelProto.functions).some((body) => partsOf(readFields(body), functionProto.node).some((node) => inNode(node, 0)));
}

function inGraph(bytes: Uint8Array, depth: number): boolean {
  if (depth > maxDepth) throw new Error('its graphs are nested too deep');
  const fields = readFields(bytes);
  return partsOf(fields, graphProto.initializer).some(inTensor)
    || partsOf(fields, graphProto.sparseInitializer).some(inSparseTensor)
    || partsOf(fields, graphProto.node).some((node) => inNode(node, depth));
}

function inNode(bytes: Uint8Array, depth: number): boolean {
  return partsOf(readFields(bytes), nodeProto.attribute).some((attribute) => {
    const fields = readFields(attribute);
    return [...partsOf(fields, attributeProto.tensor), ...partsOf(fields, attributeProto.tensors)].some(inTensor)
      || [...partsOf(fields, attributeProto.sparseTensor), ...partsOf(fields, attributeProto.sparseTensors)].some(inSparseTensor)
      || [...partsOf(fields, attributeProto.graph), ...partsOf(fields, attributeProto.graphs)].some((graph) => inGraph(graph, depth + 1));
  });
}

function inSparseTensor(bytes: Uint8Array): boolean {
  const fields = readFields(bytes);
  return [...partsOf(fields, sparseTensorProto.values), ...partsOf(fields, sparseTensorProto.indices)].some(inTensor);
}

function inTensor(bytes: Uint8Array): boolean {
  const fields = readFields(bytes);
  return partsOf(fields, tensorProto.externalData).length > 0 || integersOf(fields, tensorProto.dataLocation).some((location) => location !== 0n);
}
