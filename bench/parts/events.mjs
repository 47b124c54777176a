import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkEqual } from '../frame/check.mjs';
import { column, inRounds, ratioTo } from '../frame/rounds.mjs';
import { held } from '../frame/goals.mjs';
import { howToInstallRedis, startRedis } from '../servers/redis.mjs';
import { summary } from '../frame/statistics.mjs';
import { timeVariants, withVariants } from '../frame/variant-process.mjs';
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

const turnsInProcess = 8;

/** Both in one process, in short turns, and a fresh process each round: figures and ratios are over all turns. */
async function addedByTriggers(plain, twenty, at, count, { rounds, workMs, warmUpMs }) {
  const names = ['the sample catalog', '20 active triggers more'];
  const [without, with20] = names;
  const turns = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const sides = [[without, { catalog: plain, ...at(`plain-${round}`) }], [with20, { catalog: twenty, active: true, ...at(`twenty-${round}`) }]];
    if (round % 2 === 1) sides.reverse();      // the one that is opened first is slower by some percent
    await withVariants([{ name: 'a decision', file, options: { what: 'decide', count, sides } }], async ([variant]) => {
      if (round === 0) await checkTriggers(variant, names);
      const time = async (name, ms) => {
        await variant.ask('turnTo', name);
        return variant.time(ms);
      };
      await inRounds(names.map((name) => ({ name })), turnsInProcess, ({ name }) => time(name, warmUpMs / turnsInProcess));
      const timed = await inRounds(names.map((name) => ({ name })), turnsInProcess, ({ name }) => time(name, workMs / 4));
      for (const name of names) turns.get(name).push(...timed.get(name));
    });
  }
  return {
    ratio: ratioTo(turns, with20, without, 'cpuUs'),
    table: {
      caption: 'A decision', columns: ['', 'µs', 'processor µs', 'ratio'],
      rows: names.map((name) => [name, ...['wallUs', 'cpuUs'].map((figure) => summary(column(turns, name, figure))), ratioTo(turns, name, without, 'cpuUs')]),
    },
  };
}

async function checkTriggers(variant, names) {
  for (let index = 0; index < 20; index++) {
    const found = [];
    for (const name of names) {
      await variant.ask('turnTo', name);
      found.push({ ranking: await variant.ask('ranking', index), active: await variant.ask('active', index) });
    }
    const [without, with20] = found;
    checkEqual(with20.ranking, without.ranking, 'the ranking with triggers that weigh 1');
    const more = with20.active - without.active;
    check(more === 20, `${more} triggers are active, not 20`);
  }
}
