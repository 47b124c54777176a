import { join } from 'node:path';
import { checkEqual } from '../frame/check.mjs';
import { column, ratioTo } from '../frame/rounds.mjs';
import { summary } from '../frame/statistics.mjs';
import { timeVariants } from '../frame/variant-process.mjs';

/** One decision over the sample catalog, without HTTP: its time beside one read, bare runs of the same models, and one JSON.stringify. */
export async function run({ folder, scale, ...settings }) {
  const variant = (name) => ({ name, file: 'variants/sample-decision.mjs', options: { variant: name, store: join(folder, name), count: scale === 0 ? 40 : 1_000 } });
  const variants = scale === 0 ? ['floor', 'full'] : ['floor', 'none', 'full'];
  let sizes;
  const measured = await timeVariants(variants.map(variant), settings, async (open) => {
    sizes = await open[0].ask('describe');
    for (let index = 0; index < (scale === 0 ? 5 : 100); index++) {
      const rankings = await Promise.all(open.map((one) => one.ask('ranking', index)));
      for (const ranking of rankings) checkEqual(ranking, rankings[0], `the ranking with another explanation (customer ${index})`);
    }
  });
  const names = { floor: 'the floor', none: 'a decision', full: 'with a full explanation' };
  return {
    tables: [{
      columns: ['', 'µs', 'processor µs', 'ratio to the floor'],
      rows: variants.map((name) => [names[name], ...['wallUs', 'cpuUs'].map((figure) => summary(column(measured, name, figure))), ratioTo(measured, name, 'floor', 'cpuUs')]),
    }],
    notes: [`The sample catalog: ${sizes.offers} offers, ${sizes.rules} rules. The floor: one read of the customer, bare runs of two models on ready tensors, JSON.stringify of a ready answer.`],
    data: Object.fromEntries(measured),
  };
}
