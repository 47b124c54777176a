import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { benchFolder } from '../frame/product.mjs';
import { checkEqual } from '../frame/check.mjs';
import { column, inRounds, ratioTo } from '../frame/rounds.mjs';
import { customerFacts } from '../catalog/company.mjs';
import { decisionBody } from '../load/company-service.mjs';
import { held } from '../frame/goals.mjs';
import { measureSaturation, warmUp } from '../load/measure.mjs';
import { startGenerator, startServer } from '../load/processes.mjs';
import { summary } from '../frame/statistics.mjs';

const headers = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };
/** About as long as an answer with three offers. */
const answer = JSON.stringify({ offers: Array.from({ length: 3 }, (_, rank) => ({ rank, text: 'An offer with its script and its token. '.repeat(24) })), degraded: [] });

/** What Express, our routes and the check against openapi.yaml add to bare node:http, with nothing behind them. */
export async function run({ folder, rounds, ...settings }) {
  const answerFile = join(folder, 'answer.json');
  writeFileSync(answerFile, answer);
  const start = (name) => startServer({ file: join(benchFolder, 'servers', `${name}.mjs`), argv: [JSON.stringify({ answerFile, headers })] });
  const servers = [];
  const generator = startGenerator();
  try {
    for (const name of ['bare', 'express']) servers.push({ name, server: await start(name) });
    const bodies = Array.from({ length: 100 }, (_, index) => decisionBody(customerFacts(index, { bands: 5, offers: 100, contacts: 0, now: 0 })));
    const loads = { POST: { path: '/v1/decisions', bodies, expect: '"degraded":[]' }, GET: { path: '/livez', expect: '\r\n\r\nok\n' } };
    await checkAlike(servers, bodies[0]);
    const measured = {};
    for (const [name, load] of Object.entries(loads)) {
      for (const { server } of servers) await warmUp(server, generator, load, settings);
      measured[name] = await inRounds(servers, rounds, ({ server }) => measureSaturation(server, generator, load, settings));
    }
    return report(measured);
  } finally {
    generator.stop();
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
}

async function checkAlike(servers, body) {
  const seen = [];
  for (const { server } of servers) {
    const posted = await fetch(`${server.url}/v1/decisions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    const got = await fetch(`${server.url}/livez`);
    seen.push([posted, got].map((response) => [response.status, ...[...response.headers].filter(([name]) => name !== 'date' && name !== 'keep-alive')]));
    checkEqual(await posted.text(), answer, 'the answer');
    checkEqual(await got.text(), 'ok\n', 'the answer to GET');
  }
  checkEqual(seen[1], seen[0], 'status and headers by Express');
}

function report(measured) {
  const words = { POST: 'POST /v1/decisions, read, parsed, checked against openapi.yaml, a ready answer', GET: 'GET /livez' };
  const ratio = (name, figure) => ratioTo(measured[name], 'express', 'bare', figure);
  return {
    tables: Object.keys(measured).map((name) => ({
      caption: words[name],
      columns: ['', 'requests/s', 'processor µs'],
      rows: [
        ...['bare', 'express'].map((server) => [server === 'bare' ? 'node:http' : 'Express', summary(column(measured[name], server, 'perSecond')), summary(column(measured[name], server, 'cpuUs'))]),
        ['ratio', ratio(name, 'perSecond'), ratio(name, 'cpuUs')],
      ],
    })),
    goals: [held('express', ratio('POST', 'perSecond'))],
    data: Object.fromEntries(Object.entries(measured).map(([name, of]) => [name, Object.fromEntries(of)])),
  };
}
