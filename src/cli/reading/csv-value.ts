import type { Json, JsonObject } from '../../decision/types.js';

export type CsvValue = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const booleans: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false };

/** A cell as the type that the attribute's schema gives it; text where the schema gives none. */
export function readCsvValue(text: string, schema: Json | undefined, delimiter: string): CsvValue {
  const types = typesOf(schema);
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
  if (types.includes('array')) return { ok: true, value: listOf(text, schema as JsonObject, delimiter) };
  if (types.includes('object')) return objectOf(text) ?? refused('a JSON object');
  return { ok: true, value: text };
}

function typesOf(schema: Json | undefined): readonly string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  const { type, enum: allowed } = schema as JsonObject;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type as readonly string[];
  return Array.isArray(allowed) ? allowed.map((value) => typeof value) : [];
}

/** Items that do not fit their type stay text, for the schema to refuse. */
function listOf(text: string, schema: JsonObject, delimiter: string): Json {
  return text.split(/[|;]/).map((item) => item.trim()).filter((item) => item !== '').map((item) => {
    const read = readCsvValue(item, schema['items'], delimiter);
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
