const gap = '   ';

/**
 * A table without lines around it, for many rows of short texts: quick however many they are, and each can be searched and
 * sorted by other programs. The first row is the head; the first `textColumns` columns begin together, the others, numbers,
 * end together.
 */
export function alignedLines(rows: readonly (readonly string[])[], textColumns = 1): readonly string[] {
  const widths = rows[0]!.map((_, column) => rows.reduce((widest, row) => Math.max(widest, row[column]!.length), 0));
  return rows.map((row) => row.map((text, column) => (column < textColumns ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join(gap));
}
