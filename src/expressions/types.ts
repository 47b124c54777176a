/**
 * The types that a value of an expression can have. A `dyn` is a JSON value of which nothing is declared: it is
 * examined when the expression is evaluated, and its numbers are doubles. `never` is the element of an empty list.
 */
export type Type =
  | { readonly kind: 'bool' | 'int' | 'double' | 'timestamp' | 'date' | 'duration' | 'dyn' | 'never' }
  /** `values`: the only ones that it can have. */
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  /** `open`: fields that are not declared can be read, too, as `dyn`. */
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Field>; readonly open?: boolean };

export interface Field { readonly type: Type; readonly required: boolean }
export type Kind = Type['kind'];

export const bool: Type = { kind: 'bool' };
export const int: Type = { kind: 'int' };
export const double: Type = { kind: 'double' };
export const string: Type = { kind: 'string' };
export const timestamp: Type = { kind: 'timestamp' };
export const date: Type = { kind: 'date' };
export const duration: Type = { kind: 'duration' };
export const dyn: Type = { kind: 'dyn' };
export const never: Type = { kind: 'never' };
export const listOf = (element: Type): Type => ({ kind: 'list', element });
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'map', key, value });
export const objectOf = (fields: Readonly<Record<string, Field>>): Type => ({ kind: 'object', fields: new Map(Object.entries(fields)) });

export const isNumber = (type: Type): boolean => type.kind === 'int' || type.kind === 'double';

/** The type of a place where a value of either type can stand (a list's elements, a choice's branches), or `undefined`. */
export function unify(a: Type, b: Type): Type | undefined {
  if (a.kind === 'never') return b;
  if (b.kind === 'never') return a;
  if (isNumber(a) && isNumber(b)) return a.kind === b.kind ? a : double;
  if (a.kind === 'dyn' || b.kind === 'dyn') return isJson(a) && isJson(b) ? dyn : undefined;
  if (a.kind === 'string' && b.kind === 'string') return a.values && b.values ? { kind: 'string', values: [...new Set([...a.values, ...b.values])] } : string;
  if (a.kind === 'list' && b.kind === 'list') {
    const element = unify(a.element, b.element);
    return element && listOf(element);
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = unify(a.key, b.key);
    const value = unify(a.value, b.value);
    return key && value && mapOf(key, value);
  }
  if (a.kind === 'object' && b.kind === 'object') return a === b ? a : undefined;
  return a.kind === b.kind ? a : undefined;
}

/** Whether a value of the type can be JSON: what can stand beside a `dyn`. */
function isJson(type: Type): boolean {
  if (type.kind === 'list') return isJson(type.element);
  if (type.kind === 'map') return isJson(type.value);
  return type.kind !== 'date' && type.kind !== 'timestamp' && type.kind !== 'duration';
}

/** How deep lists and maps lie within each other. */
export function nesting(type: Type): number {
  if (type.kind === 'list') return 1 + nesting(type.element);
  if (type.kind === 'map') return 1 + nesting(type.value);
  return 0;
}

const described: Readonly<Record<Exclude<Kind, 'list'>, readonly [kind: string, type: string]>> = {
  bool: ['a true/false value', 'true or false'],
  int: ['a number', 'an integer'],
  double: ['a number', 'a number'],
  string: ['a text', 'a string'],
  timestamp: ['a timestamp', 'a timestamp'],
  date: ['a date', 'a date'],
  duration: ['a duration', 'a duration'],
  dyn: ['an undeclared value', 'of no declared type'],
  never: ['nothing', 'empty'],
  map: ['a map', 'a map'],
  object: ['an object', 'an object'],
};
const plurals: Partial<Record<Kind, string>> = { bool: 'true/false values', int: 'integers', double: 'numbers', string: 'strings', timestamp: 'timestamps', date: 'dates', duration: 'durations', object: 'objects', list: 'lists', map: 'maps' };

/** Its kind in everyday words, with the article: "a number", "a text". */
export const kindInWords = (type: Type): string => (type.kind === 'list' ? 'a list' : described[type.kind][0]);

/** Its type in words: "an integer", "a list of strings". */
export function typeInWords(type: Type): string {
  if (type.kind !== 'list') return described[type.kind][1];
  const elements = manyInWords(type.element);
  return elements === undefined ? 'a list' : `a list of ${elements}`;
}

/** "integers", "strings"; `undefined` where nothing is declared. */
export const manyInWords = (type: Type): string | undefined => plurals[type.kind];
