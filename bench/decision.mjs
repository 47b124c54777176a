// One decision over the sample catalog, in process, without HTTP: its time beside the floor, which is one read of the
// same customer from LMDB, one bare run of the same model over ready tensors of as many rows, and JSON.stringify of
// the same answer.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { openEngine } from '../dist/app.js';
import { readConfig } from '../dist/config.js';
import { sampleCustomers } from '../dist/sample/sample-customers.js';

const rounds = 7;
const perRound = 300;
const now = Date.parse('2026-11-23T10:00:00Z');
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'nbo-bench-'));

const rssBefore = process.memoryUsage().rss;
const { config } = readConfig({ NBO_CATALOG: root, NBO_STORE: folder, LOG_LEVEL: 'silent' });
const { engine } = await openEngine(config);
const customers = [...sampleCustomers({ count: 1000, seed: 1, now })];
await engine.store.load(customers.map(({ id, contacts, ...profile }) => ({
  id, profile, contacts: contacts.map(({ occurredAt, ...contact }) => ({ ...contact, occurredAt: Date.parse(occurredAt) })).sort((a, b) => a.occurredAt - b.occurredAt),
})));
globalThis.gc?.();
const rss = process.memoryUsage().rss;

const call = { now, timeoutMs: 5000, scopes: new Set(['decide', 'simulate']), caller: null };
const ask = (id, explain = 'none') => engine.services.decisions.decide({ customerId: id, channel: 'call-center', explain }, call);

// Right before fast: both depths of explanation rank the same.
for (const { id } of customers.slice(0, 100)) {
  const [none, full] = [JSON.parse(await ask(id)), JSON.parse(await ask(id, 'full'))];
  const ranking = ({ offers }) => JSON.stringify(offers.map(({ offerId, priority }) => [offerId, priority]));
  if (ranking(none) !== ranking(full)) throw new Error(`${id}: the explanation changes the ranking`);
}

const session = await ort.InferenceSession.create(join(root, 'models/accept/model.onnx'), { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' });
const lifetime = await ort.InferenceSession.create(join(root, 'models/lifetime/model.onnx'), { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' });
const width = (of) => of.inputMetadata[0].shape.at(-1);
const scoredRows = 12;      // about as many offers are left for scoring in this catalog
const answer = JSON.parse(await ask('C-1001'));
const tensor = (of, rowCount) => ({ [of.inputNames[0]]: new ort.Tensor('float32', new Float32Array(rowCount * width(of)), [rowCount, width(of)]) });
const floor = async (id) => {
  await engine.store.read(id, [], now);
  await session.run(tensor(session, scoredRows));
  await lifetime.run(tensor(lifetime, scoredRows));
  return JSON.stringify(answer);
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
async function measure(work) {
  const times = [];
  const cpu = process.cpuUsage();
  for (let i = 0; i < perRound; i++) {
    const start = performance.now();
    await work(customers[(i * 7) % customers.length].id);
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: median(times), cpuMs: (user + system) / 1000 / perRound };
}

const variants = { floor, 'decision, explain none': (id) => ask(id), 'decision, explain full': (id) => ask(id, 'full') };
const results = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
for (const work of Object.values(variants)) await measure(work);      // warm-up
for (let round = 0; round < rounds; round++) {
  const names = Object.keys(variants);
  for (const name of round % 2 === 0 ? names : names.reverse()) results[name].push(await measure(variants[name]));
}

const rows = Object.entries(results).map(([name, all]) => ({
  what: name,
  'median ms': median(all.map(({ wallMs }) => wallMs)).toFixed(3),
  'process ms': median(all.map(({ cpuMs }) => cpuMs)).toFixed(3),
  'ratio to the floor': (median(all.map(({ wallMs }) => wallMs)) / median(results.floor.map(({ wallMs }) => wallMs))).toFixed(2),
}));
process.stdout.write(`Sample catalog (${engine.catalog.current().offers.length} offers, ${engine.catalog.current().rules.length} rules), ${customers.length} customers, ${rounds} rounds of ${perRound}; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
console.table(rows);
process.stdout.write(`Memory after loading: ${Math.round(rss / 2 ** 20)} MB resident (${Math.round(rssBefore / 2 ** 20)} MB before)\n`);
await engine.close();
rmSync(folder, { recursive: true, force: true });
