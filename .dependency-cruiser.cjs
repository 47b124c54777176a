/** Import directions: data flows one way, HTTP → service → decision, adapters at the edge. */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', 'a cycle has no reading order', {}, { circular: true }),
    rule('decision-imports-only-itself', 'the core is pure: no I/O, no clock, no library', { path: '^src/decision/' }, { pathNot: '^src/decision/' }),
    rule('one-folder-knows-cel', 'the CEL library can be replaced in one folder', { pathNot: '^src/expressions/' }, { path: 'node_modules/@bufbuild/cel' }),
    rule('one-folder-knows-onnx', 'the ONNX runtime can be replaced in one folder', { pathNot: '^src/models/' }, { path: 'node_modules/onnxruntime-' }),
    rule('one-folder-knows-lmdb', 'stores are behind CustomerStore', { pathNot: '^src/customers/lmdb/' }, { path: 'node_modules/lmdb' }),
    rule('one-folder-knows-redis', 'stores are behind CustomerStore', { pathNot: '^src/customers/redis/' }, { path: 'node_modules/ioredis/' }),
    rule('only-app-names-adapters', 'one composition root', { path: '^src/', pathNot: '^src/(app\\.ts|customers/(lmdb|redis)/|models/onnx/)' }, { path: '^src/(customers/(lmdb|redis)|models/onnx)/' }),
    rule('only-app-names-outboxes', 'the service knows the port alone', { path: '^src/', pathNot: '^src/(app\\.ts|outbox/)' }, { path: '^src/outbox/', pathNot: '^src/outbox/outbox\\.ts$' }),
    rule('adapters-do-not-share', 'what both stores need stands above them', { path: '^src/customers/(lmdb|redis)/' }, { path: '^src/customers/(lmdb|redis)/', pathNot: '^src/customers/$1/' }),
    rule('service-knows-ports-only', 'HTTP and command line call the service, never the other way', { path: '^src/service/' }, { path: '^src/(http|cli|catalog)/' }),
    rule('customers-know-no-serving', 'the store is below the service', { path: '^src/(customers|models|expressions)/' }, { path: '^src/(http|cli|service|catalog|telemetry)/' }),
    rule('catalog-knows-no-serving', 'a catalog is loaded without a server', { path: '^src/catalog/' }, { path: '^src/(http|cli|service|customers)/' }),
    rule('http-knows-no-store', 'routes call the service', { path: '^src/http/' }, { path: '^src/(cli|expressions|models)/' }),
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
};
