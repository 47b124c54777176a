import type { Json, JsonObject } from './decision/types.js';

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const member = (schema: JsonObject, name: string): Json | undefined => (Object.hasOwn(schema, name) ? schema[name] : undefined);

/** What a reference (`#/$defs/day`) stands for; `undefined`: nothing within the same JSON Schema. */
export function schemaAt(reference: string, root: JsonObject): JsonObject | undefined {
  const found = partAt(reference, root);
  return isObject(found) ? found : undefined;
}

/** As `schemaAt`, also what is no mapping (`true`). */
export function partAt(reference: string, root: JsonObject): Json | undefined {
  const [start, ...names] = reference.split('/');
  let found: Json | undefined = start === '#' ? root : undefined;
  for (const name of names) found = isObject(found) || Array.isArray(found) ? member(found as JsonObject, name.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined;
  return found;
}

/** The schema itself, or where its references end; `undefined`: nowhere, or in a circle. */
export function referredTo(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const followed = new Set<Json>();
  let found: JsonObject | undefined = schema;
  for (let reference = member(schema, '$ref'); found !== undefined && reference !== undefined; reference = found && member(found, '$ref')) {
    if (typeof reference !== 'string' || followed.has(reference)) return undefined;
    followed.add(reference);
    found = schemaAt(reference, root);
  }
  return found;
}
