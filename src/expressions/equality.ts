/** Deeper than any value that an expression builds; a JSON value may be deeper, and is then equal to itself only. */
const maxDepth = 100;

/** CEL's equality over known values: by content for lists, maps and objects. Numbers are equal across int and double. */
export function equal(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (depth > maxDepth) return false;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((element, index) => equal(element, b[index], depth + 1));
  const left = entriesOf(a);
  const right = entriesOf(b);
  if (left.size !== right.size) return false;
  for (const [key, value] of left) if (!right.has(key) || !equal(value, right.get(key), depth + 1)) return false;
  return true;
}

const entriesOf = (value: object): ReadonlyMap<unknown, unknown> => (value instanceof Map ? (value as ReadonlyMap<unknown, unknown>) : new Map(Object.entries(value).filter(([, member]) => member !== null)));

/** A member of a map or a JSON object; own ones only, and null counts as missing. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (value instanceof Map) return (value as ReadonlyMap<unknown, unknown>).get(key);
  if (typeof key !== 'string' || typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key] ?? undefined;
}

/** The element at an index, from 0; null counts as missing. */
export const elementOf = (list: readonly unknown[], index: number): unknown => (Number.isInteger(index) && index >= 0 && index < list.length ? (list[index] ?? undefined) : undefined);
