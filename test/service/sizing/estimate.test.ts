import fc from 'fast-check';
import { estimateCount, estimateSum } from '../../../src/service/sizing/estimate.js';

const endless = 1e12;

describe('how many customers', () => {
  // Wilson's interval without continuity correction, as tables give it (Newcombe, Statistics in Medicine 17, 1998, table I).
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (found, sampled, low, high) => {
    const interval = estimateCount(found, { customers: endless, sampled });
    expect(interval.low / endless).toBeCloseTo(low, 4);
    expect(interval.high / endless).toBeCloseTo(high, 4);
    expect(interval.estimate).toBe(Math.round(found / sampled * endless));
  });

  test('of the whole store there is no doubt', () => {
    expect(estimateCount(7, { customers: 100, sampled: 100 })).toEqual({ estimate: 7, low: 7, high: 7 });
    expect(estimateCount(0, { customers: 0, sampled: 0 })).toEqual({ estimate: 0, low: 0, high: 0 });
  });

  test('the bounds never contradict what was seen', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), fc.nat(), (customers, ofSampled, ofFound) => {
      const sampled = 1 + ofSampled % customers;
      const found = ofFound % (sampled + 1);
      const { estimate, low, high } = estimateCount(found, { customers, sampled });
      expect(low).toBeGreaterThanOrEqual(found);
      expect(high).toBeLessThanOrEqual(customers - (sampled - found));
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
    }));
  });

  /** The chance that a sample of `sampled` of `customers`, of whom `having` have it, gives an interval with the truth in it: exactly. */
  function coverage(customers: number, having: number, sampled: number): number {
    const logFactorials = [0];
    for (let n = 1; n <= customers; n++) logFactorials.push(logFactorials[n - 1]! + Math.log(n));
    const logChoose = (n: number, k: number): number => logFactorials[n]! - logFactorials[k]! - logFactorials[n - k]!;
    let chance = 0;
    for (let found = Math.max(0, sampled - (customers - having)); found <= Math.min(having, sampled); found++) {
      const { low, high } = estimateCount(found, { customers, sampled });
      if (low <= having && having <= high) chance += Math.exp(logChoose(having, found) + logChoose(customers - having, sampled - found) - logChoose(customers, sampled));
    }
    return chance;
  }
  test.each([50, 200, 800])('about 95 in 100 samples of %d of 1,000 have the truth within their bounds', (sampled) => {
    const shares = [5, 20, 100, 300, 500, 900];
    const chances = shares.map((having) => coverage(1000, having, sampled));
    expect(Math.min(...chances)).toBeGreaterThan(0.9);
    expect(chances.reduce((sum, chance) => sum + chance, 0) / shares.length).toBeGreaterThan(0.94);
  });
});

describe('what it is worth', () => {
  test('the mean times the customers; the bounds by hand', () => {
    // 2, 4, 6 of 12 customers: mean 4, variance 4; half = 1.96 × 12 × √(4 / 3 × (1 − 3 / 12)) = 23.5.
    const { estimate, low, high } = estimateSum({ sum: 12, sumOfSquares: 56 }, { customers: 12, sampled: 3 });
    expect(estimate).toBe(48);
    expect(low).toBeCloseTo(48 - 23.52, 2);
    expect(high).toBeCloseTo(48 + 23.52, 2);
  });
  test('never less than what was seen', () => expect(estimateSum({ sum: 10, sumOfSquares: 100 }, { customers: 100, sampled: 10 }).low).toBe(10));
  test('of nothing seen, how much there is at most is not known', () => expect(estimateSum({ sum: 0, sumOfSquares: 0 }, { customers: 100, sampled: 10 })).toEqual({ estimate: 0, low: 0, high: null }));
  test('of the whole store there is no doubt', () => expect(estimateSum({ sum: 12, sumOfSquares: 56 }, { customers: 3, sampled: 3 })).toEqual({ estimate: 12, low: 12, high: 12 }));
});
