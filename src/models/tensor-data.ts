import type { InputType } from './model-manifest.js';

/** The elements of a model's input, in the form that the runtime takes. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array | string[];

export function allocate(type: InputType, length: number): TensorData {
  switch (type) {
    case 'float32': return new Float32Array(length);
    case 'float64': return new Float64Array(length);
    case 'int64': return new BigInt64Array(length);
    case 'bool': return new Uint8Array(length);
    case 'string': return new Array<string>(length).fill('');
  }
}
