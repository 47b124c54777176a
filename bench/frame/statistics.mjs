const ascending = (numbers) => [...numbers].sort((a, b) => a - b);

/** The share `q` of the numbers is at most this; `q` 0.5 is the median, 1 the largest. */
export function quantile(numbers, q) {
  const sorted = ascending(numbers);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

export const median = (numbers) => {
  const sorted = ascending(numbers);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The median over the rounds, with the smallest and the largest: a figure without its spread says little. `null` where one could not be had. */
export const summary = (numbers) => (numbers.includes(null) ? null : { median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) });

/** By how much y grows for each 1 of x, by least squares. */
export function slope(points) {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const [over, under] = points.reduce(([a, b], [x, y]) => [a + (x - meanX) * (y - meanY), b + (x - meanX) ** 2], [0, 0]);
  return under === 0 ? 0 : over / under;
}
