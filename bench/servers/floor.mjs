// The floor: what nobody can do without. It reads the request, gets the customer's record, runs the model once on the
// customer's own rows, which are ready tensors, and writes the bytes of an answer that is ready.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { open } from 'lmdb';
import ort from 'onnxruntime-node';

const { storeFolder, modelFile, rowsFile, answerFile, headers } = JSON.parse(process.argv[2]);
const binary = { keyEncoding: 'binary', encoding: 'binary' };
const customers = open({ path: storeFolder, noSubdir: false, maxDbs: 32, ...binary }).openDB({ name: 'customers', ...binary });
const session = await ort.InferenceSession.create(modelFile, { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all', logSeverityLevel: 4 });
const feeds = new Map(JSON.parse(readFileSync(rowsFile, 'utf8')).map(({ customerId, rows }) => [
  customerId, { features: new ort.Tensor('float32', Float32Array.from(rows.flat()), [rows.length, rows[0].length]) },
]));
const answer = readFileSync(answerFile);

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => { chunks.push(chunk); });
  request.on('end', async () => {
    const { customerId } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    const record = customers.getBinaryFast(Buffer.from(customerId));
    const ready = feeds.get(customerId);
    const { probability } = await session.run(ready, ['probability']);
    if (record === undefined || probability.data.length !== ready.features.dims[0]) throw new Error('The floor has no record or no scores');
    response.writeHead(200, headers);
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`The floor listens on http://127.0.0.1:${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
