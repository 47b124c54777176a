import type { Columns, RowFilter, RowFilterOptions } from '../decision/types.js';
import { isSimple } from './check-equality.js';
import { codesOf, dependenceOf, listCodesOf, numbersOf, type Codes, type ListCodes, type Numbers } from './columns.js';
import { compile } from './compile.js';
import type { Evaluate } from './compiled.js';
import type { Term } from './term.js';
import { isNumber, type Type } from './types.js';

/** A value of the row beside one of the request, or one that is written: compared, equal, one in a list of the other. `undefined`: another shape. */
export function compileRowComparison(term: Term, columns: Columns, { wanted, settle }: RowFilterOptions): RowFilter | undefined {
  if (term.op !== 'call' || term.args.length !== 2) return undefined;
  const [a, b] = term.args as [Term, Term];
  const byRow = [a, b].map((side) => dependenceOf(side, columns));
  const place = byRow.findIndex(({ row }) => row);
  if (byRow[place]!.request || byRow[1 - place]!.row) return undefined;
  const column = term.args[place]!;
  if (column.op !== 'slot' && !settle) return undefined;
  const { evaluate } = compile(term.args[1 - place]!);
  switch (term.name) {
    case '<': case '<=': case '>': case '>=': return isMeasured(a.type, b.type) ? ordered(numbersOf(column, columns), place === 0 ? term.name : mirrored[term.name], evaluate, wanted) : undefined;
    case '==': case '!=': return isAlike(a.type, b.type) ? equals(codesOf(column, columns), evaluate, (term.name === '==') === wanted) : undefined;
    case 'in': {
      if (b.type.kind !== 'list' || !isAlike(a.type, b.type.element)) return undefined;
      return place === 0 ? isIn(codesOf(column, columns), evaluate, wanted) : has(listCodesOf(column, columns), evaluate, wanted);
    }
    default: return undefined;
  }
}

/** Both are numbers in JavaScript, and in the same order as there. */
const isMeasured = (a: Type, b: Type): boolean => (isNumber(a) && isNumber(b)) || (a.kind === b.kind && (a.kind === 'date' || a.kind === 'timestamp' || a.kind === 'duration'));
const isAlike = (a: Type, b: Type): boolean => isSimple(a) && isSimple(b) && (a.kind === b.kind || (isNumber(a) && isNumber(b)));

type Order = '<' | '<=' | '>' | '>=';
const mirrored: Readonly<Record<Order, Order>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const opposite: Readonly<Record<Order, Order>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/** The row's number on the left. NaN, the unknown, is in no order with anything. */
function ordered(column: Numbers, order: Order, evaluate: Evaluate, wanted: boolean): RowFilter {
  const asked = wanted ? order : opposite[order];
  const sign = asked === '<' || asked === '<=' ? 1 : -1;
  const below = asked === '<' || asked === '>' ? lower : atMost;
  return (slots, rows, from, to) => {
    const limit = evaluate(slots) as number | undefined;
    return limit === undefined ? from : below(column, sign, sign * limit, rows, from, to);
  };
}

function lower(column: Numbers, sign: number, limit: number, rows: Int32Array, from: number, to: number): number {
  let end = from;
  for (let at = from; at < to; at += 1) {
    const row = rows[at]!;
    if (!(sign * column[row]! < limit)) continue;
    rows[at] = rows[end]!;
    rows[end++] = row;
  }
  return end;
}

function atMost(column: Numbers, sign: number, limit: number, rows: Int32Array, from: number, to: number): number {
  let end = from;
  for (let at = from; at < to; at += 1) {
    const row = rows[at]!;
    if (!(sign * column[row]! <= limit)) continue;
    rows[at] = rows[end]!;
    rows[end++] = row;
  }
  return end;
}

/** `same`: the equal ones pass; else those that are known and differ. */
function equals({ codes, dictionary }: Codes, evaluate: Evaluate, same: boolean): RowFilter {
  return (slots, rows, from, to) => {
    const value = evaluate(slots);
    if (value === undefined) return from;
    const code = dictionary.get(value) ?? -1;
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!;
      const own = codes[row]!;
      if (own === 0 || (own === code) !== same) continue;
      rows[at] = rows[end]!;
      rows[end++] = row;
    }
    return end;
  };
}

/** Rows whose value is in a list of the request. */
function isIn({ codes, dictionary }: Codes, evaluate: Evaluate, wanted: boolean): RowFilter {
  // Marked while the filter runs, which nothing interrupts; unmarked before it ends.
  const marked = new Uint8Array(dictionary.size + 1);
  const mark = wanted ? 1 : 0;
  return (slots, rows, from, to) => {
    const list = evaluate(slots) as readonly unknown[] | undefined;
    if (list === undefined) return from;
    for (const value of list) marked[dictionary.get(value) ?? 0] = 1;
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!;
      const code = codes[row]!;
      if (code === 0 || marked[code] !== mark) continue;
      rows[at] = rows[end]!;
      rows[end++] = row;
    }
    for (const value of list) marked[dictionary.get(value) ?? 0] = 0;
    return end;
  };
}

/** Rows whose list has a value of the request. */
function has(lists: ListCodes, evaluate: Evaluate, wanted: boolean): RowFilter {
  return lists.bits === null ? hasAmong(lists, evaluate, wanted) : hasBit(lists.bits, lists.dictionary, evaluate, wanted);
}

function hasBit(bits: Int32Array, dictionary: ReadonlyMap<unknown, number>, evaluate: Evaluate, wanted: boolean): RowFilter {
  return (slots, rows, from, to) => {
    const value = evaluate(slots);
    if (value === undefined) return from;
    const bit = 1 << (dictionary.get(value) ?? 31);
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!;
      const own = bits[row]!;
      if (own === -1 || ((own & bit) !== 0) !== wanted) continue;
      rows[at] = rows[end]!;
      rows[end++] = row;
    }
    return end;
  };
}

function hasAmong({ codes, dictionary, starts, known }: ListCodes, evaluate: Evaluate, wanted: boolean): RowFilter {
  return (slots, rows, from, to) => {
    const value = evaluate(slots);
    if (value === undefined) return from;
    const code = dictionary.get(value) ?? -1;
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!;
      if (known[row] === 0 || includes(codes, starts[row]!, starts[row + 1]!, code) !== wanted) continue;
      rows[at] = rows[end]!;
      rows[end++] = row;
    }
    return end;
  };
}

function includes(codes: Int32Array, from: number, to: number, code: number): boolean {
  for (let at = from; at < to; at += 1) if (codes[at] === code) return true;
  return false;
}
