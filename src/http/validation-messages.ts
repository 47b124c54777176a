import type { ErrorObject } from 'ajv';
import type { Detail } from '../errors.js';
import { escapePointer } from './json-body.js';
import type { Schema } from './specification.js';
import { suggest } from '../suggestion.js';

/** More are not put into words: a body of 1 MB can hold 100,000 mistakes. */
const mostDescribed = 50;

/** Ajv's errors in words, each with the pointer to what is wrong or missing; at least one, and one for each pointer.
 *  `root` is the value that was checked. */
export function describeMistakes(errors: readonly ErrorObject[], root: unknown): readonly Detail[] {
  const details = new Map<string, Detail>();
  for (const error of errors) {
    if (details.size === mostDescribed) break;
    if (error.keyword === 'if' || error.keyword === 'propertyNames') continue;       // the errors inside say it
    if (error.keyword === 'type' && (error.parentSchema as Schema).enum !== undefined) continue;       // the list of what may be says more
    const pointer = pointerOf(error);
    if (!details.has(pointer)) details.set(pointer, { pointer, detail: describe(error, root) });
  }
  return [...details.values()];
}

function pointerOf({ instancePath, keyword, params, propertyName }: ErrorObject): string {
  if (keyword === 'uniqueItems') return `${instancePath}/${Math.max(Number(params['i']), Number(params['j']))}`;
  const named: unknown = keyword === 'required' ? params['missingProperty'] : keyword === 'additionalProperties' ? params['additionalProperty'] : propertyName;
  return typeof named === 'string' ? `${instancePath}/${escapePointer(named)}` : instancePath;
}

const formats: Readonly<Record<string, string>> = {
  'date-time': 'must be a date and time with its offset (RFC 3339), such as "2026-11-23T10:00:00Z"',
  'time-zone': 'must be an IANA time zone, such as "Europe/Stockholm"',
};

function describe(error: ErrorObject, root: unknown): string {
  const params = error.params as Readonly<Record<string, unknown>>;
  const schema = (error.parentSchema ?? {}) as Schema;
  const limit = Number(params['limit']);
  switch (error.keyword) {
    case 'required': return schema.description !== undefined && error.schemaPath.includes('/else/') ? `is missing: ${schema.description}` : 'is missing';
    case 'additionalProperties': return unknownMember(String(params['additionalProperty']), Object.keys(schema.properties ?? {}));
    case 'type': return `must be ${typeName(params['type'])}, not ${typeOf(error.data)}`;
    case 'enum': return oneOf(error.data, (schema.enum ?? []).map(String));
    case 'const': return `must be ${String(params['allowedValue'])}${schema.description === undefined ? '' : `: ${schema.description}`}`;
    case 'uniqueItems': return `is the same as the entry ${Math.min(Number(params['i']), Number(params['j']))}`;
    case 'minimum': return `must be at least ${limit}`;
    case 'maximum': return `must be at most ${limit}`;
    case 'minLength': return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength': return `must have at most ${limit} characters`;
    case 'minItems': return limit === 1 ? 'must not be empty' : `must have at least ${limit} entries`;
    case 'maxItems': return `must have at most ${limit} entries`;
    case 'maxProperties': return `must have at most ${limit} members`;
    case 'pattern': return schema.description === undefined ? `must match ${schema.format ?? String(params['pattern'])}` : `must be ${inSentence(schema.description)}`;
    case 'format': return formats[String(params['format'])] ?? (schema.description === undefined ? `must be a ${String(params['format'])}` : `must be ${inSentence(schema.description)}`);
    case 'false schema': {
      const sibling = siblingOf(error.instancePath, root);
      return sibling === null ? 'is not taken here' : `cannot be given together with ${sibling}`;
    }
    default: return error.message ?? 'is not valid';
  }
}

function unknownMember(name: string, members: readonly string[]): string {
  const near = suggest(name, members);
  return `is not a member that is known here${near === undefined ? `; there are ${members.join(', ')}` : `; did you mean "${near}"?`}`;
}

function oneOf(given: unknown, allowed: readonly string[]): string {
  const near = typeof given === 'string' ? suggest(given, allowed) : undefined;
  return `must be one of ${allowed.join(', ')}${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

const typeNames: Readonly<Record<string, string>> = { object: 'an object', array: 'an array', string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false', null: 'null' };

function typeName(type: unknown): string {
  return (Array.isArray(type) ? type : [type]).map((name) => typeNames[String(name)] ?? String(name)).join(' or ');
}

function typeOf(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'boolean' ? String(value) : (typeNames[typeof value] ?? typeof value);
}

/** Of the members that stand for one another, the one that rules this one out; `null`: nothing does, it is never taken. */
function siblingOf(pointer: string, root: unknown): string | null {
  const parent = pointer.split('/').slice(1, -1).reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], root);
  if (Object.hasOwn(parent as object, 'token')) return '"token", which says it already';
  const rivals = pointer.endsWith('/customerId') ? ['visitorId'] : pointer.endsWith('/subject') ? ['visitorid'] : ['activity', 'channels'];
  return rivals.filter((name) => Object.hasOwn(parent as object, name)).map((name) => `"${name}"`)[0] ?? null;
}

function inSentence(description: string): string {
  const text = description.replace(/\.$/, '');
  return text.startsWith('An ') || text.startsWith('A ') ? text[0]!.toLowerCase() + text.slice(1) : text;
}
