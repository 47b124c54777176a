import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { checkEqual } from '../frame/check.mjs';
import { checkService, makeCompany } from '../load/company-service.mjs';
import { column, inRounds, ratioTo } from '../frame/rounds.mjs';
import { eligibleOffers } from '../catalog/reference.mjs';
import { features } from '../catalog/features.mjs';
import { held } from '../frame/goals.mjs';
import { measureLatency, measureSaturation, warmUp } from '../load/measure.mjs';
import { median, summary } from '../frame/statistics.mjs';
import { benchFolder } from '../frame/product.mjs';
import { canPin, startGenerator, startServer } from '../load/processes.mjs';

const shape = { offers: 100, bands: 5, rules: 19, trees: 200, contacts: 20, customers: 1_000, asked: 500 };

/** The whole service as delivered against the floor, with the same requests and answers of the same bytes. */
export async function run({ folder, rounds, ...settings }) {
  const company = await makeCompany(folder, { ...shape, customers: settings.scale === 0 ? 20 : shape.customers });
  const servers = [{ name: 'service', server: await company.start() }];
  const generator = startGenerator();
  try {
    const answer = await checkService(servers[0].server, company);
    servers.push({ name: 'floor', server: await startFloor(folder, company, answer) });
    await checkFloor(servers[1].server, company, answer);

    for (const { server } of servers) await warmUp(server, generator, company.load, settings);
    const saturation = await inRounds(servers, rounds, ({ server }) => measureSaturation(server, generator, company.load, settings));
    const perSecond = median(column(saturation, 'service', 'perSecond')) / 2;
    const latency = await inRounds(servers, rounds, ({ server }) => measureLatency(server, generator, company.load, { perSecond, ...settings }));
    return report({ saturation, latency, perSecond, answer });
  } finally {
    generator.stop();
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
}

async function startFloor(folder, { model, customers, places, shape }, { text, headers }) {
  const [answerFile, rowsFile] = [join(folder, 'answer.json'), join(folder, 'rows.json')];
  writeFileSync(answerFile, text);
  const rows = customers.map((customer) => ({ customerId: customer.id, rows: eligibleOffers(customer, shape).map((offer) => features(customer, offer)) }));
  writeFileSync(rowsFile, JSON.stringify(rows));
  checkEqual(rows[0].rows[0].length, model.width, 'columns of the floor');
  const options = { storeFolder: places.store, modelFile: join(places.catalog, 'models/accept/model.onnx'), rowsFile, answerFile, headers };
  return startServer({ file: join(benchFolder, 'servers/floor.mjs'), argv: [JSON.stringify(options)] });
}

async function checkFloor({ url }, { load }, { text, headers }) {
  const response = await fetch(url + load.path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: load.bodies[0] });
  checkEqual(await response.text(), text, 'the answer of the floor');
  for (const [name, value] of Object.entries(headers)) checkEqual(response.headers.get(name), value, `the header ${name} of the floor`);
}

function report({ saturation, latency, perSecond, answer }) {
  const row = (name) => [
    name, ...['perSecond', 'cpuUs'].map((figure) => summary(column(saturation, name, figure))), ...['p50', 'p99', 'p999'].map((figure) => summary(column(latency, name, figure))),
  ];
  const ratio = (measured, figure) => ratioTo(measured, 'service', 'floor', figure);
  const requests = ratio(saturation, 'perSecond');
  const p99 = ratio(latency, 'p99');
  return {
    tables: [{ columns: ['', 'requests/s', 'processor µs', 'p50 ms', 'p99 ms', 'p99.9 ms'], rows: [row('floor'), row('service'), ['ratio', requests, ratio(saturation, 'cpuUs'), ratio(latency, 'p50'), p99, ratio(latency, 'p999')]] }],
    goals: [held('service requests', requests), held('service p99', p99)],
    notes: [
      `100 offers × 10 rules, ${answer.eligible} eligible, a model of 200 trees, LMDB; the answer has ${answer.text.length} bytes; tokens and decision log on.`,
      `Requests/s at saturation, 16 connections; latencies at ${Math.round(perSecond)} requests/s, half of the service's own saturation, each from the time at which it was due.`,
      'Processor µs: of all threads of the server, for each request at saturation; where others use the machine, too, this is the steadier figure.',
      ...(canPin ? [] : ['Without taskset the generator shares the cores with the servers, and all figures are worse than they would be.']),
    ],
    data: { saturation: Object.fromEntries(saturation), latency: Object.fromEntries(latency) },
  };
}
