import { constantRate } from '../../bench/load/constant-rate.mjs';
import { held } from '../../bench/frame/goals.mjs';
import { inRounds } from '../../bench/frame/rounds.mjs';
import { median, quantile, slope } from '../../bench/frame/statistics.mjs';
import { number, table } from '../../bench/frame/text.mjs';
import { attribute } from '../../bench/profile/attribute.mjs';
import { build } from '../../bench/frame/product.mjs';

describe('statistics', () => {
  const thousand = Array.from({ length: 1000 }, (_, index) => 1000 - index);
  test.each([[0.5, 500], [0.99, 990], [0.999, 999], [1, 1000]])('of 1 to 1000, the share %d is at most %d', (q, expected) => expect(quantile(thousand, q)).toBe(expected));
  test('the median of an even count lies between', () => expect(median([4, 1, 3, 2])).toBe(2.5));
  test('the slope of a line is its slope', () => expect(slope([[0, 5], [1, 7], [2, 9], [10, 25]])).toBeCloseTo(2));
});

test('the order of the variants is reversed each round', async () => {
  const seen: string[] = [];
  const measured = await inRounds([{ name: 'a' }, { name: 'b' }], 3, async ({ name }: { name: string }, round: number) => Promise.resolve(seen.push(`${name}${round}`)));
  expect(seen).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
  expect(measured.get('b')).toEqual([2, 3, 6]);
});

test('at a constant rate, all that were due while the server stood still have waited', async () => {
  let nowMs = 0;
  let asked = 0;
  const connection = { send: (_bytes: string, done: (status: number) => void) => {
    if (asked++ === 0) nowMs += 1000;       // the first answer takes a second, all others no time
    done(200);
  } };
  const found = await constantRate({ connections: [connection], next: () => '', accept: () => undefined }, { perSecond: 10, seconds: 1, warmUpSeconds: 0 }, () => nowMs);
  expect(found).toEqual({ requests: 10, p50: 500, p99: 1000, p999: 1000, longest: 1000 });
});

test('a goal is reached at its limit', () => {
  expect(held('service requests', 0.75)).toMatchObject({ wanted: 'at least 0.75', met: true });
  expect(held('service p99', 1.51)).toMatchObject({ wanted: 'at most 1.5 ×', met: false });
});

/** A node of a .cpuprofile. */
const frame = (id: number, functionName: string, file: string, children: number[] = []): object => ({ id, children, callFrame: { functionName, url: file === '' ? '' : `file://${build}/${file}`, lineNumber: 0 } });

test('a profile counts for the step of the innermost frame that has one, idle time for none', () => {
  const nodes = [frame(1, '(root)', '', [2, 5]), frame(2, 'decide', 'decision/pipeline.js', [3]), frame(3, 'judge', 'decision/rules.js', [4]), frame(4, 'compare', 'expressions/compile.js'), frame(5, '(idle)', '')];
  const { busyUs, steps, files } = attribute({ nodes, samples: [2, 4, 3, 5], timeDeltas: [100, 150, 50, 700] });
  expect(busyUs).toBe(300);
  expect(steps.map(({ name, share }: { name: string; share: number }) => [name, Math.round(share * 300)])).toEqual([['rules', 200], ['pipeline', 100]]);
  expect(files.map(({ name }: { name: string }) => name)).toEqual(['expressions/compile.js', 'decision/pipeline.js', 'decision/rules.js']);
});

test('of a profile, the last time that was not idle counts, however long the server was idle at its end', () => {
  const nodes = [frame(1, '(root)', '', [2, 3, 4]), frame(2, 'open', 'main.js'), frame(3, 'judge', 'decision/rules.js'), frame(4, '(idle)', '')];
  const { busyUs, steps } = attribute({ nodes, samples: [2, 2, 3, 4, 3, 4], timeDeltas: [900, 900, 100, 50, 100, 100_000] }, { lastUs: 200 });
  expect(busyUs).toBe(200);
  expect(steps).toEqual([{ name: 'rules', share: 1 }]);
});

test('a table is Markdown, numbers to the right', () => {
  expect([0, 12345.6, 0.012345, null].map(number)).toEqual(['0', '12,346', '0.0123', '–']);
  expect(table(['', 'µs'], [['a', 1234.5], ['long', { median: 2, least: 1, most: 3 }]])).toBe('|      |      µs |\n|------|--------:|\n| a    |   1,235 |\n| long | 2 (1–3) |');
});
