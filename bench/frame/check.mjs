/** Stops a measurement whose answers are wrong: what is wrong has no speed. */
export function check(condition, message) {
  if (!condition) throw new Error(`The answers are wrong, so nothing is timed: ${message}`);
}

export function checkEqual(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === b, `${what}: ${a}, and it should be ${b}`);
}

export const nearly = (a, b, tolerance = 1e-5) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
