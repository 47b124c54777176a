import type { Evaluate } from './compiled.js';
import type { Term } from './term.js';
import { isNumber } from './types.js';

type Call = Extract<Term, { op: 'call' }>;

/**
 * The shapes that most conditions are made of have closures without an inner call: a slot compared with a constant, a
 * constant looked for in a slot's list. `undefined` for any other shape.
 */
export function compileComparison(term: Call): Evaluate | undefined {
  const [a, b] = term.args;
  if (term.args.length !== 2 || a === undefined || b === undefined) return undefined;
  if (term.name === 'in' && b.op === 'slot' && b.type.kind === 'list' && a.op === 'constant' && b.type.element.kind === 'string') return includes(b.slot, a.value);
  if (a.op === 'slot' && b.op === 'constant' && isPlain(a) && isPlain(b)) return slotBesideConstant(term.name, a, b);
  return undefined;
}

const isPlain = ({ type }: Term): boolean => isNumber(type) || type.kind === 'string' || type.kind === 'bool' || type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'duration';

function includes(slot: number, wanted: unknown): Evaluate {
  return (slots) => {
    const list = slots[slot] as readonly unknown[] | undefined;
    return list === undefined ? undefined : list.includes(wanted);
  };
}

function slotBesideConstant(name: string, a: Extract<Term, { op: 'slot' }>, b: Extract<Term, { op: 'constant' }>): Evaluate | undefined {
  const { slot } = a;
  const constant = b.value;
  if (name === '==') return (slots) => (slots[slot] === undefined ? undefined : slots[slot] === constant);
  if (name === '!=') return (slots) => (slots[slot] === undefined ? undefined : slots[slot] !== constant);
  if (typeof constant !== 'number' || a.type.kind === 'string' || (a.type.kind !== b.type.kind && !isNumber(a.type))) return undefined;
  const read = (value: unknown): number | undefined => value as number | undefined;
  switch (name) {
    case '<': return (slots) => { const value = read(slots[slot]); return value === undefined ? undefined : value < constant; };
    case '<=': return (slots) => { const value = read(slots[slot]); return value === undefined ? undefined : value <= constant; };
    case '>': return (slots) => { const value = read(slots[slot]); return value === undefined ? undefined : value > constant; };
    case '>=': return (slots) => { const value = read(slots[slot]); return value === undefined ? undefined : value >= constant; };
    default: return undefined;
  }
}
