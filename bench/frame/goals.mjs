import { number } from './text.mjs';

/** What the project wants to reach, each beside the figure that it is held against. `undefined`: there is no figure. */
const atLeast = (limit, unit = '') => ({ limit, text: `at least ${number(limit)}${unit}`, met: (figure) => figure >= limit });
const atMost = (limit, unit = '') => ({ limit, text: `at most ${number(limit)}${unit}`, met: (figure) => figure <= limit });

export const goals = {
  'service requests': { what: 'whole service against the floor: requests a second', ...atLeast(0.75) },
  'service p99': { what: 'whole service against the floor: p99 at half of its saturation', ...atMost(1.5, ' ×') },
  'express': { what: 'Express without a decision against bare node:http: requests a second', ...atLeast(0.88) },
  'rules with reasons': { what: 'rules with every reason against hand-written closures that stop at the first no', ...atMost(4, ' ×') },
  'rules short': { what: 'rules until the first no against hand-written closures that stop there, too', ...atMost(2.5, ' ×') },
  'peer flagd-core': { what: 'times faster than flagd-core', ...atLeast(6) },
  'peer GrowthBook': { what: 'times faster than GrowthBook', ...atLeast(14) },
  'peer zen-engine': { what: 'times faster than zen-engine', ...atLeast(20) },
  'peer json-rules-engine': { what: 'times faster than json-rules-engine', ...atLeast(180) },
  'growth offers': { what: 'a decision over 10,000 offers against one over 100', ...atMost(60, ' ×') },
  'growth customers': { what: 'a decision with 1,000,000 customers in the store against 1,000', ...atMost(1.3, ' ×') },
  'growth workers': { what: '2 workers against 1, the generator taken out', ...atLeast(1.8, ' ×') },
  'active triggers': { what: 'a decision with 20 active triggers more against one without', ...atMost(1.1, ' ×') },
  'catalog load': { what: 'loading 10,000 offers and 2,000 distinct rules', ...atMost(5, ' s') },
  'catalog swap': { what: 'the longest that a request waits during a swap', ...atMost(20, ' ms') },
  'memory decisions': { what: 'growth of memory over a million decisions, after warm-up', ...atMost(8, ' MB') },
  'memory reloads': { what: 'growth of memory over 1,000 reloads, after warm-up', ...atMost(8, ' MB') },
};

/** A goal's row of the results. */
export function held(name, figure) {
  const goal = goals[name];
  return { goal: name, what: goal.what, wanted: goal.text, figure, met: goal.met(figure) };
}
