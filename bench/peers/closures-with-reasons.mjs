import { bestThree, rules } from './task.mjs';

const tests = {
  atLeast: (fact, limit) => (customer) => customer[fact] >= limit,
  atMost: (fact, limit) => (customer) => customer[fact] <= limit,
  oneOf: (fact, list) => (customer) => list.includes(customer[fact]),
  isNot: (fact, value) => (customer) => customer[fact] !== value,
  has: (fact, value) => (customer) => customer[fact].includes(value),
  lacks: (fact, value) => (customer) => !customer[fact].includes(value),
};

/** By hand, too, but every rule of every offer is asked, and why each offer is refused is kept. */
export async function open({ offers }) {
  const asked = offers.map((offer) => rules.map(({ id, fact, holds, parameter, reason }) => ({ test: tests[holds](fact, offer[parameter]), refusal: { rule: id, reason } })));
  const judge = (customer) => {
    const left = [];
    const refused = [];
    for (let index = 0; index < offers.length; index++) {
      const rejectedBy = [];
      for (const { test, refusal } of asked[index]) if (!test(customer)) rejectedBy.push(refusal);
      if (rejectedBy.length === 0) left.push(offers[index]);
      else refused.push({ offerId: offers[index].id, rejectedBy });
    }
    return { best: bestThree(left), refused };
  };
  return { rank: (customer) => judge(customer).best, refusals: (customer) => refusalsOf(judge(customer).refused), work: judge };
}

const refusalsOf = (refused) => refused.map(({ offerId, rejectedBy }) => `${offerId}: ${rejectedBy.map(({ rule }) => rule).join(', ')}`).sort();
