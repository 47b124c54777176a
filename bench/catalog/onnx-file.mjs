import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Just enough of ONNX's protobuf to write a tree ensemble. The numbers are the fields' of onnx.proto. */
function message(...fields) {
  const writer = new BinaryWriter();
  for (const [field, value] of fields) {
    if (typeof value === 'number') writer.tag(field, WireType.Varint).int64(value);
    else if (typeof value === 'string') writer.tag(field, WireType.LengthDelimited).string(value);
    else writer.tag(field, WireType.LengthDelimited).bytes(value);
  }
  return writer.finish();
}

const float32 = 1;
const value = (name, columns) => message([1, name], [2, message([1, message([1, float32], [2, message([1, message([2, 'rows'])], [1, message([1, columns])])])])]);

function attribute(name, of) {
  if (typeof of === 'number') return message([1, name], [3, of], [20, 2]);
  if (of instanceof Float32Array) return message([1, name], [7, new Uint8Array(of.buffer)], [20, 6]);
  const texts = typeof of[0] === 'string';
  return message([1, name], ...of.map((item) => [texts ? 9 : 8, item]), [20, texts ? 8 : 7]);
}

const node = ({ operator, domain = '', input, output, attributes = {} }) =>
  message([1, input], [2, output], [4, operator], ...Object.entries(attributes).map(([name, of]) => [5, attribute(name, of)]), [7, domain]);

/** A chain of nodes from `input` to `output`, each with its number of columns. */
export function onnxFile({ nodes, input, output }) {
  const graph = message(...nodes.map((of) => [1, node(of)]), [2, 'bench'], [11, value(input.name, input.columns)], [12, value(output.name, output.columns)]);
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 13])], [8, message([1, 'ai.onnx.ml'], [2, 2])]);
}
