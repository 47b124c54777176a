import { count } from './number-words.js';
import { plainText } from './plain-text.js';
import { breakable, padding, startTable, type Column, type TableLook } from './table.js';
import type { LimitFigure } from '../service/limit-report.js';

export interface LimitLine extends LimitFigure {
  /** As people name it: "2026-11"; `null` of a total. */
  readonly period: string | null;
  /** Never below 0: a limit may be lowered, and what was accepted after a reservation had ended counts all the same. */
  readonly left: number;
}

/** A line for each limit, for a person. */
export function renderLimits(limits: readonly LimitLine[], look: Omit<TableLook, 'currency'>): string {
  const column = (head: string, align: Column['align'], text: (limit: LimitLine) => string): Column => ({ head, align, texts: limits.map((limit) => plainText(text(limit))) });
  const columns = [
    column('Offer', 'left', ({ offerId }) => offerId),
    column('Outcome', 'left', ({ outcome }) => outcome),
    column('Period', 'left', ({ per, period }) => (period === null ? per : `${per} ${period}`)),
    column('Used', 'right', ({ used }) => count(used)),
    column('Reserved', 'right', ({ reserved }) => count(reserved)),
    column('Max', 'right', ({ max }) => count(max)),
    column('Left', 'right', ({ left }) => count(left)),
  ];
  const table = startTable(columns, 0, look, true);
  const offerWidth = table.options.colWidths[0]! - padding;
  limits.forEach((_, row) => table.push(columns.map(({ texts }, index) => (index === 0 ? breakable(texts[row]!, offerWidth) : texts[row]!))));
  return table.toString();
}
