import type { CalibrationManifest } from './model-manifest.js';
import type { ManifestProblem } from './model-loader.js';

/** The name of the output that a calibration applies to. */
export const calibratedOutput = 'propensity';

/** From what the model answers to a probability. */
export type Calibrate = (raw: number) => number;

/**
 * `isotonic`: piecewise linear through the points, level beyond both ends (as scikit-learn's IsotonicRegression with
 * `out_of_bounds="clip"` predicts). `platt` [a, b]: 1 / (1 + exp(a·f + b)), Platt 1999, equation 1, where f is the
 * model's output as it comes: the logit or margin where it answers one, else the score. A rising f needs a < 0.
 */
export function compileCalibration(calibration: CalibrationManifest): Calibrate {
  if ('platt' in calibration) {
    const [a, b] = calibration.platt;
    return (raw) => 1 / (1 + Math.exp(a * raw + b));
  }
  const xs = Float64Array.from(calibration.isotonic, (point) => point[0]);
  const ys = Float64Array.from(calibration.isotonic, (point) => point[1]);
  return (raw) => interpolate(xs, ys, raw);
}

function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1;
  if (x <= xs[0]!) return ys[0]!;
  if (x >= xs[last]!) return ys[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const share = (x - xs[low]!) / (xs[high]! - xs[low]!);
  return ys[low]! + share * (ys[high]! - ys[low]!);
}

/** What would make a calibration no function, or no probability. */
export function checkCalibration(calibration: CalibrationManifest): ManifestProblem[] {
  if ('platt' in calibration) return [];
  const problems: ManifestProblem[] = [];
  calibration.isotonic.forEach(([x, y], index) => {
    const path = `/calibration/isotonic/${index}`;
    if (y < 0 || y > 1) problems.push({ path: `${path}/1`, message: `${y} is no probability: it must lie within 0 and 1` });
    const before = calibration.isotonic[index - 1];
    if (before === undefined) return;
    if (x <= before[0]) problems.push({ path: `${path}/0`, message: `${x} must be greater than the point before it, ${before[0]}` });
    if (y < before[1]) problems.push({ path: `${path}/1`, message: `${y} must not be less than at the point before it, ${before[1]}` });
  });
  return problems;
}
