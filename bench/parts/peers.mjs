import { checkEqual } from '../frame/check.mjs';
import { column, ratioTo } from '../frame/rounds.mjs';
import { held } from '../frame/goals.mjs';
import { summary } from '../frame/statistics.mjs';
import { peers } from '../peers/peers.mjs';
import { timeVariants } from '../frame/variant-process.mjs';

/** What a team might use instead: each finds the same best three of the same offers, set up as its documentation says it is fastest. */
export async function run({ scale, ...settings }) {
  const task = scale === 0 ? { offers: 20, customers: 10 } : { offers: 200, customers: 100 };
  const installed = peers.filter(({ version }) => version !== null);
  const missing = peers.filter(({ version }) => version === null).map(({ name }) => name);
  const engines = [{ name: 'closures', file: 'closures' }, { name: 'ours', file: 'ours' }, ...installed];
  const measured = await timeVariants(engines.map(({ name, file }) => ({ name, file: 'variants/ranking.mjs', options: { engine: file, ...task } })), settings, async (open) => {
    const [wanted, ...others] = await Promise.all(open.map((variant) => variant.ask('rankings')));
    for (const [index, rankings] of others.entries()) checkEqual(rankings, wanted, `the best three by ${open[index + 1].name}`);
  });
  const ratio = (name, base) => ratioTo(measured, name, base, 'cpuUs');
  const words = { closures: 'closures by hand', ours: 'ours' };
  return {
    tables: [{
      columns: ['', 'µs', 'processor µs', 'to the closures', 'to ours'],
      rows: engines.map(({ name, version }) => [words[name] ?? `${name} ${version}`, ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, name, figure))), ratio(name, 'closures'), ratio(name, 'ours')]),
    }],
    goals: installed.filter(({ goal }) => goal !== null).map(({ name, goal }) => held(goal, ratio(name, 'ours'))),
    notes: [
      `${task.offers} offers × 10 rules, scores ready, the best three wanted, all offers asked; ratios are of the processor's time.`,
      'Ours is the whole pipeline, reasons for the first no included; of the peers only what tells which offers are left, and the same sort.',
      ...(missing.length === 0 ? [] : [`NOT MEASURED, since not installed: ${missing.join(', ')} (npm ci --prefix bench installs them).`]),
    ],
    data: Object.fromEntries(measured),
  };
}
