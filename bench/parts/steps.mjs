import { join } from 'node:path';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { attribute } from '../profile/attribute.mjs';
import { check } from '../frame/check.mjs';
import { checkService, makeCompany } from '../load/company-service.mjs';
import { measureSaturation, warmUp } from '../load/measure.mjs';
import { median, summary } from '../frame/statistics.mjs';
import { startGenerator } from '../load/processes.mjs';

const shape = { offers: 100, bands: 5, rules: 19, trees: 200, contacts: 20, customers: 1_000 };
const mostShown = 25;

/** Samples the service under load. The build has no timers in it: Node's own profiler tells which code was running. */
export async function run({ folder, rounds, ...settings }) {
  const company = await makeCompany(folder, { ...shape, customers: settings.scale === 0 ? 20 : shape.customers });
  const generator = startGenerator();
  const profiles = join(folder, 'profiles');
  const measured = [];
  try {
    for (let round = 0; round < rounds; round++) measured.push(await sampleOnce(company, generator, profiles, settings));
  } finally {
    generator.stop();
  }
  const cpuUs = median(measured.map((each) => each.cpuUs ?? 0));
  const figures = (kind) => {
    const names = new Set(measured.flatMap((each) => each[kind].map(({ name }) => name)));
    return [...names]
      .map((name) => summary(measured.map((each) => each[kind].find((entry) => entry.name === name)?.share ?? 0)))
      .map((share, index) => ({ name: [...names][index], share }))
      .sort((a, b) => b.share.median - a.share.median);
  };
  const rows = (kind) => figures(kind).slice(0, mostShown).map(({ name, share }) => [name, percent(share), share.median * cpuUs]);
  return {
    tables: [
      { caption: 'By step', columns: ['step', '% of the time', 'µs a request'], rows: rows('steps') },
      { caption: 'By file, what it calls in Node and in libraries included', columns: ['file', '% of the time', 'µs a request'], rows: rows('files') },
      { caption: 'By function, its own time', columns: ['function', '% of the time', 'µs a request'], rows: rows('functions') },
    ],
    notes: [`${Math.round(cpuUs)} µs of the processor for each request while sampled; sampling itself costs some of it.`],
    data: { cpuUs, steps: figures('steps'), files: figures('files') },
  };
}

const percent = ({ median: share, least, most }) => ({ median: share * 100, least: least * 100, most: most * 100 });

async function sampleOnce(company, generator, profiles, settings) {
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles);
  const server = await company.start({ nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=250'] });
  let cpuUs;
  try {
    await checkService(server, company);
    await warmUp(server, generator, company.load, settings);
    ({ cpuUs } = await measureSaturation(server, generator, company.load, settings));
  } finally {
    await server.stop();
  }
  const [file] = readdirSync(profiles).filter((name) => name.endsWith('.cpuprofile'));
  check(file !== undefined, 'the service left no profile');
  // The start and the warm-up are not what a request costs; at saturation the service is hardly ever idle.
  return { cpuUs, ...attribute(JSON.parse(readFileSync(join(profiles, file), 'utf8')), { lastUs: settings.loadSeconds * 1e6 }) };
}
