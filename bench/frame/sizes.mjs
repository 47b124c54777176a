/**
 * How much is measured. `full` is what results are published from; `quick` answers "did my change help?" within some
 * minutes; `miniature` runs every line once, in the tests: its times mean nothing.
 */
export const sizes = {
  full: { rounds: 7, warmUpMs: 3_000, workMs: 400, loadSeconds: 4, rateSeconds: 8, scale: 1 },
  quick: { rounds: 7, warmUpMs: 1_500, workMs: 100, loadSeconds: 1.5, rateSeconds: 2, scale: 0.1 },
  miniature: { rounds: 1, warmUpMs: 2, workMs: 2, loadSeconds: 0.1, rateSeconds: 0.1, scale: 0 },
};
