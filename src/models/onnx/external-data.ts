import { attributeProto, functionProto, graphProto, modelProto, nodeProto, sparseTensorProto, tensorProto } from './graph.js';
import { integersOf, partsOf, type ReadFields, type WireField } from './wire-fields.js';

/** The protobuf library's own bound; the runtime refuses what is nested deeper. */
const maxDepth = 100;

/**
 * Whether any tensor of the model lies in another file. The runtime would open whatever path the model names, so such
 * a model never gets there. Throws an Error for what is no ONNX model.
 */
export function hasExternalData(model: readonly WireField[], read: ReadFields): boolean {
  const { tensor, tensors, sparseTensor, sparseTensors, graph, graphs } = attributeProto;

  const inTensor = (bytes: Uint8Array): boolean => {
    const fields = read(bytes, [tensorProto.externalData, tensorProto.dataLocation]);
    return partsOf(fields, tensorProto.externalData).length > 0 || integersOf(fields, tensorProto.dataLocation).some((location) => location !== 0n);
  };
  const inSparseTensor = (bytes: Uint8Array): boolean => read(bytes, [sparseTensorProto.values, sparseTensorProto.indices]).some((field) => inTensor(field.bytes));
  const inAttribute = (bytes: Uint8Array, depth: number): boolean => {
    const fields = read(bytes, [tensor, tensors, sparseTensor, sparseTensors, graph, graphs]);
    return [...partsOf(fields, tensor), ...partsOf(fields, tensors)].some(inTensor)
      || [...partsOf(fields, sparseTensor), ...partsOf(fields, sparseTensors)].some(inSparseTensor)
      || [...partsOf(fields, graph), ...partsOf(fields, graphs)].some((body) => inGraph(body, depth + 1));
  };
  const inNode = (bytes: Uint8Array, depth: number): boolean => partsOf(read(bytes, [nodeProto.attribute]), nodeProto.attribute).some((attribute) => inAttribute(attribute, depth));
  const inGraph = (bytes: Uint8Array, depth: number): boolean => {
    if (depth > maxDepth) throw new Error('its graphs are nested too deep');
    const fields = read(bytes, [graphProto.initializer, graphProto.sparseInitializer, graphProto.node]);
    return partsOf(fields, graphProto.initializer).some(inTensor)
      || partsOf(fields, graphProto.sparseInitializer).some(inSparseTensor)
      || partsOf(fields, graphProto.node).some((node) => inNode(node, depth));
  };

  return partsOf(model, modelProto.graph).some((body) => inGraph(body, 0))
    || partsOf(model, modelProto.functions).some((body) => partsOf(read(body, [functionProto.node]), functionProto.node).some((node) => inNode(node, 0)));
}
