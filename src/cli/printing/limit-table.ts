import { alignedLines } from './aligned-lines.js';
import { count } from './number-words.js';
import { plainText } from './plain-text.js';
import type { LimitFigure } from '../../service/limit-report.js';

export interface LimitLine extends LimitFigure {
  /** As people name it: "2026-11"; `null` of a total. */
  readonly period: string | null;
  /** Never below 0: a limit may be lowered, and what was accepted after a reservation had ended counts all the same. */
  readonly left: number;
}

/** A line for each limit, for a person. */
export function renderLimits(limits: readonly LimitLine[]): string {
  const rows = limits.map(({ offerId, outcome, per, period, used, reserved, max, left }) =>
    [plainText(offerId), outcome, period === null ? per : `${per} ${period}`, count(used), count(reserved), count(max), count(left)]);
  return alignedLines([['offer', 'outcome', 'period', 'used', 'reserved', 'max', 'left'], ...rows], 3).map((line) => `  ${line}\n`).join('');
}
