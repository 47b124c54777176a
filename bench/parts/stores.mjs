import { join } from 'node:path';
import { mkdirSync, statSync } from 'node:fs';
import { Redis } from 'ioredis';
import { checkEqual } from '../frame/check.mjs';
import { column, ratioTo } from '../frame/rounds.mjs';
import { howToInstallRedis, startRedis } from '../servers/redis.mjs';
import { loadInto, sampleNow, sampleStoredCustomers } from '../catalog/sample-store.mjs';
import { summary } from '../frame/statistics.mjs';
import { product } from '../frame/product.mjs';
import { timeVariants } from '../frame/variant-process.mjs';
import { withFiftyContacts } from '../catalog/year-of-calls.mjs';

/** Redis beside LMDB: a decision, a customer read against a bare get of the same bytes, and the memory that a customer takes. */
export async function run({ folder, scale, ...settings }) {
  mkdirSync(folder, { recursive: true });
  const redis = await startRedis(folder);
  try {
    const stores = [{ name: 'LMDB', at: (use) => ({ store: join(folder, use) }) }, ...(redis === null ? [] : [{ name: 'Redis', at: (use) => ({ store: redis.url, prefix: use }) }])];
    const flights = scale === 0 ? [4] : [1, 32];
    const tables = [await memory(folder, redis, Math.max(100, 20_000 * scale))];
    for (const flight of flights) tables.push(await timings(stores, flight, { ...settings, count: scale === 0 ? 40 : 1_000 }));
    return { tables, notes: ['The ratio of a read is to the bare get of the same bytes, that of a decision to one on LMDB.', redis === null ? howToInstallRedis : 'Redis runs on loopback, on the same cores, and keeps nothing on disk.'] };
  } finally {
    redis?.stop();
  }
}

async function timings(stores, inFlight, { count, ...settings }) {
  const variants = stores.flatMap(({ name, at }) => ['get', 'read', 'decision'].map((what) => ({
    name: `${what} on ${name}`, file: 'variants/store.mjs', options: { what, ...at(`${what}-${inFlight}`), count, inFlight },
  })));
  const measured = await timeVariants(variants, settings, async (open) => {
    const deciding = open.filter(({ name }) => name.startsWith('decision'));
    for (let index = 0; index < 20; index++) {
      const rankings = await Promise.all(deciding.map((variant) => variant.ask('ranking', index)));
      for (const ranking of rankings) checkEqual(ranking, rankings[0], 'the ranking on another store');
    }
  });
  return {
    caption: `Time of each, ${inFlight} under way`,
    columns: ['', 'µs', 'processor µs', 'ratio'],
    rows: stores.flatMap(({ name }) => ['get', 'read', 'decision'].map((what) => {
      const variant = `${what} on ${name}`;
      return [variant, ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, variant, figure))), ratioTo(measured, variant, what === 'decision' ? 'decision on LMDB' : `get on ${name}`, 'wallUs')];
    })),
  };
}

async function memory(folder, redis, count) {
  const { openStoreAt } = await product('app.js');
  const sample = await sampleStoredCustomers(100);
  const fill = async (store) => {
    await loadInto(store, count, (place) => withFiftyContacts(place, sample[place % sample.length], sampleNow));
    await store.close();
  };
  const lmdb = await openStoreAt({ type: 'lmdb', folder: join(folder, 'memory') });
  const size = () => statSync(join(folder, 'memory', 'data.mdb')).size;
  const empty = size();
  await fill(lmdb);
  const rows = [['LMDB, growth of the file', (size() - empty) / count / 1000]];
  if (redis !== null) {
    const admin = new Redis(redis.url);
    const used = async () => Number(/used_memory:(\d+)/.exec(await admin.info('memory'))[1]);
    const before = await used();
    await fill(await openStoreAt({ type: 'redis', url: `${redis.url}?prefix=memory` }));
    rows.push(['Redis, used_memory', (await used() - before) / count / 1000]);
    admin.disconnect();
  }
  return { caption: `A customer with 50 contacts, of ${count}`, columns: ['', 'kB'], rows };
}
