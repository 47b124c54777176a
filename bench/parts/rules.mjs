import { checkEqual } from '../frame/check.mjs';
import { column, ratioTo } from '../frame/rounds.mjs';
import { held } from '../frame/goals.mjs';
import { summary } from '../frame/statistics.mjs';
import { timeVariants } from '../frame/variant-process.mjs';

const engines = { closures: 'closures, until the first no', 'closures-with-reasons': 'closures, every rule with its reason', ours: 'ours, until the first no', 'ours-with-reasons': 'ours, every rule with its reason' };

/** Our rules against what a programmer would write by hand for the same offers. */
export async function run({ scale, ...settings }) {
  const task = scale === 0 ? { offers: 20, customers: 10 } : { offers: 200, customers: 100 };
  const variants = Object.keys(engines).map((engine) => ({ name: engine, file: 'variants/ranking.mjs', options: { engine, ...task } }));
  const measured = await timeVariants(variants, settings, async (open) => {
    const [wanted, ...others] = await Promise.all(open.map((variant) => variant.ask('rankings')));
    for (const [index, rankings] of others.entries()) checkEqual(rankings, wanted, `the best three by ${open[index + 1].name}`);
    checkEqual(await open[3].ask('refusals'), await open[1].ask('refusals'), 'which rules refuse which offers');
  });
  const ratio = (engine) => ratioTo(measured, engine, 'closures', 'cpuUs');
  return {
    tables: [{
      columns: ['', 'µs', 'processor µs', 'ratio to the closures'],
      rows: Object.entries(engines).map(([engine, words]) => [words, ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, engine, figure))), ratio(engine)]),
    }],
    goals: [held('rules short', ratio('ours')), held('rules with reasons', ratio('ours-with-reasons'))],
    notes: [
      `${task.offers} offers × 10 rules, scores ready, the best three wanted; no store, no model, no HTTP. Ratios are of the processor's time, to the closures that stop at the first no.`,
      'Ours is the whole pipeline. With reasons it also describes every offer that is not in the answer, which the closures with reasons do in part only.',
    ],
    data: Object.fromEntries(measured),
  };
}
