import { join } from 'node:path';
import { mkdirSync, rmSync } from 'node:fs';
import { checkService, makeCompany } from '../load/company-service.mjs';
import { column, inRounds, ratioTo } from '../frame/rounds.mjs';
import { held } from '../frame/goals.mjs';
import { measureSaturation, warmUp } from '../load/measure.mjs';
import { startGenerator } from '../load/processes.mjs';
import { summary } from '../frame/statistics.mjs';
import { timeVariants } from '../frame/variant-process.mjs';

const shape = { offers: 100, bands: 10, rules: 19, trees: 200, contacts: 20, customers: 1_000 };
const steps = (counts, of) => counts.map((count) => ({ count, shape: { ...shape, ...of(count) } }));

/** What grows, and by which steps. `smaller`: for a quick size; the miniature only shows that it runs. */
const dimensions = {
  offers: { words: 'offers, 10 rules each, a tenth eligible', counts: [10, 100, 1_000, 10_000], quick: [10, 100, 1_000], tiny: [10, 20], of: (offers) => ({ offers }), base: 100 },
  rules: { words: 'rules in the catalog, 100 offers', counts: [10, 100, 1_000, 10_000], quick: [10, 100, 1_000], tiny: [30], of: (rules) => ({ rules, gates: rules === 10 ? 1 : 10 }), base: 10 },
  customers: { words: 'customers in the store', counts: [1_000, 10_000, 100_000, 1_000_000], quick: [1_000, 100_000], tiny: [40], of: (customers) => ({ customers, contacts: 5 }), base: 1_000 },
  contacts: { words: 'contacts of each customer', counts: [0, 5, 50, 500], quick: [0, 50, 500], tiny: [5], of: (contacts) => ({ contacts }), base: 0 },
};

/** How a decision grows with what there is. All but the workers in process, without HTTP. */
export async function run({ folder, size, ...settings }) {
  const found = {};
  for (const [name, dimension] of Object.entries(dimensions)) found[name] = await measureDimension(join(folder, name), dimension, { size, ...settings });
  const workers = await measureWorkers(join(folder, 'workers'), { ...settings });
  return {
    tables: [...Object.values(found).map(({ table }) => table), workers.table],
    goals: [
      held('growth offers', found.offers.ratioOfLast),
      held('growth customers', found.customers.ratioOfLast),
      ...(workers.ratio === null ? [] : [held('growth workers', workers.ratio)]),
    ],
    notes: [
      'A decision with one read and, but for the miniature, a model of 200 trees that scores the eligible offers; ratios are of the processor\'s time.',
    ],
    data: { ...Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, data])), workers: workers.data },
  };
}

async function measureDimension(folder, { words, counts, quick, tiny, of, base }, { size, scale, ...settings }) {
  const now = Date.now();
  const taken = { full: counts, quick, miniature: tiny }[size];
  const nameOf = (count) => String(count);
  const common = size === 'miniature' ? { trees: 0, customers: 20, offers: 20, contacts: 2 } : {};
  const variants = steps(taken, (count) => ({ ...common, ...of(count) })).map(({ count, shape: each }) => ({
    name: nameOf(count), file: 'variants/company-decision.mjs', options: { folder: join(folder, nameOf(count)), shape: each, now },
  }));
  const measured = await timeVariants(variants, settings, async (open) => {
    for (const variant of open) await variant.ask('check', scale === 0 ? 3 : 20);
  });
  rmSync(folder, { recursive: true, force: true });
  const from = nameOf(taken.includes(base) ? base : taken[0]);
  const ratio = (count) => ratioTo(measured, nameOf(count), from, 'cpuUs');
  return {
    ratioOfLast: ratio(taken.at(-1)),
    table: { columns: [words, 'µs', 'processor µs', `ratio to ${from}`], rows: taken.map((count) => [count.toLocaleString('en-US'), ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, nameOf(count), figure))), ratio(count)]) },
    data: Object.fromEntries(measured),
  };
}

/**
 * Workers share the cores with the generator, so what they could do without it is worked out: as much as the busiest
 * of them did for each second of the processor that it got.
 */
async function measureWorkers(folder, { rounds, ...settings }) {
  mkdirSync(folder, { recursive: true });
  const company = await makeCompany(folder, { ...shape, bands: 5, ...(settings.scale === 0 && { customers: 20, trees: 0 }) });
  const load = { ...company.load, connections: 32, spin: false };
  const generator = startGenerator(null);
  const servers = [];
  try {
    for (const workers of [1, 2]) servers.push({ name: String(workers), server: await company.start({ workers, core: null }) });
    for (const { server } of servers) {
      await checkService(server, company);
      await warmUp(server, generator, load, settings);
    }
    const measured = await inRounds(servers, rounds, async ({ server }) => {
      const { requests, perSecond, cpuSeconds, generatorCpuSeconds } = await measureSaturation(server, generator, load, settings);
      return { perSecond, capacity: cpuSeconds.includes(null) ? null : requests / Math.max(0.01, ...cpuSeconds), generatorCpuSeconds };
    });
    const ratio = ratioTo(measured, '2', '1', 'capacity');
    return {
      ratio,
      table: { columns: ['workers, over HTTP', 'requests/s beside the generator', 'requests/s without it', 'ratio to 1'], rows: servers.map(({ name }) => [name, ...['perSecond', 'capacity'].map((figure) => summary(column(measured, name, figure))), ratioTo(measured, name, '1', 'capacity')]) },
      data: Object.fromEntries(measured),
    };
  } finally {
    generator.stop();
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
}
