import fc from 'fast-check';
import { checkCalibration, compileCalibration } from '../../src/models/calibration.js';

const isotonic = [[0, 0], [0.1, 0.06], [1, 0.4]] as const;

test.each([
  ['below the first point', { isotonic: [[0.2, 0.1], [0.8, 0.5]] as const }, 0.05, 0.1],
  ['above the last point', { isotonic: [[0.2, 0.1], [0.8, 0.5]] as const }, 0.95, 0.5],
  ['on a point', { isotonic }, 0.1, 0.06],
  ['between the first two', { isotonic }, 0.05, 0.03],
  ['between the last two', { isotonic }, 0.55, 0.23],
  ['on a level stretch', { isotonic: [[0, 0.1], [0.5, 0.1], [1, 0.3]] as const }, 0.25, 0.1],
  ['a logit of 0', { platt: [-1, 0] as const }, 0, 0.5],
  ['a logit of 2', { platt: [-1, 0] as const }, 2, 1 / (1 + Math.exp(-2))],
  ['slope and shift', { platt: [-2, 0.5] as const }, 1, 1 / (1 + Math.exp(-1.5))],
  ['far beyond what exp can', { platt: [-1, 0] as const }, -1000, 0],
])('calibrates %s', (_, calibration, raw, expected) => {
  expect(compileCalibration(calibration)(raw)).toBeCloseTo(expected, 12);
});

test('an isotonic calibration never ranks the other way round, and stays within its points', () => {
  const points = fc.uniqueArray(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 2, maxLength: 20, selector: ([x]) => x });
  fc.assert(fc.property(points, fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }), (drawn, a, b) => {
    const xs = drawn.map(([x]) => x).sort((one, other) => one - other);
    const ys = drawn.map(([, y]) => y).sort((one, other) => one - other);
    const calibrate = compileCalibration({ isotonic: xs.map((x, index) => [x, ys[index]!] as const) });
    const [low, high] = [calibrate(Math.min(a, b)), calibrate(Math.max(a, b))];
    return low <= high + 1e-12 && low >= ys[0]! - 1e-12 && high <= ys.at(-1)! + 1e-12;
  }));
});

test.each([
  ['equal x', [[0, 0], [0, 0.1]], ['/calibration/isotonic/1/0']],
  ['falling x', [[0.5, 0], [0.2, 0.1]], ['/calibration/isotonic/1/0']],
  ['falling y', [[0, 0.2], [1, 0.1]], ['/calibration/isotonic/1/1']],
  ['no probability', [[0, -0.1], [1, 1.5]], ['/calibration/isotonic/0/1', '/calibration/isotonic/1/1']],
  ['a good one', [[0, 0], [0.5, 0], [1, 1]], []],
] as const)('reports %s', (_, points, paths) => {
  expect(checkCalibration({ isotonic: points }).map(({ path }) => path)).toEqual(paths);
});
