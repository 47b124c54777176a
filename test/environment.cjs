// onnxruntime-node checks tensors by `instanceof` against the outer realm's typed arrays; jest's realm has its own.
const { TestEnvironment } = require('jest-environment-node');

const shared = ['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Int32Array', 'Uint8Array', 'Uint16Array', 'Int8Array', 'Int16Array', 'Uint32Array', 'ArrayBuffer'];

module.exports = class OneRealmOfTypedArrays extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of shared) this.global[name] = globalThis[name];
  }
};
