import type { ErrorObject } from 'ajv/dist/2020.js';

/** What to write in place of what does not fit, where it can be told; else nothing. Said of catalogs only, since whoever
 *  calls the API is a program. */
export function shapeHint({ keyword, params, schema, parentSchema, data }: ErrorObject): string {
  if (keyword === 'maximum' && schema === 1 && typeof data === 'number' && data >= 2 && data <= 100) return `: ${data} % is written ${asShare(data)}`;
  if (keyword !== 'type') return '';
  const types = [(params as { readonly type?: unknown }).type].flat() as readonly string[];
  if (typeof data === 'string') {
    if (types.includes('number') || types.includes('integer')) return numberMeant(data);
    if (types.includes('boolean') && !types.includes('string')) return booleanMeant(data);
  }
  if (typeof data === 'number' && !Number.isFinite(data)) return ', which is beyond all numbers that can be counted with';
  if (types.includes('object') && data !== null) return membersOf(parentSchema as SchemaOfObject | undefined);
  if (types.includes('array')) return listMeant(data);
  return '';
}

/** In place of "must be text or true or false", which a condition is to YAML. */
export function conditionMeant(data: unknown): string {
  if (Array.isArray(data)) return 'must be one condition, not a list: join its parts with && (and) or || (or)';
  if (data === null) return 'is empty: write a condition, or take this line out';
  return `must be a condition, as customer.age >= 18, not ${typeof data === 'number' ? String(data) : 'a mapping'}`;
}

function numberMeant(text: string): string {
  const share = /^(\d+(?:[.,]\d+)?)\s*%$/.exec(text)?.[1];
  if (share !== undefined) return `: ${share} % is written ${asShare(Number(share.replace(',', '.')))}`;
  if (/^[+-]?\d{1,3}(?:[ \u00A0\u202F'’]\d{3})+$/.test(text)) return `: write it as ${text.replace(/[^\d+-]/g, '')}`;
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? ': take the quotes away' : '';
}

function booleanMeant(text: string): string {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return ': take the quotes away';
  return ['yes', 'on', 'no', 'off'].includes(word) ? `: write ${word === 'yes' || word === 'on'}` : '';
}

interface SchemaOfObject { readonly required?: readonly string[]; readonly properties?: object }

/** "{ event: … }", of the members that it must have, or of the first that it may have. */
function membersOf({ required = [], properties = {} }: SchemaOfObject = {}): string {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 2);
  return names.length === 0 ? '' : `: write it as { ${names.map((name) => `${name}: …`).join(', ')} }`;
}

function listMeant(data: unknown): string {
  if (typeof data === 'string') return `: write it as [${data.length > 60 ? '…' : data}]`;
  return typeof data === 'object' && data !== null ? ': begin each item with "- "' : '';
}

/** Without what binary fractions leave behind. */
const asShare = (percent: number): string => String(Number((percent / 100).toPrecision(12)));
