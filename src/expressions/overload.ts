import type { Calendar } from '../decision/calendar.js';
import { fixedSlots } from './slots.js';
import type { Overload, Parameter } from './signature.js';
import type { Apply, Term } from './term.js';
import { bool, date, double, dyn, int, listOf, mapOf, string, timestamp, type Type } from './types.js';

/** The customer's calendar, as an argument. Its root is `now`: like the time, it is known only when a request is decided. */
export const calendarTerm: Term = { op: 'slot', slot: fixedSlots.calendar, root: 'now', path: '', mayBeMissing: false, type: dyn, text: '', offset: 0 };

/** The customer's event history, as an argument. It is the customer's, and what it says depends on the time. */
export const eventsTerm: Term = { op: 'slot', slot: fixedSlots.events, root: 'customer', path: 'customer.events', mayBeMissing: false, type: dyn, text: '', offset: 0 };

/** What it costs to pass a value of a type for a parameter: 0 as it is, 1 converted, 2 examined; `undefined`: it cannot be. */
export function matchCost(parameter: Parameter, type: Type): number | undefined {
  if (type.kind === 'dyn' || type.kind === 'never') return examine[parameter] === undefined ? undefined : 2;
  if (parameter === type.kind) return 0;
  switch (parameter) {
    case 'double': return type.kind === 'int' ? 1 : undefined;
    case 'map': return type.kind === 'object' ? 0 : undefined;
    case 'instant': return type.kind === 'timestamp' ? 0 : type.kind === 'date' ? 1 : undefined;
    case 'day': return type.kind === 'date' ? 0 : type.kind === 'timestamp' ? 1 : undefined;
    default: return undefined;
  }
}

type Fits = (value: unknown) => boolean;
/** How a `dyn` is examined; there is no JSON for dates and times. */
const examine: Partial<Record<Parameter, Fits>> = {
  bool: (value) => typeof value === 'boolean',
  int: Number.isSafeInteger,
  double: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  list: Array.isArray,
  map: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const examinedTypes: Partial<Record<Parameter, Type>> = { bool, int, double, string, list: listOf(dyn), map: mapOf(string, dyn) };

/** The term as the parameter wants it. */
export function convertTo(parameter: Parameter, term: Term): Term {
  const { text, offset } = term;
  const call = (name: string, type: Type, args: readonly Term[], apply: Apply, canFail: boolean): Term => ({ op: 'call', name, apply, canFail, args, type, text, offset });
  if (term.type.kind === 'dyn' || term.type.kind === 'never') {
    const fits = examine[parameter];
    return fits === undefined ? term : call(`${parameter}?`, examinedTypes[parameter] ?? dyn, [term], ((value: unknown) => (fits(value) ? value : undefined)), true);
  }
  if (parameter === 'instant' && term.type.kind === 'date') return call('startOfDay', timestamp, [calendarTerm, term], (calendar: Calendar, day: number) => calendar.startOfDay(day), false);
  if (parameter === 'day' && term.type.kind === 'timestamp') return call('dayOf', date, [calendarTerm, term], (calendar: Calendar, ms: number) => calendar.dayOf(ms), false);
  return term;
}

/** The overloads that take arguments of these types, the cheapest first. Of a `dyn`, whose numbers are doubles, an
 *  overload for integers is left out where there is one for doubles. */
export function candidates(overloads: readonly Overload[], variadic: boolean, types: readonly Type[]): readonly Overload[] {
  if (variadic && types.length === 0) return [];
  const fitting = overloads.map((overload) => (variadic ? { ...overload, parameters: types.map(() => overload.parameters[0]!) } : overload))
    .map((overload) => ({ overload, cost: costOf(overload, types) }))
    .filter((entry): entry is { overload: Overload; cost: number } => entry.cost !== undefined)
    .sort((a, b) => a.cost - b.cost).map(({ overload }) => overload);
  const examined = types.flatMap((type, index) => (type.kind === 'dyn' || type.kind === 'never' ? [index] : []));
  if (examined.length === 0) return fitting.slice(0, 1);
  const takesDouble = (index: number): boolean => fitting.some((overload) => overload.parameters[index] === 'double');
  return fitting.filter((overload) => !examined.some((index) => overload.parameters[index] === 'int' && takesDouble(index)));
}

function costOf({ parameters }: Overload, types: readonly Type[]): number | undefined {
  if (parameters.length !== types.length) return undefined;
  let sum = 0;
  for (const [index, type] of types.entries()) {
    const cost = matchCost(parameters[index]!, type);
    if (cost === undefined) return undefined;
    sum += cost;
  }
  return sum;
}

/** For arguments that several overloads could take: picks by their values. */
export function dispatch(overloads: readonly Overload[]): Apply {
  const fits = (overload: Overload, values: readonly unknown[]): boolean => values.every((value, index) => {
    const test = examine[overload.parameters[index]!];
    return test === undefined || test(value);
  });
  return ((...values: unknown[]) => {
    const overload = overloads.find((candidate) => fits(candidate, values));
    return overload === undefined ? undefined : (overload.apply as (...values: unknown[]) => unknown)(...values);
  });
}
