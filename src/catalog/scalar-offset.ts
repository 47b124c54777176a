import { Scalar } from 'yaml';

/**
 * Where the character at `valueOffset` of a scalar's value stands in its source text (which begins with the quote or
 * the block header). Exact for plain and quoted scalars, folded lines and escapes included; for block scalars exact
 * within a line, and near where folding keeps more-indented lines.
 */
export function offsetInScalar(source: string, type: Scalar.Type | undefined, valueOffset: number): number {
  switch (type) {
    case Scalar.QUOTE_DOUBLE: return walkFlow(source, 1, valueOffset, escapeLength);
    case Scalar.QUOTE_SINGLE: return walkFlow(source, 1, valueOffset, (text, at) => (text.startsWith("''", at) ? [2, 1] : null));
    case Scalar.BLOCK_LITERAL: return walkBlock(source, valueOffset, false);
    case Scalar.BLOCK_FOLDED: return walkBlock(source, valueOffset, true);
    default: return walkFlow(source, 0, valueOffset, () => null);
  }
}

/** How many characters of source stand for how many of the value; `null`: one for one. */
type Special = (source: string, at: number) => readonly [sourceLength: number, valueLength: number] | null;

const escapedBreak = /\\\r?\n[ \t]*/y;
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const escapeLength: Special = (source, at) => {
  if (source[at] !== '\\') return null;
  escapedBreak.lastIndex = at;
  const folded = escapedBreak.exec(source);
  if (folded !== null) return [folded[0].length, 0];
  const digits = hexDigits[source[at + 1] ?? ''] ?? 0;
  const code = digits === 0 ? 0 : Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
  return [2 + digits, code > 0xffff ? 2 : 1];
};

const foldedBreak = /[ \t]*\r?\n[ \t]*((?:\r?\n[ \t]*)*)/y;

/** A line break in a flow scalar is one space; with n empty lines after it, n line breaks. */
function walkFlow(source: string, start: number, valueOffset: number, special: Special): number {
  let at = start;
  let reached = 0;
  while (reached < valueOffset && at < source.length) {
    foldedBreak.lastIndex = at;
    const fold = foldedBreak.exec(source);
    const [sourceLength, valueLength] = fold === null
      ? special(source, at) ?? [1, 1]
      : [fold[0].length, Math.max(1, fold[1]!.split('\n').length - 1)];
    if (reached + valueLength > valueOffset) return at;
    at += sourceLength;
    reached += valueLength;
  }
  return Math.min(at, source.length);
}

/** Lines after the header, without their indentation; folded ones are joined by one space. */
function walkBlock(source: string, valueOffset: number, folded: boolean): number {
  const lines = source.split('\n');
  const header = lines[0]!;
  const given = /^[|>][+-]?([1-9])/.exec(header)?.[1];
  const firstFull = lines.slice(1).find((line) => line.trim() !== '') ?? '';
  const indentation = firstFull.length - firstFull.trimStart().length;
  let at = header.length + 1;
  let reached = 0;
  let emptyBefore = 0;
  for (const line of lines.slice(1)) {
    // An explicit indentation counts from the parent, which the scalar does not know: the first line's is nearest.
    const skipped = given === undefined || line.trim() === '' ? Math.min(indentation, line.length) : indentation;
    const length = line.replace(/\r$/, '').length - skipped;
    if (folded && length <= 0) emptyBefore += 1;
    else if (folded && emptyBefore > 0) {
      reached += emptyBefore - 1;
      emptyBefore = 0;
    }
    if (length > 0 && valueOffset <= reached + length) return at + skipped + Math.max(0, valueOffset - reached);
    if (!folded || length > 0) reached += Math.max(0, length) + 1;
    at += line.length + 1;
  }
  return source.trimEnd().length;
}
