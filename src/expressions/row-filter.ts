import type { Columns, RowFilter, RowFilterOptions } from '../decision/types.js';
import { dependenceOf, slotsByRow, valuesOf } from './columns.js';
import { compile } from './compile.js';
import { compileRowComparison } from './row-comparison.js';
import { fixedSlots } from './slots.js';
import type { Term } from './term.js';

/**
 * A condition over many rows at once. `&&` and `||` narrow the rows part by part; a comparison of a row's value with one
 * of the request reads that once and then runs over a column. What is unknown is neither true nor false, so `false` is
 * asked for by the opposite comparison, and never by "not true".
 */
export function compileRowFilter(term: Term, columns: Columns, options: RowFilterOptions): RowFilter {
  const { wanted, settle } = options;
  const { row, request } = dependenceOf(term, columns);
  if (!row) {
    const { evaluate } = compile(term);
    return (slots, _rows, from, to) => (evaluate(slots) === wanted ? to : from);
  }
  if (!request && settle) return settled(valuesOf(term, columns), wanted);
  if (term.op === 'and' || term.op === 'or') {
    const parts = term.terms.map((part) => compileRowFilter(part, columns, options));
    return (term.op === 'and') === wanted ? passAll(parts) : passAny(parts);
  }
  if (term.op === 'call' && term.name === '!' && term.args.length === 1 && term.args[0]!.type.kind === 'bool') return compileRowFilter(term.args[0]!, columns, { ...options, wanted: !wanted });
  return compileRowComparison(term, columns, options) ?? oneByOne(term, columns, wanted);
}

/** True && where all parts are; false || where all parts are. */
function passAll(parts: readonly RowFilter[]): RowFilter {
  return (slots, rows, from, to) => {
    let end = to;
    for (const part of parts) {
      if (end === from) break;
      end = part(slots, rows, from, end);
    }
    return end;
  };
}

/** True || where one part is; false && where one part is. */
function passAny(parts: readonly RowFilter[]): RowFilter {
  return (slots, rows, from, to) => {
    let start = from;
    for (const part of parts) {
      if (start === to) break;
      start = part(slots, rows, start, to);
    }
    return start;
  };
}

function settled(values: readonly unknown[], wanted: boolean): RowFilter {
  const passes = Uint8Array.from(values, (value) => (value === wanted ? 1 : 0));
  return (_slots, rows, from, to) => {
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!;
      if (passes[row] !== 1) continue;
      rows[at] = rows[end]!;
      rows[end++] = row;
    }
    return end;
  };
}

/** For all other shapes: the row's values are put into the slots that the term reads. */
function oneByOne(term: Term, columns: Columns, wanted: boolean): RowFilter {
  const { evaluate } = compile(term);
  const varying = [...slotsByRow(term, columns)];
  const values = varying.map((slot) => columns.get(slot)!);
  return (slots, rows, from, to) => {
    slots[fixedSlots.offer] = undefined;      // no offer's attributes stand there as a whole
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!;
      for (let index = 0; index < varying.length; index += 1) slots[varying[index]!] = values[index]![row];
      if (evaluate(slots) !== wanted) continue;
      rows[at] = rows[end]!;
      rows[end++] = row;
    }
    return end;
  };
}
