import type { Json, JsonObject } from '../../decision/types.js';
import { referredTo } from '../../schema-reference.js';

export type CsvValue = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const booleans: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false };

/** A cell as the type that the attribute's schema gives it; text where the schema gives none. `root`: the schema that the
 *  attribute's references (`#/$defs/day`) point into. */
export function readCsvValue(text: string, schema: Json | undefined, root: JsonObject): CsvValue {
  const types = typesOf(schema, root);
  const refused = (expected: string): CsvValue => ({ ok: false, reason: `must be ${expected}, not "${text.slice(0, 60)}"` });
  // The narrowest first: of [string, number], "12" is a number.
  if (types.includes('integer') || types.includes('number')) {
    if (numberText.test(text) && Number.isFinite(Number(text))) return { ok: true, value: Number(text) };
    if (!types.includes('string')) return refused(`a number${/^[+-]?\d+,\d+$/.test(text) ? ' (decimals after a point)' : ''}`);
  }
  if (types.includes('boolean')) {
    const word = text.toLowerCase();
    if (Object.hasOwn(booleans, word)) return { ok: true, value: booleans[word]! };
    if (!types.includes('string')) return refused('true or false (or 1, 0, yes, no)');
  }
  if (types.includes('array')) return { ok: true, value: listOf(text, itemsOf(schema, root), root) };
  if (types.includes('object')) return objectOf(text) ?? refused('a JSON object');
  return { ok: true, value: text };
}

/** The schema and, where it refers to another, that one: both hold. */
function partsOf(schema: Json | undefined, root: JsonObject): readonly JsonObject[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  const own = schema as JsonObject;
  const referred = Object.hasOwn(own, '$ref') ? referredTo(own, root) : undefined;
  return referred === undefined ? [own] : [referred, own];
}

/** Of the part that tells. */
function typesOf(schema: Json | undefined, root: JsonObject): readonly string[] {
  for (const { type, enum: allowed } of partsOf(schema, root)) {
    if (typeof type === 'string') return [type];
    if (Array.isArray(type)) return type as readonly string[];
    // An empty cell is a missing value, so that of the values null is none that a cell can have.
    if (Array.isArray(allowed)) return (allowed as readonly Json[]).filter((value) => value !== null).map((value) => typeof value);
  }
  return [];
}

function itemsOf(schema: Json | undefined, root: JsonObject): Json | undefined {
  return partsOf(schema, root).find(({ items }) => items !== undefined)?.['items'];
}

/** Items that do not fit their type stay text, for the schema to refuse. */
function listOf(text: string, items: Json | undefined, root: JsonObject): Json {
  return text.split(/[|;]/).map((item) => item.trim()).filter((item) => item !== '').map((item) => {
    const read = readCsvValue(item, items, root);
    return read.ok ? read.value : item;
  });
}

function objectOf(text: string): CsvValue | null {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ok: true, value } : null;
  } catch {
    return null;
  }
}
