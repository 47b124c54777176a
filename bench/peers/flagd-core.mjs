import { FlagdCore } from '@openfeature/flagd-core';
import { bestThree, rules } from './task.mjs';

const value = (fact) => ({ var: fact });
const conditions = {
  atLeast: (fact, limit) => ({ '>=': [value(fact), limit] }), atMost: (fact, limit) => ({ '<=': [value(fact), limit] }), oneOf: (fact, list) => ({ in: [value(fact), list] }),
  isNot: (fact, other) => ({ '!=': [value(fact), other] }), has: (fact, item) => ({ in: [item, value(fact)] }), lacks: (fact, item) => ({ '!': { in: [item, value(fact)] } }),
};

/** A flag for each offer, targeted by its rules, compiled to code (the default), all
 *  resolved in one call, which is a little faster than flag by flag. */
export async function open({ offers }) {
  const core = new FlagdCore();
  core.setConfigurations(JSON.stringify({ flags: Object.fromEntries(offers.map((offer) => [offer.id, {
    state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off',
    targeting: { if: [{ and: rules.map(({ fact, holds, parameter }) => conditions[holds](fact, offer[parameter])) }, 'on', 'off'] },
  }])) }));
  const byId = new Map(offers.map((offer) => [offer.id, offer]));
  return { rank: (customer) => bestThree(core.resolveAll(customer).filter(({ value: on }) => on).map(({ flagKey }) => byId.get(flagKey))) };
}
