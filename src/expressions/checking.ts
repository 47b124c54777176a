import type { Root } from '../decision/types.js';
import { textOf, type Node } from './ast.js';
import type { Problem } from './problem.js';
import type { SlotTable } from './slots.js';
import { broken, type Term } from './term.js';
import type { Type } from './types.js';

/** What can be read: the type of each root. The customer's fields grow as derived attributes are declared. */
export interface Declarations { readonly roots: ReadonlyMap<Root, Type>; readonly derived: ReadonlyMap<string, { readonly mayBeMissing: boolean }>; readonly events?: readonly string[] }

export interface Local { readonly name: string; readonly slot: number; readonly type: Type; readonly path: string | undefined }

/** One expression's check: where it stands, what it may read, and what was found so far. */
export interface Checking {
  readonly declarations: Declarations;
  readonly roots: readonly Root[];
  readonly slots: SlotTable;
  /** The variables of the comprehensions around, the innermost last. */
  readonly locals: readonly Local[];
  readonly problems: Problem[];
  check(node: Node): Term;
}

/** Notes a problem at a node, and gives the term that stands for it. */
export function report(checking: Checking, node: Node, message: string): Term {
  return reportAt(checking, node.offset, plainLength(node), message);
}

export function reportAt(checking: Checking, offset: number, length: number | undefined, message: string): Term {
  checking.problems.push(length === undefined ? { offset, message } : { offset, length, message });
  return broken;
}

/** The length of a node whose text is its source: a path or a name. */
function plainLength(node: Node): number | undefined {
  let inner: Node = node.kind === 'has' ? { ...node, kind: 'select' } : node;
  const path = inner;
  while (inner.kind === 'select') inner = inner.operand;
  return inner.kind === 'name' ? textOf(path).length : undefined;
}
