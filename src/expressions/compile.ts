import type { Json, Slots } from '../decision/types.js';
import { compileComparison } from './compile-comparison.js';
import { compileLoop } from './compile-loop.js';
import type { Compiled, Evaluate } from './compiled.js';
import { memberOf } from './equality.js';
import { fixedSlots } from './slots.js';
import { rootsOf, type Term } from './term.js';

const nothing = (): void => undefined;

/** One small closure for each term, so that each call site stays monomorphic; the frequent shapes have their own. */
export function compile(term: Term): Compiled {
  switch (term.op) {
    case 'constant': {
      const { value } = term;
      return { evaluate: () => value, missing: nothing };
    }
    case 'slot': {
      const { slot, path } = term;
      return { evaluate: (slots) => slots[slot], missing: path === '' ? nothing : (_slots, into) => void into.add(path) };
    }
    case 'field': return compileField(term);
    case 'has': {
      const { evaluate, missing } = compile(term.of);
      if (!rootsOf(term.of).has('customer')) return { evaluate: (slots) => evaluate(slots) !== undefined, missing: nothing };
      // Of a customer that could not be read, only what is there is known: what is not there may be stored.
      return { evaluate: (slots) => evaluate(slots) !== undefined || (slots[fixedSlots.storeUnread] === true ? undefined : false), missing };
    }
    case 'and': case 'or': {
      const parts = term.terms.map(compile);
      return { evaluate: compileLogic(parts.map((part) => part.evaluate), term.op === 'or'), missing: missingOf(parts) };
    }
    case 'choice': return compileChoice(compile(term.condition), compile(term.then), compile(term.otherwise));
    case 'call': {
      const parts = term.args.map(compile);
      return { evaluate: compileComparison(term) ?? compileCall(parts.map((part) => part.evaluate), term.apply as (...values: unknown[]) => unknown), missing: asksHistory(term) ? historyMissing(term.text, missingOf(parts)) : missingOf(parts) };
    }
    case 'list': {
      const parts = term.terms.map(compile);
      return { evaluate: (slots) => allOf(parts, slots), missing: missingOf(parts) };
    }
    case 'map': return compileMap(term.keys.map(compile), term.values.map(compile));
    case 'loop': return compileLoop(term, compile(term.range), term.filter && compile(term.filter), compile(term.body));
    case 'broken': return { evaluate: () => undefined, missing: nothing };
  }
}

/** What is missing of those parts that are themselves unknown. */
function missingOf(parts: readonly Compiled[]): Compiled['missing'] {
  return (slots, into) => {
    for (const part of parts) if (part.evaluate(slots) === undefined) part.missing(slots, into);
  };
}

function asksHistory({ args: [first] }: Extract<Term, { op: 'call' }>): boolean {
  return first?.op === 'slot' && first.slot === fixedSlots.events;
}

/** Where the history is there and tells nothing, the question itself says best what is missing: sinceLastEvent("visit"). */
function historyMissing(text: string, ofParts: Compiled['missing']): Compiled['missing'] {
  return (slots, into) => {
    if (slots[fixedSlots.events] === undefined) ofParts(slots, into);
    else into.add(text);
  };
}

function compileField(term: Extract<Term, { op: 'field' }>): Compiled {
  const of = compile(term.of);
  const { name, path, read } = term;
  const fieldOf = read === undefined ? memberOf : (value: unknown, field: string): unknown => {
    const json = memberOf(value, field);
    return json === undefined ? undefined : read(json as Json);
  };
  return {
    evaluate: (slots) => {
      const value = of.evaluate(slots);
      return value === undefined ? undefined : fieldOf(value, name);
    },
    missing: (slots, into) => {
      if (of.evaluate(slots) === undefined) of.missing(slots, into);
      else if (path !== undefined) into.add(path);
    },
  };
}

/** `&&` and `||` whatever the order: false && unknown is false, true || unknown is true. */
function compileLogic(parts: readonly Evaluate[], decisive: boolean): Evaluate {
  const [a, b, c] = parts;
  if (parts.length === 2 && a !== undefined && b !== undefined) {
    return (slots) => {
      const first = a(slots);
      if (first === decisive) return decisive;
      const second = b(slots);
      return second === decisive ? decisive : first === undefined ? undefined : second;
    };
  }
  if (parts.length === 3 && a !== undefined && b !== undefined && c !== undefined) {
    return (slots) => {
      const first = a(slots);
      if (first === decisive) return decisive;
      const second = b(slots);
      if (second === decisive) return decisive;
      const third = c(slots);
      return third === decisive ? decisive : first === undefined || second === undefined ? undefined : third;
    };
  }
  return (slots) => {
    let result: boolean | undefined = !decisive;
    for (const part of parts) {
      const value = part(slots);
      if (value === decisive) return decisive;
      if (value === undefined) result = undefined;
    }
    return result;
  };
}

function compileChoice(condition: Compiled, then: Compiled, otherwise: Compiled): Compiled {
  return {
    evaluate: (slots) => {
      const asked = condition.evaluate(slots);
      return asked === undefined ? undefined : asked === true ? then.evaluate(slots) : otherwise.evaluate(slots);
    },
    missing: (slots, into) => {
      const asked = condition.evaluate(slots);
      (asked === undefined ? condition : asked === true ? then : otherwise).missing(slots, into);
    },
  };
}

/** Strict: an unknown argument makes the result unknown. */
function compileCall(args: readonly Evaluate[], apply: (...values: unknown[]) => unknown): Evaluate {
  const [a, b] = args;
  if (args.length === 1 && a !== undefined) {
    return (slots) => {
      const value = a(slots);
      return value === undefined ? undefined : apply(value);
    };
  }
  if (args.length === 2 && a !== undefined && b !== undefined) {
    return (slots) => {
      const first = a(slots);
      if (first === undefined) return undefined;
      const second = b(slots);
      return second === undefined ? undefined : apply(first, second);
    };
  }
  return (slots) => {
    const values: unknown[] = [];
    for (const arg of args) {
      const value = arg(slots);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return apply(...values);
  };
}

function allOf(parts: readonly Compiled[], slots: Slots): unknown[] | undefined {
  const values: unknown[] = [];
  for (const part of parts) {
    const value = part.evaluate(slots);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** A key that is there twice leaves the map without a value. */
function compileMap(keys: readonly Compiled[], values: readonly Compiled[]): Compiled {
  return {
    evaluate: (slots) => {
      const names = allOf(keys, slots);
      const contents = names && allOf(values, slots);
      if (names === undefined || contents === undefined) return undefined;
      const map = new Map(names.map((name, index) => [name, contents[index]]));
      return map.size === names.length ? map : undefined;
    },
    missing: missingOf(keys.flatMap((key, index) => [key, values[index]!])),
  };
}
