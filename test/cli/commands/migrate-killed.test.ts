import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStoreAt, openStoreForMove } from '../../../src/app.js';
import { readStoreLocation, type StoreLocation } from '../../../src/config.js';
import { createSeededRandom } from '../../../src/sample/seeded-random.js';
import { contact, now, storedCustomer } from '../../contracts/customer-samples.js';
import { everythingIn, expectPromisesKept, fillWithEverything } from '../../contracts/store-holdings.contract.js';
import { startCluster, startRedis, type RedisCluster, type RedisServer } from '../../support/redis-servers.js';
import { ended, transpileSources, type RunnableSources } from '../../support/run-typescript.js';

const child = 'test/cli/commands/migrate.child.ts';
/** A whole run makes 13 writes: that it has begun, the secrets, events of all, visitors, 5 of customers, walks, limits, tombstones, and that it is complete.
 *  A later run makes the first, and those that are left: so each of these may be where it dies. */
const lastSteps = [5, 5, 4];

let sources: RunnableSources;
let servers: readonly [RedisServer, RedisCluster];
let parent: string;
let made = 0;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'nbo-migrate-'));
  [sources, ...servers] = await Promise.all([transpileSources([child]), startRedis(), startCluster()]);
});
afterAll(async () => {
  await Promise.all([sources.remove(), ...servers.map((server) => server.stop())]);
  await rm(parent, { recursive: true, force: true });
});

/** Names of new stores. */
const kinds = {
  'a folder': () => join(parent, `store-${made++}`),
  'Redis': () => `${servers[0].url}?prefix=killed-${made++}`,
  'a cluster': () => `${servers[1].url}?prefix=killed-${made++}`,
} as const;
type Kind = keyof typeof kinds;
const pairs = (Object.keys(kinds) as Kind[]).flatMap((from) => (Object.keys(kinds) as Kind[]).map((to): [Kind, Kind] => [from, to]));

function locationOf(text: string): StoreLocation {
  const read = readStoreLocation(text);
  if (!read.ok) throw new Error(read.problem);
  return read.location;
}

async function fill(location: StoreLocation): ReturnType<typeof everythingIn> {
  const store = await openStoreForMove(location, 'to');
  try {
    await fillWithEverything(store);
    await store.load(Array.from({ length: 900 }, (_, place) => storedCustomer(`N-${place}`, [contact('presented'), contact('clicked', { value: place })])));
    return await everythingIn(store);
  } finally {
    await store.close();
  }
}

/** How the process ended, and what it printed: a summary, or why not. */
async function run(args: readonly string[]): Promise<{ readonly end: number | NodeJS.Signals; readonly text: string }> {
  const process = sources.fork(child, args);
  let text = '';
  for (const stream of [process.stdout!, process.stderr!]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  const end = await ended(process);
  return { end, text: text.trim() };
}

test.each(pairs)('from %s to %s, killed and run again until it lives, all is there once and every promise is kept', async (fromKind, toKind) => {
  const [from, to] = [kinds[fromKind](), kinds[toKind]()];
  const held = await fill(locationOf(from));
  const random = createSeededRandom(pairs.findIndex(([one, other]) => one === fromKind && other === toKind));
  for (const lastStep of lastSteps) {
    const [step, when] = [random.integer(1, lastStep), random.pick(['before', 'during', 'after'])];
    expect(await run([from, to, String(now), String(step), when])).toEqual({ end: 'SIGKILL', text: '' });
  }
  const { end, text } = await run([from, to, String(now), '0', '']);
  expect([end, JSON.parse(text)]).toMatchObject([0, { complete: true, customers: { held: 904, differing: 0 }, visitors: { held: 3 }, contacts: { held: 1809 }, idempotencyKeys: { held: 9 }, reservations: { held: 4 }, agendas: { held: 3 }, sweeps: { held: 2 }, limits: { held: 3 }, groupEvents: { held: 2 }, tombstones: { held: 2 }, secrets: { held: 2 } }]);

  await (await openStoreAt(locationOf(to))).close();      // it serves
  const moved = await openStoreForMove(locationOf(to), 'from');
  const source = await openStoreForMove(locationOf(from), 'from');
  try {
    expect(await everythingIn(moved)).toEqual(held);
    expect(await everythingIn(source)).toEqual(held);
    await expectPromisesKept(moved);
  } finally {
    await moved.close();
    await source.close();
  }
});
