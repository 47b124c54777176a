import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { check } from '../frame/check.mjs';
import { checkService, makeCompany } from '../load/company-service.mjs';
import { constantRate } from '../load/constant-rate.mjs';
import { getBytes, openConnection } from '../load/connection.mjs';
import { held } from '../frame/goals.mjs';
import { median, summary } from '../frame/statistics.mjs';
import { offersPerFile, offersYaml } from '../catalog/write-catalog.mjs';
import { withVariants } from '../frame/variant-process.mjs';

const sizes = {
  full: { offers: 10_000, rules: 2_000, groups: 1_000 },
  quick: { offers: 2_000, rules: 400, groups: 200 },
  miniature: { offers: 40, rules: 30, groups: 10 },
};
const probesPerSecond = 250;
/** So many that one is free for each probe that is due while the service stands still for a second. */
const probeConnections = 300;

/** How long a large catalog takes to load, and how long requests wait while a running service swaps to another one. */
export async function run({ folder, size, rounds }) {
  const shape = { bands: 10, contacts: 2, trees: 0, customers: 20, ...sizes[size] };
  mkdirSync(folder, { recursive: true });
  const company = await makeCompany(folder, shape);
  const loads = [];
  for (let round = 0; round < rounds; round++) {
    const options = { folder: company.places.catalog, offers: shape.offers, rules: shape.rules };
    loads.push((await withVariants([{ name: 'load', file: 'variants/catalog-load.mjs', options }], ([fresh]) => fresh.ask('load'))).seconds);
  }

  // On any core, as it is run: what collects garbage beside a load would otherwise share the core of the thread that serves.
  const server = await company.start({ core: null });
  try {
    await checkService(server, company);
    const swaps = [];
    for (let round = 0; round < rounds; round++) swaps.push(await measureSwap(server, company.places.catalog, shape, round));
    await checkService(server, { ...company, shape: { ...shape, margin: swaps.length } });
    return report(loads, swaps, shape);
  } finally {
    await server.stop();
  }
}

/** What requests wait that do nothing, until a changed catalog is live; and then for as long with nothing else going on. */
async function measureSwap(server, catalog, shape, round) {
  const { url } = server;
  const { hostname, port } = new URL(url);
  const connections = await Promise.all(Array.from({ length: probeConnections }, () => openConnection(hostname, port)));
  const probe = getBytes(hostname, port, '/livez');
  const load = { connections, next: () => probe, accept: (status) => check(status === 200, `status ${status} from /livez`) };
  const probing = async (options) => {
    const before = server.mainThread();
    const { longest, p99 } = await constantRate(load, { perSecond: probesPerSecond, spin: false, ...options });
    const after = server.mainThread();
    return { longestMs: longest, p99Ms: p99, withoutCoreMs: before === null || after === null ? null : after.withoutCoreMs - before.withoutCoreMs };
  };

  const before = await revisionOf(url);
  let live = false;
  const startedMs = performance.now();
  const swapping = probing({ goOn: () => !live });
  writeFileSync(join(catalog, 'offers', 'offers-000000.yaml'), offersYaml(0, Math.min(offersPerFile, shape.offers), { ...shape, margin: round + 1 }));
  while (await revisionOf(url) === before) await pause(20);
  const seconds = (performance.now() - startedMs) / 1000;
  await pause(200);
  live = true;
  const swap = await swapping;
  const quiet = await probing({ seconds: (performance.now() - startedMs) / 1000 });
  for (const connection of connections) connection.close();
  return { ...swap, quiet, seconds };
}

async function revisionOf(url) {
  const response = await fetch(`${url}/readyz`);
  const { catalog: { revision, problem } } = await response.json();
  check(problem === undefined, `the changed catalog is refused: ${problem}`);
  return revision;
}

function report(loads, swaps, { offers, rules }) {
  const of = (figure, from = swaps) => summary(from.map((measured) => measured[figure]));
  const quiet = swaps.map((swap) => swap.quiet);
  const rows = [['longest', 'longestMs'], ['p99', 'p99Ms'], ['in all, the service\'s main thread was ready and had no core', 'withoutCoreMs']];
  return {
    tables: [
      { caption: `${offers.toLocaleString('en-US')} offers, ${rules.toLocaleString('en-US')} distinct rules, no model`, columns: ['', 'seconds'], rows: [['load, in a fresh process', summary(loads)], ['from the change of a file to the new catalog live', of('seconds')]] },
      {
        caption: `What requests wait (GET /livez, ${probesPerSecond} a second, from the time at which each was due)`,
        columns: ['', 'ms, while a changed catalog is loaded and swapped', 'ms, for as long after it, nothing else going on'],
        rows: rows.map(([words, figure]) => [words, of(figure), of(figure, quiet)]),
      },
    ],
    goals: [held('catalog load', median(loads)), held('catalog swap', median(swaps.map(({ longestMs }) => longestMs)))],
    notes: [
      'A change is taken up when the files have been quiet for 0.2 s; that is part of the time from the change to live.',
      'Without a core the thread waits for other programs of the machine, or for its own process\'s collection of garbage; no pause between pieces of a load can shorten that.',
    ],
    data: { loads, swaps },
  };
}
