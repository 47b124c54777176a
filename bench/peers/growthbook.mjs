import { GrowthBookClient } from '@growthbook/growthbook';
import { bestThree, rules } from './task.mjs';

const conditions = {
  atLeast: (value) => ({ $gte: value }), atMost: (value) => ({ $lte: value }), oneOf: (value) => ({ $in: value }),
  isNot: (value) => ({ $ne: value }), has: (value) => ({ $in: [value] }), lacks: (value) => ({ $nin: [value] }),
};

/** A feature for each offer, forced on where its condition holds. The client for servers, one for all requests, its
 *  payload given at once: what the documentation recommends for speed. */
export async function open({ offers }) {
  const client = new GrowthBookClient().initSync({ payload: {
    features: Object.fromEntries(offers.map((offer) => [offer.id, { defaultValue: false, rules: [{ condition: Object.fromEntries(rules.map(({ fact, holds, parameter }) => [fact, conditions[holds](offer[parameter])])), force: true }] }])),
  } });
  return {
    rank: (customer) => {
      const context = { attributes: customer };
      return bestThree(offers.filter(({ id }) => client.isOn(id, context)));
    },
  };
}
