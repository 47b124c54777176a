import type { Limit } from './types.js';

/** "5 × accepted per day"; of a total "5 × accepted". */
export function limitInWords({ max, outcome, per }: Limit): string {
  return `${max} × ${outcome}${per === 'total' ? '' : ` per ${per}`}`;
}
