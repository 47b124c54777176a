import { seededRandom } from '../catalog/random.mjs';

/**
 * The task that every engine gets: 200 offers, each with the same ten rules over its own parameters; customers; a
 * score for each offer, ready. Wanted: the three best offers that all ten rules let pass. Each rule lets about 85 of
 * 100 pass, so about a fifth of the offers is left.
 */
const between = (random, from, to) => from + Math.floor(random() * (to - from + 1));
const names = (prefix, count) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const regions = names('region', 8);
const products = names('product', 20);
const segments = names('segment', 7);
const purposes = names('purpose', 7);
const without = (list, index) => list.filter((_, place) => place !== index);

/** `fact` of the customer, `parameter` of the offer, and what must hold between them. */
export const rules = [
  { id: 'of-age', fact: 'age', holds: 'atLeast', parameter: 'minimumAge', reason: 'Too young' },
  { id: 'income-suffices', fact: 'income', holds: 'atLeast', parameter: 'minimumIncome', reason: 'The income does not suffice' },
  { id: 'in-the-region', fact: 'region', holds: 'oneOf', parameter: 'regions', reason: 'Not in this region' },
  { id: 'not-owned', fact: 'holdings', holds: 'lacks', parameter: 'product', reason: 'The customer has it already' },
  { id: 'for-the-segment', fact: 'segment', holds: 'isNot', parameter: 'excludedSegment', reason: 'Not for this segment' },
  { id: 'agreed-to', fact: 'agreements', holds: 'has', parameter: 'purpose', reason: 'Not agreed to' },
  { id: 'content-enough', fact: 'complaints', holds: 'atMost', parameter: 'mostComplaints', reason: 'Too many complaints' },
  { id: 'long-enough', fact: 'tenureMonths', holds: 'atLeast', parameter: 'minimumTenure', reason: 'Too short a customer' },
  { id: 'not-too-rich', fact: 'balance', holds: 'atMost', parameter: 'mostBalance', reason: 'The balance is too high' },
  { id: 'active-enough', fact: 'logins', holds: 'atLeast', parameter: 'leastLogins', reason: 'Too few logins' },
];

export function makeTask({ offers, customers }) {
  const random = seededRandom(11);
  return {
    offers: Array.from({ length: offers }, (_, index) => ({
      id: `offer-${String(index).padStart(3, '0')}`,
      score: (index * 37 % 211 + 1) / 1000,
      minimumAge: between(random, 18, 40), minimumIncome: between(random, 0, 270_000), regions: without(regions, between(random, 0, 7)), product: products[index % 20],
      excludedSegment: segments[between(random, 0, 6)], purpose: purposes[index % 7], mostComplaints: between(random, 6, 9), minimumTenure: between(random, 0, 120), mostBalance: between(random, 350_000, 500_000), leastLogins: between(random, 0, 18),
    })),
    customers: Array.from({ length: customers }, (_, index) => ({
      id: `C-${index}`,
      age: between(random, 18, 90), income: between(random, 0, 900_000), region: regions[between(random, 0, 7)], holdings: Array.from({ length: 3 }, (_, place) => products[(between(random, 0, 6) + place * 7) % 20]),
      segment: segments[between(random, 0, 6)], agreements: without(purposes, between(random, 0, 6)), complaints: between(random, 0, 8), tenureMonths: between(random, 0, 400), balance: between(random, 0, 500_000), logins: between(random, 0, 60),
    })),
  };
}

/** The ids of the three best. */
export function bestThree(offers) {
  return offers.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, 3).map(({ id }) => id);
}
