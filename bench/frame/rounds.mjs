import { median } from './statistics.mjs';

/**
 * Measures variants by turns, the order reversed each round, so that what changes on the machine meanwhile (heat,
 * other work) meets all of them alike. `measure` gets a variant and gives an object of numbers; the answer has, for
 * each variant, every number of every round.
 */
export async function inRounds(variants, rounds, measure) {
  const measured = new Map(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? variants : [...variants].reverse();
    for (const variant of order) measured.get(variant.name).push(await measure(variant, round));
  }
  return measured;
}

/** One number of every round. */
export const column = (measured, name, figure) => measured.get(name).map((round) => round[figure]);

/** How many times as much as `base`: the median of the rounds' ratios, not the ratio of medians, since what else the
 *  machine does meets both of a round. `null` where a figure could not be had. */
export function ratioTo(measured, name, base, figure) {
  const [numbers, bases] = [column(measured, name, figure), column(measured, base, figure)];
  return [...numbers, ...bases].includes(null) ? null : median(numbers.map((number, round) => number / bases[round]));
}
