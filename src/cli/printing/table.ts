import Table from 'cli-table3';

/** How tables are to look, for whoever reads them. */
export interface TableLook {
  readonly currency: string;
  /** Characters in a line; the tables keep to at most 100. */
  readonly columns: number | undefined;
  readonly colour: boolean;
}

export const padding = 2;
const widest = 100;
const narrowest = 72;

export type Column = { readonly head: string; readonly align: 'left' | 'right'; readonly texts: readonly string[] };

/** A table as wide as allowed; the column at `flexible` takes what the others leave, and wraps. */
export function startTable(columns: readonly Column[], flexible: number, look: TableLook, compact = false): InstanceType<typeof Table> {
  const longestFixed = 28;
  const natural = columns.map(({ head, texts }) => Math.max(head.length, ...texts.map((text) => text.length)) + padding);
  const width = Math.min(widest, Math.max(narrowest, look.columns ?? widest));
  const fixed = natural.map((columnWidth) => Math.min(columnWidth, longestFixed + padding));
  const others = fixed.reduce((sum, columnWidth, index) => (index === flexible ? sum : sum + columnWidth), 0);
  const left = width - others - (columns.length + 1);
  const colWidths = fixed.map((columnWidth, index) => (index === flexible ? Math.max(left, 12) : columnWidth));
  return new Table({
    head: columns.map(({ head }) => emphasised(head, look)),
    colWidths,
    colAligns: columns.map(({ align }) => align),
    wordWrap: true,
    style: { head: [], border: [], compact },       // the library's own colours know nothing of NO_COLOR
  });
}

/** The library cuts a word that is longer than its column; here it goes on in the next line. */
export function breakable(text: string, width: number): string {
  return text.replace(/\S+/g, (word) => (word.length <= width ? word : word.match(new RegExp(`.{1,${width}}`, 'gu'))!.join('\n')));
}

export function emphasised(text: string, { colour }: TableLook): string {
  return colour ? `\u001b[1m${text}\u001b[22m` : text;
}
