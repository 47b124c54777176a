import type { Json, Root } from '../decision/types.js';
import type { Macro } from './ast.js';
import { bool, dyn, type Type } from './types.js';

/** Computes a value from values that are all known; `undefined` where it has no result (1 / 0). Never throws. */
export type Apply = (...values: never[]) => unknown;

/** A checked expression: every name resolved to a slot, every operation to a function, every value typed. */
export type Term = Facts & (
  | { readonly op: 'constant'; readonly value: unknown }
  /** `root`: where its value comes from; `null` for a variable of a comprehension. `path`: for `missing`, or empty. */
  | { readonly op: 'slot'; readonly slot: number; readonly root: Root | null; readonly path: string; readonly mayBeMissing: boolean }
  /** A field of a computed value: an element of a list, a `dyn`, a map. `read`: turns JSON into a value of the type. */
  | { readonly op: 'field'; readonly of: Term; readonly name: string; readonly path: string | undefined; readonly read?: (value: Json) => unknown }
  | { readonly op: 'has'; readonly of: Term }
  | { readonly op: 'and' | 'or'; readonly terms: readonly Term[] }
  | { readonly op: 'choice'; readonly condition: Term; readonly then: Term; readonly otherwise: Term }
  /** `canFail`: there are known arguments for which it has no result. */
  | { readonly op: 'call'; readonly name: string; readonly apply: Apply; readonly canFail: boolean; readonly args: readonly Term[] }
  | { readonly op: 'list'; readonly terms: readonly Term[] }
  | { readonly op: 'map'; readonly keys: readonly Term[]; readonly values: readonly Term[] }
  | { readonly op: 'loop'; readonly macro: Macro; readonly slot: number; readonly range: Term; readonly filter: Term | null; readonly body: Term }
  /** Stands for what a problem was reported about, so that nothing further is said of it. */
  | { readonly op: 'broken' });

interface Facts {
  readonly type: Type;
  /** As it was written, for messages. */
  readonly text: string;
  readonly offset: number;
}

export const broken: Term = { op: 'broken', type: dyn, text: '…', offset: 0 };
export const isBroken = (term: Term): boolean => term.op === 'broken';
export const constantTerm = (value: unknown, type: Type, { text, offset }: { readonly text: string; readonly offset: number }): Term => ({ op: 'constant', value, type, text, offset });
export const isTrue = (term: Term): boolean => term.op === 'constant' && term.value === true;
export const isFalse = (term: Term): boolean => term.op === 'constant' && term.value === false;

/** Where a term's value comes from, for `missing`: "customer.age", and "customer.orders[]" for its elements. */
export function pathOf(term: Term): string | undefined {
  if (term.op === 'slot') return term.path === '' ? undefined : term.path;
  return term.op === 'field' ? term.path : undefined;
}

/** The terms directly below. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.op) {
    case 'field': case 'has': return [term.of];
    case 'and': case 'or': case 'list': return term.terms;
    case 'choice': return [term.condition, term.then, term.otherwise];
    case 'call': return term.args;
    case 'map': return [...term.keys, ...term.values];
    case 'loop': return term.filter === null ? [term.range, term.body] : [term.range, term.filter, term.body];
    default: return [];
  }
}

export function rootsOf(term: Term, into = new Set<Root>()): ReadonlySet<Root> {
  if (term.op === 'slot' && term.root !== null) into.add(term.root);
  for (const part of partsOf(term)) rootsOf(part, into);
  return into;
}

/** Those of comprehensions' variables aside. */
export function slotsOf(term: Term, into = new Set<number>()): ReadonlySet<number> {
  if (term.op === 'slot' && term.root !== null) into.add(term.slot);
  for (const part of partsOf(term)) slotsOf(part, into);
  return into;
}

/** False where it is proven to have a value whatever stands in the slots that are always filled. */
export function mayBeUnknown(term: Term): boolean {
  switch (term.op) {
    case 'slot': return term.mayBeMissing;
    case 'field': case 'broken': return true;
    case 'has': return false;
    case 'call': return term.canFail || term.args.some(mayBeUnknown);
    // A key may be there twice; the results of a loop may be too many.
    case 'map': return term.keys.some((key) => key.op !== 'constant') || term.values.some(mayBeUnknown);
    case 'loop': return term.macro === 'map' || partsOf(term).some(mayBeUnknown);
    default: return partsOf(term).some(mayBeUnknown);
  }
}

/** Wraps a term that is not a condition by its type, but by its value when it is evaluated. */
export const asBool = (term: Term): Term => (term.type.kind === 'bool' ? term : { op: 'call', name: 'bool?', apply: ((value: unknown) => (typeof value === 'boolean' ? value : undefined)), canFail: true, args: [term], type: bool, text: term.text, offset: term.offset });
