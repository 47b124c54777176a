// The two stores beside each other: a decision on Redis against LMDB; one customer read against a bare get of the same
// bytes; and the memory that a customer with 50 contacts takes. Starts a redis-server of its own, on loopback, that
// keeps nothing: what is measured is reading.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { open } from 'lmdb';
import { openEngine } from '../dist/app.js';
import { readConfig } from '../dist/config.js';
import { openLmdbStore } from '../dist/customers/lmdb/lmdb-store.js';
import { valueKey } from '../dist/customers/redis/keys.js';
import { openRedisStore } from '../dist/customers/redis/redis-store.js';
import { sampleCustomers } from '../dist/sample/sample-customers.js';

const rounds = 7;
const perRound = { decision: 300, read: 4000 };
const inFlight = [1, 32];
const customerCount = 1000;
const countForMemory = 20_000;
const perLoad = 250;
const now = Date.parse('2026-11-23T10:00:00Z');
const dayMs = 86_400_000;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'nbo-bench-'));
const folderOf = (name) => join(folder, name);

// --- customers

const sample = [...sampleCustomers({ count: customerCount, seed: 1, now })].map(({ id, contacts, ...profile }) => ({
  id, profile, contacts: contacts.map(({ occurredAt, ...contact }) => ({ ...contact, occurredAt: Date.parse(occurredAt) })),
}));
const offers = ['home-insurance', 'car-insurance', 'gold-card', 'personal-loan', 'savings', 'fund-plan', 'mobile-plan', 'streaming'];

/** As a year of calls leaves it: 25 decisions, each with its UUID, what was presented and what became of it. */
function withFiftyContacts(place) {
  const { profile } = sample[place % sample.length];
  const contacts = Array.from({ length: 25 }, (_, call) => {
    const known = { decisionId: uuidOf(place, call), offerId: offers[(place + call) % offers.length], kind: 'cross-sell', channel: 'call-center' };
    const occurredAt = now - (25 - call) * 14 * dayMs + place * 1009;
    return [
      { ...known, placement: 'agent-desktop', outcome: 'presented', occurredAt },
      { ...known, outcome: call % 3 === 0 ? 'clicked' : 'declined', occurredAt: occurredAt + 45_000 + call },
    ];
  }).flat();
  return { id: `M-${place}`, profile, contacts };
}

/** The same in every run, and in no two decisions. */
function uuidOf(place, call) {
  const hex = [place, call, place ^ 0x5bd1e995, call * 0x9e3779b9].map((word) => (Math.imul(word + 1, 0x85ebca6b) >>> 0).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

async function loadAll(store, count, customerOf) {
  for (let from = 0; from < count; from += perLoad) {
    await store.load(Array.from({ length: Math.min(perLoad, count - from) }, (_, place) => customerOf(from + place)));
  }
}

// --- the server

async function startRedis() {
  const port = await new Promise((resolve, reject) => {
    const listener = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => server.kill('SIGKILL'));
  await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('redis-server is not on the PATH: install it (Debian and Ubuntu: sudo apt-get install redis-server; macOS: brew install redis)')));
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  return { port, stop: () => server.kill('SIGKILL') };
}

// --- measuring

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Mean time of a call in µs, and of the process' processor, with so many always under way. */
async function measure(work, count, flight) {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: flight }, lane));
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) * 1000 / count, cpu: (user + system) / count };
}

/** Rows of one table: each variant's medians over rounds whose order turns, and its ratio to the first of them. */
async function compare(variants, count) {
  const rows = [];
  for (const flight of inFlight) {
    const results = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
    for (const work of Object.values(variants)) await measure(work, count, flight);      // warm-up
    for (let round = 0; round < rounds; round++) {
      const names = Object.keys(variants);
      for (const name of round % 2 === 0 ? names : names.reverse()) results[name].push(await measure(variants[name], count, flight));
    }
    const [floor] = Object.values(results);
    for (const [name, all] of Object.entries(results)) {
      rows.push({
        what: name,
        'in flight': flight,
        'median µs': median(all.map(({ wall }) => wall)).toFixed(1),
        'process µs': median(all.map(({ cpu }) => cpu)).toFixed(1),
        // Of rounds, not of medians: what the machine does beside hits both of a round.
        ratio: median(all.map(({ wall }, round) => wall / floor[round].wall)).toFixed(2),
      });
    }
  }
  return rows;
}

function expectSame(one, other, what) {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(`${what} is not the same on both sides`);
}

// --- the parts

async function decisions(url) {
  const engineOn = async (store) => (await openEngine(readConfig({ NBO_CATALOG: root, NBO_STORE: store, LOG_LEVEL: 'silent' }).config)).engine;
  const engines = { LMDB: await engineOn(folderOf('decisions')), Redis: await engineOn(url) };
  const call = { now, timeoutMs: 5000, scopes: new Set(['decide', 'simulate']), caller: null };
  const askOf = ({ services }) => (place) => services.decisions.decide({ customerId: sample[(place * 7) % sample.length].id, channel: 'call-center' }, call);
  for (const { store } of Object.values(engines)) await loadAll(store, sample.length, (place) => sample[place]);
  for (let place = 0; place < 100; place++) {
    const [one, other] = (await Promise.all(Object.values(engines).map((engine) => askOf(engine)(place)))).map((answer) => JSON.parse(answer));
    if (one.degraded.length > 0) throw new Error('a decision without the store');
    expectSame(one.offers.map(({ offerId, priority }) => [offerId, priority]), other.offers.map(({ offerId, priority }) => [offerId, priority]), 'the ranking');
  }
  const rows = await compare(Object.fromEntries(Object.entries(engines).map(([name, engine]) => [`decision on ${name}`, askOf(engine)])), perRound.decision);
  for (const engine of Object.values(engines)) await engine.close();
  return rows;
}

const readIds = Array.from({ length: customerCount }, (_, place) => `M-${place}`);
const idOf = (place) => readIds[(place * 7) % readIds.length];

async function readsOnRedis(url, port) {
  const store = await openRedisStore(`${url}?prefix=read`);
  await loadAll(store, customerCount, withFiftyContacts);
  const bare = new Redis({ host: '127.0.0.1', port });
  const keys = readIds.map((id) => valueKey('read', id));
  const bytes = await bare.getBuffer(keys[0]);
  await expectRead(store);
  const rows = await compare({
    [`ioredis GET of ${bytes.length} bytes`]: (place) => bare.getBuffer(keys[(place * 7) % keys.length]),
    'read of the customer on Redis': (place) => store.read(idOf(place), [], now),
  }, perRound.read);
  bare.disconnect();
  await store.close();
  return rows;
}

async function readsOnLmdb() {
  const store = await openLmdbStore(folderOf('read'));
  await loadAll(store, customerCount, withFiftyContacts);
  await expectRead(store);
  // The same bytes under the same keys, in a folder with nothing else.
  const from = open({ path: folderOf('read'), noSubdir: false, maxDbs: 32, keyEncoding: 'binary', encoding: 'binary' });
  const source = from.openDB({ name: 'customers', keyEncoding: 'binary', encoding: 'binary' });
  const bare = open({ path: folderOf('bare'), noSubdir: false, keyEncoding: 'binary', encoding: 'binary' });
  const keys = readIds.map((id) => Buffer.from(id));
  await bare.transaction(() => {
    for (const key of keys) bare.put(key, source.getBinary(key));
  });
  const rows = await compare({
    'lmdb get of the same bytes': async (place) => bare.getBinary(keys[(place * 7) % keys.length]),
    'read of the customer on LMDB': (place) => store.read(idOf(place), [], now),
  }, perRound.read);
  await Promise.all([bare.close(), from.close()]);
  await store.close();
  return rows;
}

async function expectRead(store) {
  for (let place = 0; place < customerCount; place += 97) {
    const { customer } = await store.read(`M-${place}`, [], now);
    const { profile, contacts } = withFiftyContacts(place);
    expectSame(customer.contacts.map(({ decisionId, offerId, outcome, occurredAt }) => [decisionId, offerId, outcome, occurredAt]), contacts.map(({ decisionId, offerId, outcome, occurredAt }) => [decisionId, offerId, outcome, occurredAt]), 'the ledger');
    expectSame(customer.profile.attributes, profile.attributes, 'the profile');
  }
}

async function memory(url, port) {
  const redis = await openRedisStore(`${url}?prefix=memory`);
  const admin = new Redis({ host: '127.0.0.1', port });
  const usedMemory = async () => Number(/used_memory:(\d+)/.exec(await admin.info('memory'))[1]);
  const before = await usedMemory();
  await loadAll(redis, countForMemory, withFiftyContacts);
  const onRedis = (await usedMemory() - before) / countForMemory;
  admin.disconnect();
  await redis.close();

  const lmdb = await openLmdbStore(folderOf('memory'));
  const sizeOf = () => statSync(join(folderOf('memory'), 'data.mdb')).size;
  const empty = sizeOf();
  await loadAll(lmdb, countForMemory, withFiftyContacts);
  const onLmdb = (sizeOf() - empty) / countForMemory;
  await lmdb.close();
  return [['Redis (used_memory)', onRedis], ['LMDB (growth of the file)', onLmdb]].map(([what, bytes]) => ({ what, 'kB per customer': (bytes / 1000).toFixed(2) }));
}

const server = await startRedis();
const url = `redis://127.0.0.1:${server.port}`;
try {
  process.stdout.write(`Stores: ${customerCount} customers, ${rounds} rounds of ${perRound.decision} decisions and ${perRound.read} reads; one Redis on loopback; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
  console.table(await memory(url, server.port));
  console.table(await readsOnRedis(url, server.port));
  console.table(await readsOnLmdb());
  console.table(await decisions(url));
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
