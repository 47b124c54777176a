import type { Json, JsonObject } from '../decision/types.js';
import { isObject, member, referredTo, schemaAt } from '../schema-reference.js';
import { bool, date, double, dyn, int, listOf, mapOf, string, timestamp, type Field, type Type } from './types.js';

/** The type that a JSON Schema gives its values; what it does not tell (a choice of types, a reference to itself) is `dyn`. */
export function typeFromJsonSchema(schema: JsonObject): Type {
  return typeOf(schema, { root: schema, byReference: new Map() });
}

/** `byReference`: what was found at each, once however often it is named; `null`: it is being looked at. */
interface Within { readonly root: JsonObject; readonly byReference: Map<string, Type | null> }

function typeOf(schema: JsonObject, within: Within): Type {
  const reference = member(schema, '$ref');
  const referred = typeof reference === 'string' ? typeAt(reference, within) : dyn;
  // What stands beside a reference holds, too, and may be what tells.
  if (referred !== dyn) return referred;
  const listed = member(schema, 'enum');
  if (Array.isArray(listed)) return typeOfValues(listed as readonly Json[]);
  const only = member(schema, 'const');
  if (only !== undefined) return typeOfValues([only]);
  switch (typeName(member(schema, 'type'))) {
    case 'object': return objectType(schema, within);
    case 'array': {
      const items = member(schema, 'items');
      return listOf(isObject(items) ? typeOf(items, within) : dyn);
    }
    case 'string': {
      const format = member(schema, 'format');
      return format === 'date' ? date : format === 'date-time' ? timestamp : string;
    }
    case 'integer': return int;
    case 'number': return double;
    case 'boolean': return bool;
    default: return isObject(member(schema, 'properties')) && member(schema, 'type') === undefined ? objectType(schema, within) : dyn;
  }
}

function typeAt(reference: string, within: Within): Type {
  const known = within.byReference.get(reference);
  if (known !== undefined) return known ?? dyn;
  within.byReference.set(reference, null);
  const target = schemaAt(reference, within.root);
  const type = target === undefined ? dyn : typeOf(target, within);
  within.byReference.set(reference, type);
  return type;
}

/** "string" for `["string", "null"]`, since null counts as missing; "number" for `["integer", "number"]`. */
function typeName(declared: Json | undefined): string | undefined {
  if (typeof declared === 'string') return declared;
  if (!Array.isArray(declared)) return undefined;
  const names = [...new Set((declared as readonly Json[]).filter((name) => name !== 'null'))];
  if (names.length === 2 && names.includes('integer') && names.includes('number')) return 'number';
  return names.length === 1 && typeof names[0] === 'string' ? names[0] : undefined;
}

function typeOfValues(values: readonly Json[]): Type {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return dyn;
  if (known.every((value) => typeof value === 'string')) return { kind: 'string', values: known };
  if (known.every((value) => typeof value === 'boolean')) return bool;
  if (known.every((value) => typeof value === 'number')) return known.every((value) => Number.isSafeInteger(value)) ? int : double;
  return dyn;
}

function objectType(schema: JsonObject, within: Within): Type {
  const properties = member(schema, 'properties');
  if (!isObject(properties)) {
    const rest = member(schema, 'additionalProperties');
    return isObject(rest) ? mapOf(string, typeOf(rest, within)) : dyn;
  }
  const required = member(schema, 'required');
  const names = new Set(Array.isArray(required) ? (required as readonly Json[]) : []);
  const fields = new Map<string, Field>();
  for (const [name, property] of Object.entries(properties)) {
    fields.set(name, { type: isObject(property) ? typeOf(property, within) : dyn, required: names.has(name) && !allowsNull(property, within) });
  }
  return { kind: 'object', fields };
}

/** Null counts as missing, so a required field that may be null may be missing. */
function allowsNull(given: Json, { root }: Within): boolean {
  if (!isObject(given)) return true;
  const target = referredTo(given, root);
  return allowsNullItself(given) && (target === undefined || allowsNullItself(target));
}

function allowsNullItself(property: JsonObject): boolean {
  const listed = member(property, 'enum');
  const types = member(property, 'type');
  if (Array.isArray(listed) && !listed.includes(null)) return false;
  if (member(property, 'const') !== undefined) return property['const'] === null;
  return typeof types === 'string' ? types === 'null' : Array.isArray(types) ? types.includes('null') : true;
}
