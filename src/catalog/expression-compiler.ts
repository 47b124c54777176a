import type { Condition, Expression, Root } from '../decision/types.js';
import type { CompileResult, Environment, Expected } from '../expressions/environment.js';
import { textsSought } from '../expressions/texts-sought.js';
import type { Type } from '../expressions/types.js';
import { given } from './compile-parts.js';
import type { NameUse } from './lonely-names.js';
import type { RawCondition } from './schemas/parts.js';
import type { Spot } from './spot.js';

const situation: readonly Root[] = ['customer', 'context', 'channel', 'direction', 'now'];

/** What an expression may read, by where it stands. */
const readableRoots = {
  // Nothing that a decision finds: a trigger is judged whenever something first hangs on it (record 21), and derived
  // attributes are worked out again when it asks of other days.
  derived: situation,
  trigger: situation,
  strategy: [...situation, 'triggers'],
  treatment: [...situation, 'triggers', 'offer'],
  factor: [...situation, 'triggers', 'offer'],
  column: [...situation, 'triggers', 'offer'],
  rule: [...situation, 'triggers', 'offer', 'propensity', 'value'],
  eventMatch: ['event', 'now', 'customer'],
} as const satisfies Record<string, readonly Root[]>;
export type ExpressionPlace = keyof typeof readableRoots;

export interface ExpressionCompiler {
  /** `null` where there is none, and where it does not compile, which is reported. */
  condition(raw: RawCondition | undefined, spot: Spot, place: ExpressionPlace, eventData?: Type): Condition | null;
  number(source: string, spot: Spot, place: ExpressionPlace): Expression<number> | null;
  /** The consents that conditions ask for by name, each place that does. */
  readonly consentsAsked: readonly NameUse[];
  /** Of any type. */
  any(source: string, spot: Spot, place: ExpressionPlace): { readonly expression: Expression; readonly type: Type } | null;
}

/** Compiled while derived attributes are still being declared: the same source may mean something else later. */
const beforeAllIsDeclared: ReadonlySet<ExpressionPlace> = new Set(['derived', 'column']);

/**
 * Compiles against one environment. The same source gives the same object, so that a request can keep its result
 * by identity; and it is compiled once for each kind of place, since thousands of offers say the same of their value.
 * `null`: of what expressions read nothing is known, so nothing is compiled or reported.
 */
export function createExpressionCompiler(environment: Environment | null): ExpressionCompiler {
  const results = new Map<string, CompileResult>();
  const expressions = new Map<string, Expression>();
  const consentsAsked: NameUse[] = [];

  const compile = (source: string, spot: Spot, place: ExpressionPlace, expect: Expected, eventData?: Type): { readonly expression: Expression; readonly type: Type } | null => {
    if (environment === null) return null;
    for (const { text, offset } of textsSought(source, 'customer.consents')) consentsAsked.push({ name: text, warn: (message) => spot.warnInside(offset, message) });
    const key = `${expect} ${source}`;
    const inPlace = eventData === undefined && !beforeAllIsDeclared.has(place) ? `${place} ${key}` : undefined;
    const result = (inPlace === undefined ? undefined : results.get(inPlace)) ?? environment.compile(source, { roots: readableRoots[place], expect, ...given('eventData', eventData) });
    if (inPlace !== undefined) results.set(inPlace, result);
    if (!result.ok) {
      for (const { offset, message } of result.problems) spot.errorInside(offset, message);
      return null;
    }
    if (eventData !== undefined) return result;
    const shared = expressions.get(key) ?? result.expression;
    expressions.set(key, shared);
    return { expression: shared, type: result.type };
  };

  return {
    consentsAsked,
    condition: (raw, spot, place, eventData) => (raw === undefined ? null : (compile(String(raw), spot, place, 'bool', eventData)?.expression ?? null) as Condition | null),
    number: (source, spot, place) => (compile(source, spot, place, 'number')?.expression ?? null) as Expression<number> | null,
    any: (source, spot, place) => compile(source, spot, place, 'any'),
  };
}
