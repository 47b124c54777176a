import { usualInterval } from '../../src/decision/rhythm.js';
import type { EventTrail } from '../../src/decision/types.js';

const dayMs = 86_400_000;
const trail = (days: readonly number[], count = 1): EventTrail => ({ type: 'visit', fromPartner: false, total: days.length * count, recent: [], days: days.slice(-32).map((day) => ({ day, count })) });
const every = (gaps: readonly number[]): number[] => gaps.reduce((days, gap) => [...days, days.at(-1)! + gap], [0]);
const usualDays = (gaps: readonly number[], count = 1): number | undefined => {
  const ms = usualInterval(trail(every(gaps), count));
  return ms === undefined ? undefined : ms / dayMs;
};
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

test.each<[string, number[], number | undefined]>([
  ['no gap', [], undefined],
  ['too few gaps', [7, 7, 7], undefined],
  ['four are enough', [7, 7, 7, 7], 7],
  ['regular', times(20, 12), 12],
  ['a long holiday', [...times(10, 7), 40, ...times(10, 7)], 7],
  ['days in a row, then a pause', [1, 1, 1, 14, 1, 1, 14, 1, 1, 1, 14], 14],
  ['a pace that has changed', [...times(15, 7), ...times(8, 28)], 28],
  ['two paces in turn', [3, 4, 3, 4, 3, 4, 3, 4], 4],
])('the usual interval: %s', (_name, gaps, expected) => expect(usualDays(gaps)).toBe(expected));

test('how many events a day had does not matter', () => expect(usualDays(times(10, 9), 50)).toBe(9));

/** By chance, but the same each time. */
function random(seed: number): () => number {
  let state = seed * 2_654_435_761 % 2_147_483_647 + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Of 200 customers over three years: how often absence, with a factor, is said of one who comes back, a year and customer; and
 *  after how many days it is said of those who do not, at the most. */
function judge(factor: number, gap: (next: () => number) => number): { alarmsPerYear: number; mostDays: number } {
  let [alarms, judged, mostDays] = [0, 0, 0];
  for (let customer = 1; customer <= 200; customer++) {
    const next = random(customer);
    const days = [0];
    const threshold = (): number => factor * usualInterval(trail(days))! / dayMs;
    while (days.at(-1)! < 3 * 365) {
      const length = gap(next);
      if (days.length > 4) {
        judged += length;
        if (length > threshold()) alarms++;
      }
      days.push(days.at(-1)! + length);
    }
    mostDays = Math.max(mostDays, threshold());
  }
  return { alarmsPerYear: alarms / (judged / 365), mostDays };
}

describe('absence by the customer\'s own rhythm', () => {
  test('every 7 ± 2 days: no false alarm with twice the rhythm, and found within 18 days, where a fixed rule needs 30', () => {
    const { alarmsPerYear, mostDays } = judge(2, (next) => 5 + Math.floor(next() * 5));
    expect(alarmsPerYear).toBe(0);
    expect(mostDays).toBeLessThanOrEqual(18);
  });

  test('every 28 to 32 days: no false alarm, where 30 days is wrong nearly every other time', () => {
    expect(judge(2, (next) => 28 + Math.floor(next() * 5))).toMatchObject({ alarmsPerYear: 0 });
  });

  test('in bursts: no false alarm either, and found', () => {
    let left = 0;
    const { alarmsPerYear, mostDays } = judge(2, (next) => {
      if (left-- > 0) return 1;
      left = Math.floor(next() * 4);
      return 12 + Math.floor(next() * 9);
    });
    expect(alarmsPerYear).toBeLessThan(0.1);
    expect(mostDays).toBeLessThanOrEqual(40);
  });

  test('wholly at random: fewer false alarms with three times the rhythm than with twice', () => {
    const gap = (next: () => number): number => Math.max(1, Math.ceil(-Math.log(1 - next()) * 10));
    expect(judge(3, gap).alarmsPerYear).toBeLessThan(judge(2, gap).alarmsPerYear / 2);
    expect(judge(3, gap).alarmsPerYear).toBeLessThan(1);
  });
});
