import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkEqual } from '../frame/check.mjs';
import { column, ratioTo } from '../frame/rounds.mjs';
import { held } from '../frame/goals.mjs';
import { howToInstallRedis, startRedis } from '../servers/redis.mjs';
import { summary } from '../frame/statistics.mjs';
import { timeVariants } from '../frame/variant-process.mjs';
import { writeSampleCatalog } from '../catalog/twenty-triggers.mjs';

const file = 'variants/events.mjs';

/** What an event costs, beside a bare write; what one of everybody costs, by how many customers there are; and what 20 active triggers add to a decision. */
export async function run({ folder, scale, ...settings }) {
  const plain = writeSampleCatalog(join(folder, 'plain'), false);
  const twenty = writeSampleCatalog(join(folder, 'twenty'), true);
  mkdirSync(join(folder, 'stores'));
  const redis = await startRedis(folder);
  try {
    const at = (name) => ({ store: join(folder, 'stores', name) });
    const stores = [{ name: 'LMDB', at }, ...(redis === null ? [] : [{ name: 'Redis', at: (name) => ({ store: redis.url, prefix: name }) }])];
    const count = scale === 0 ? 20 : 1_000;
    const added = await addedByTriggers(plain, twenty, at, count, settings);
    return {
      tables: [await written(stores, twenty, count, settings), await ofEverybody(stores, twenty, scale, settings), added.table],
      goals: [held('active triggers', added.ratio)],
      notes: ['A bare write: the customer\'s bytes and a key, in one transaction (LMDB: on disk; Redis: MULTI, nothing on disk). 32 are under way.', 'An event of everybody is written once, and its time includes the disk.', ...(redis === null ? [howToInstallRedis] : [])],
    };
  } finally {
    redis?.stop();
  }
}

async function written(stores, catalog, count, settings) {
  const variants = stores.flatMap(({ name, at }) => ['put', 'take'].map((what) => ({ name: `${what} ${name}`, file, options: { what, catalog, count, ...at(`written-${what}`) } })));
  const measured = await timeVariants(variants, settings, async () => undefined);
  const names = { put: 'a bare write', take: 'an event taken in' };
  return {
    caption: 'Events of customers',
    columns: ['', 'a second', 'µs', 'processor µs', 'ratio to a bare write'],
    rows: stores.flatMap(({ name }) => ['put', 'take'].map((what) => {
      const variant = `${what} ${name}`;
      return [`${names[what]}, ${name}`, summary(column(measured, variant, 'wallUs').map((us) => 1e6 / us)), ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, variant, figure))), ratioTo(measured, variant, `put ${name}`, 'wallUs')];
    })),
  };
}

async function ofEverybody(stores, catalog, scale, settings) {
  const counts = scale === 0 ? [10, 20] : [1_000, 100_000];
  const variants = stores.flatMap(({ name, at }) => counts.map((count) => ({ name: `${name} ${count}`, file, options: { what: 'storm', catalog, count, ...at(`storm-${count}`) } })));
  const measured = await timeVariants(variants, settings, async () => undefined);
  return {
    caption: 'An event of everybody',
    columns: ['customers in the store', 'µs', 'processor µs', 'ratio to the fewest'],
    rows: stores.flatMap(({ name }) => counts.map((count) => [`${count}, ${name}`, ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, `${name} ${count}`, figure))), ratioTo(measured, `${name} ${count}`, `${name} ${counts[0]}`, 'wallUs')])),
  };
}

async function addedByTriggers(plain, twenty, at, count, settings) {
  const variants = [
    { name: 'the sample catalog', file, options: { what: 'decide', catalog: plain, count, ...at('decide-plain') } },
    { name: '20 active triggers more', file, options: { what: 'decide', catalog: twenty, count, active: true, ...at('decide-twenty') } },
  ];
  const measured = await timeVariants(variants, settings, async ([without, with20]) => {
    for (let index = 0; index < 20; index++) {
      checkEqual(await with20.ask('ranking', index), await without.ask('ranking', index), 'the ranking with triggers that weigh 1');
      const more = await with20.ask('active', index) - await without.ask('active', index);
      check(more === 20, `${more} triggers are active, not 20`);
    }
  });
  const ratio = ratioTo(measured, variants[1].name, variants[0].name, 'cpuUs');
  return {
    ratio,
    table: {
      caption: 'A decision', columns: ['', 'µs', 'processor µs', 'ratio'],
      rows: variants.map(({ name }) => [name, ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, name, figure))), ratioTo(measured, name, variants[0].name, 'cpuUs')]),
    },
  };
}
