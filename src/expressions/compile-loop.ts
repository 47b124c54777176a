import type { Slots } from '../decision/types.js';
import type { Compiled } from './compiled.js';
import { sizeLimits } from './operators.js';
import { fixedSlots } from './slots.js';
import { partsOf, type Term } from './term.js';

type Loop = Extract<Term, { op: 'loop' }>;
type Through = (slots: Slots, elements: readonly unknown[]) => unknown;

/** A loop within a loop takes the product of their lists: longer ones, which a request can bring, have no result. */
const mostNested = 300;

function hasLoop(term: Term): boolean {
  return term.op === 'loop' || partsOf(term).some(hasLoop);
}

/** The macros over lists. The variable lies in a slot of its own, which holds nothing between two evaluations. */
export function compileLoop(term: Loop, range: Compiled, filter: Compiled | null, body: Compiled): Compiled {
  const { slot } = term;
  const through = throughOf(term, filter, body);
  const most = slot !== fixedSlots.firstLocal || partsOf(term).some(hasLoop) ? mostNested : Infinity;
  return {
    evaluate: (slots) => {
      const elements = range.evaluate(slots);
      if (!Array.isArray(elements) || elements.length > most) return undefined;
      const result = through(slots, elements);
      slots[slot] = undefined;
      return result;
    },
    missing: (slots, into) => {
      const elements = range.evaluate(slots);
      if (elements === undefined) return range.missing(slots, into);
      if (!Array.isArray(elements)) return;
      for (const element of elements) {
        slots[slot] = element ?? undefined;
        const passes = filter === null ? true : filter.evaluate(slots);
        if (passes === undefined) filter!.missing(slots, into);
        else if (passes === true && body.evaluate(slots) === undefined) body.missing(slots, into);
      }
      slots[slot] = undefined;
    },
  };
}

function throughOf({ macro, slot }: Loop, filter: Compiled | null, body: Compiled): Through {
  const { evaluate } = body;
  switch (macro) {
    case 'all': return (slots, elements) => decide(slots, slot, elements, evaluate, false);
    case 'exists': return (slots, elements) => decide(slots, slot, elements, evaluate, true);
    case 'exists_one': return (slots, elements) => {
      const found = keep(slots, slot, elements, evaluate);
      return found && found.length === 1;
    };
    case 'filter': return (slots, elements) => keep(slots, slot, elements, evaluate);
    case 'map': return (slots, elements) => {
      const kept = filter === null ? elements : keep(slots, slot, elements, filter.evaluate);
      if (kept === undefined || kept.length > sizeLimits.list) return undefined;
      const results: unknown[] = [];
      for (const element of kept) {
        slots[slot] = element ?? undefined;
        const value = evaluate(slots);
        if (value === undefined) return undefined;
        results.push(value);
      }
      return results;
    };
  }
}

/** As `&&` or `||` over the elements: one decisive element decides, whatever is unknown of the others. */
function decide(slots: Slots, slot: number, elements: readonly unknown[], evaluate: Compiled['evaluate'], decisive: boolean): boolean | undefined {
  let result: boolean | undefined = !decisive;
  for (const element of elements) {
    slots[slot] = element ?? undefined;
    const value = evaluate(slots);
    if (value === decisive) return decisive;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** The elements for which the condition holds; nothing where it is unknown of one. */
function keep(slots: Slots, slot: number, elements: readonly unknown[], holds: Compiled['evaluate']): unknown[] | undefined {
  const kept: unknown[] = [];
  for (const element of elements) {
    slots[slot] = element ?? undefined;
    const value = holds(slots);
    if (value === undefined) return undefined;
    if (value === true) kept.push(element);
  }
  return kept;
}
