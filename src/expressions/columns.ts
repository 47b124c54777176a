import type { Columns, Slots } from '../decision/types.js';
import { compile } from './compile.js';
import { partsOf, type Term } from './term.js';

/** A column of numbers; NaN is unknown. */
export type Numbers = Float64Array;
/** A column of values, each by its number in the dictionary, from 1; 0 is unknown. */
export interface Codes { readonly codes: Int32Array; readonly dictionary: ReadonlyMap<unknown, number> }
/** A column of lists: those of row r are `codes` from `starts[r]` up to `starts[r + 1]`; `known` is 0 where there is no list.
 *  `bits`: the same where there are few different values, one bit for each, by its code; -1 is unknown. */
export interface ListCodes extends Codes { readonly starts: Int32Array; readonly known: Uint8Array; readonly bits: Int32Array | null }

const mostBits = 30;

/** What a term's value hangs on: slots that vary by row, others, both, or nothing. */
export function dependenceOf(term: Term, columns: Columns): { readonly row: boolean; readonly request: boolean } {
  let row = false;
  let request = false;
  const look = (part: Term): void => {
    if (part.op === 'slot' && part.root !== null) {
      if (columns.has(part.slot)) row = true;
      else request = true;
    }
    partsOf(part).forEach(look);
  };
  look(term);
  return { row, request };
}

/** The slots of a term that vary by row. */
export function slotsByRow(term: Term, columns: Columns, into = new Set<number>()): ReadonlySet<number> {
  if (term.op === 'slot' && columns.has(term.slot)) into.add(term.slot);
  for (const part of partsOf(term)) slotsByRow(part, columns, into);
  return into;
}

/** The values of a term that hangs on the row alone. */
export function valuesOf(term: Term, columns: Columns): readonly unknown[] {
  if (term.op === 'slot') return columns.get(term.slot)!;
  const { evaluate } = compile(term);
  const varying = [...slotsByRow(term, columns)].map((slot) => [slot, columns.get(slot)!] as const);
  const slots: Slots = [];
  const values: unknown[] = [];
  for (let row = 0; row < varying[0]![1].length; row += 1) {
    for (const [slot, column] of varying) slots[slot] = column[row];
    values.push(evaluate(slots));
  }
  return values;
}

/** Rules read the same few attributes, so a slot's column is encoded once for all of them. */
interface Encodings { readonly numbers: Map<number, Numbers>; readonly codes: Map<number, Codes>; readonly lists: Map<number, ListCodes> }
const encodings = new WeakMap<Columns, Encodings>();

export const numbersOf = (term: Term, columns: Columns): Numbers => encoded('numbers', term, columns, (values) => Float64Array.from(values, (value) => (value === undefined ? Number.NaN : value as number)));
export const codesOf = (term: Term, columns: Columns): Codes => encoded('codes', term, columns, encode);
export const listCodesOf = (term: Term, columns: Columns): ListCodes => encoded('lists', term, columns, encodeLists);

function encoded<Kind extends keyof Encodings>(kind: Kind, term: Term, columns: Columns, encode: (values: readonly unknown[]) => Encodings[Kind] extends Map<number, infer Encoded> ? Encoded : never): Encodings[Kind] extends Map<number, infer Encoded> ? Encoded : never {
  if (term.op !== 'slot') return encode(valuesOf(term, columns));
  let known = encodings.get(columns);
  if (known === undefined) encodings.set(columns, known = { numbers: new Map(), codes: new Map(), lists: new Map() });
  const ofKind = known[kind] as Map<number, ReturnType<typeof encode>>;
  let column = ofKind.get(term.slot);
  if (column === undefined) ofKind.set(term.slot, column = encode(valuesOf(term, columns)));
  return column;
}

function encode(values: readonly unknown[]): Codes {
  const dictionary = new Map<unknown, number>();
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length; row += 1) if (values[row] !== undefined) codes[row] = codeIn(dictionary, values[row]);
  return { codes, dictionary };
}

function encodeLists(values: readonly unknown[]): ListCodes {
  const dictionary = new Map<unknown, number>();
  const starts = new Int32Array(values.length + 1);
  const codes: number[] = [];
  const known = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const list = values[row] as readonly unknown[] | undefined;
    if (list !== undefined) {
      known[row] = 1;
      for (const value of list) codes.push(codeIn(dictionary, value));
    }
    starts[row + 1] = codes.length;
  }
  return { codes: Int32Array.from(codes), dictionary, starts, known, bits: dictionary.size > mostBits ? null : bitsOf(values, dictionary) };
}

function bitsOf(values: readonly unknown[], dictionary: ReadonlyMap<unknown, number>): Int32Array {
  const bits = new Int32Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const list = values[row] as readonly unknown[] | undefined;
    if (list === undefined) bits[row] = -1;
    else for (const value of list) bits[row]! |= 1 << dictionary.get(value)!;
  }
  return bits;
}

function codeIn(dictionary: Map<unknown, number>, value: unknown): number {
  let code = dictionary.get(value);
  if (code === undefined) dictionary.set(value, code = dictionary.size + 1);
  return code;
}
