/** Three significant digits, thousands apart: 0.0312, 4.5, 12,300. */
export function number(value) {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** "12.3 (11.9–13.0)": the median over the rounds, and the spread. */
export const spread = ({ median, least, most }) => `${number(median)} (${number(least)}–${number(most)})`;

/** A table in Markdown, so that what a terminal shows can go into a text as it is. The first column is words, the rest numbers. */
export function table(columns, rows) {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' || cell === null ? number(cell) : typeof cell === 'object' ? spread(cell) : String(cell))));
  const widths = columns.map((column, index) => Math.max(3, column.length, ...cells.map((row) => row[index].length)));
  const line = (row) => `| ${row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (index === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(columns), rule, ...cells.map(line)].join('\n');
}
