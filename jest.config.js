/** Native ESM: run by `node --experimental-vm-modules` (see the scripts in package.json). */
export default {
  testEnvironment: '<rootDir>/test/environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }] },
  // A slow or busy machine is no failure: what hangs is ended, nothing is timed.
  testTimeout: 120_000,
  // Jest leaves a core to its own process, which has nothing to do here; on a small machine that is half of it.
  maxWorkers: '100%',
  // A worker that has run dozens of files holds a gigabyte: with nothing left open it takes half a second and more to go, which
  // jest, by default, takes for a leak. What is really left open is still told, later.
  workerGracefulExitTimeout: 15_000,
  // What a file loads stays in its worker's memory: one that holds much spends its time collecting, and is replaced.
  workerIdleMemoryLimit: '800MB',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
};
