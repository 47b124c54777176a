import type { Apply } from './term.js';
import type { Type } from './types.js';

/**
 * What an argument must be. `instant`: a timestamp, or a date, which counts as the start of that day in the customer's
 * time zone. `day`: a date, or a timestamp, which counts as the day that it lies in there. An int goes where a double
 * is asked for; a `dyn` goes everywhere that JSON can, and is examined at evaluation.
 */
export type Parameter = 'bool' | 'int' | 'double' | 'string' | 'timestamp' | 'instant' | 'date' | 'day' | 'duration' | 'list' | 'map';

export interface Overload {
  readonly parameters: readonly Parameter[];
  readonly result: Type | ((args: readonly Type[]) => Type);
  readonly apply: Apply;
  /** There are arguments for which it has no result. */
  readonly canFail: boolean;
  /** `apply` gets the customer's calendar first. */
  readonly zoned?: boolean;
  /** `apply` gets the customer's event history first; the first argument names an event type. */
  readonly historic?: boolean;
}

export interface Operation {
  /** For messages: how it is written. */
  readonly usage: string;
  /** Written as `a.name(b)`, as `name(a, b)`, or either. */
  readonly form: 'function' | 'method' | 'both';
  /** More arguments of the last parameter's kind may follow. */
  readonly variadic?: boolean;
  readonly overloads: readonly Overload[];
}

export const total = (parameters: readonly Parameter[], result: Overload['result'], apply: Apply): Overload => ({ parameters, result, apply, canFail: false });
export const partial = (parameters: readonly Parameter[], result: Overload['result'], apply: Apply): Overload => ({ parameters, result, apply, canFail: true });
export const historic = (overload: Overload): Overload => ({ ...overload, historic: true });
export const zoned = (overload: Overload): Overload => ({ ...overload, zoned: true });

/** An integer that is counted exactly, or nothing: 2^53 and beyond would be rounded. Never -0. */
export const exact = (value: number): number | undefined => (Number.isSafeInteger(value) ? value + 0 : undefined);
/** A number, or nothing: neither infinity nor NaN can be compared or multiplied to any use. */
export const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
