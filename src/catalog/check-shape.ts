import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { fromPointer } from './problem.js';
import { conditionMeant, shapeHint } from './shape-hints.js';
import type { Spot } from './spot.js';
import { stewardship } from './schemas/parts.js';
import { didYouMean } from '../suggestion.js';

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true, logger: false });
formats.default(ajv);
const validators = new Map<object, ValidateFunction>();
const errorsShown = 200;

/**
 * Reports what does not fit the schema, and gives the value without it: every part that is left is of its shape, so
 * that the checks of what it means go on for the rest. The value itself is changed.
 */
export function checkShape(schema: object, value: unknown, spot: Spot): unknown {
  return checkParts(schema, value, spot).value;
}

/** The same. `isWhole`: nothing was left out, so that what is not there was never written. */
export function checkParts(schema: object, value: unknown, spot: Spot): { readonly value: unknown; readonly isWhole: boolean } {
  const validate = validatorOf(schema);
  if (validate(value)) return { value, isWhole: true };
  const holder = { value };
  for (const error of (validate.errors ?? []).slice(0, errorsShown)) {
    // "propertyNames" only repeats what the error of the name itself says.
    if (error.keyword === 'propertyNames') continue;
    report(error, spot, schema);
    const path = fromPointer(error.instancePath);
    if (error.keyword === 'additionalProperties') takeOut(holder, ['value', ...path, unknownMember(error)]);
    else if (error.propertyName !== undefined) takeOut(holder, ['value', ...path, error.propertyName]);
    else if (error.keyword !== 'required') takeOut(holder, ['value', ...path]);
  }
  return { value: holder.value, isWhole: (validate.errors ?? []).every(({ keyword }) => keyword === 'required') };
}

function validatorOf(schema: object): ValidateFunction {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  return validate;
}

function report(error: ErrorObject, spot: Spot, schema: object): void {
  const at = spot.at(...fromPointer(error.instancePath));
  if (error.propertyName !== undefined) return at.at(error.propertyName).errorAtKey(sentence(error));
  if (error.keyword !== 'additionalProperties') return at.error(isCondition(error) ? conditionMeant(error.data) : sentence(error) + shapeHint(error));
  const name = unknownMember(error);
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined ?? {}).properties ?? {});
  at.at(name).errorAtKey(`unknown member "${shortened(name)}"${placeOf(name, fromPointer(error.instancePath), schema) ?? (didYouMean(name, known) || among(name, known))}`);
}

const isCondition = ({ keyword, parentSchema }: ErrorObject): boolean => keyword === 'type' && (parentSchema as { readonly title?: string } | undefined)?.title === 'condition';

const membersListed = 12;

/** All that there are, where they are few, without those that say who cares for it. */
function among(name: string, known: readonly string[]): string {
  if (name === '<<') return ': members cannot be taken over from another entry, so write them out';
  const own = known.filter((member) => !Object.hasOwn(stewardship, member));
  return own.length === 0 || own.length > membersListed ? '' : `; there ${own.length === 1 ? 'is' : 'are'} ${own.join(', ')}`;
}

/** Where a member of this name does stand: a member too deep or not deep enough is the commonest mistake in a new entry. */
function placeOf(name: string, inside: readonly string[], schema: object): string | undefined {
  const membersOf = (of: unknown): Readonly<Record<string, unknown>> => (of as { readonly properties?: Readonly<Record<string, unknown>> }).properties ?? {};
  const members = membersOf(schema);
  if (inside.length === 1 && Object.hasOwn(members, name)) return `: it stands beside \`${inside[0]!}\`, not in it`;
  const homes = inside.length === 0 ? Object.keys(members).filter((home) => Object.hasOwn(membersOf(members[home]), name)) : [];
  return homes.length === 1 ? `: it stands in \`${homes[0]!}\`` : undefined;
}

function unknownMember({ params }: ErrorObject): string {
  return (params as { additionalProperty: string }).additionalProperty;
}

/** Lists keep their length: the places of the items that stay are still right. */
function takeOut(holder: object, path: readonly string[]): void {
  let inside: unknown = holder;
  for (const segment of path.slice(0, -1)) {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, segment)) return;
    inside = (inside as Record<string, unknown>)[segment];
  }
  if (typeof inside !== 'object' || inside === null) return;
  const last = path.at(-1)!;
  if (Array.isArray(inside)) inside[Number(last)] = undefined;
  else Reflect.deleteProperty(inside, last);
}

const typeNames: Readonly<Record<string, string>> = { string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false', object: 'a mapping', array: 'a list', null: 'empty' };

/** An ajv error in plain words; `params` and `schema` are those of the keyword. */
export function sentence({ keyword, params, schema, parentSchema, data }: ErrorObject): string {
  const given = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'type': {
      const types = [given['type']].flat() as string[];
      const special = typeof data === 'number' ? writtenAs((parentSchema as { title?: string } | undefined)?.title, data) : undefined;
      if (special !== undefined) return special;
      const quote = types.includes('string') && (typeof data === 'boolean' || (typeof data === 'number' && Number.isFinite(data))) ? ' (put it in quotes)' : '';
      return `must be ${listed(types.map((type) => typeNames[type] ?? type))}, not ${describe(data)}${quote}${types.includes('number') ? decimalPoint(data) : ''}`;
    }
    case 'enum': {
      const allowed = (schema as readonly unknown[]).map(String);
      return `must be one of ${allowed.join(', ')}, not ${describe(data)}${typeof data === 'string' ? didYouMean(data, allowed) : ''}`;
    }
    case 'const': return `must be ${JSON.stringify(schema)}`;
    case 'required': return `"${String(given['missingProperty'])}" is missing`;
    case 'minimum': return `must be at least ${String(schema)}, not ${String(data)}`;
    case 'exclusiveMinimum': return `must be more than ${String(schema)}, not ${String(data)}`;
    case 'maximum': return `must be at most ${String(schema)}, not ${String(data)}`;
    case 'exclusiveMaximum': return `must be less than ${String(schema)}, not ${String(data)}`;
    case 'pattern': {
      const { description = `text that matches ${String(schema)}` } = parentSchema as { description?: string };
      return `must be ${description[0]!.toLowerCase()}${description.slice(1)}, not ${describe(data)}`;
    }
    case 'minLength': case 'minItems': case 'minProperties':
      return schema === 1 ? 'must not be empty' : `must have at least ${String(schema)} ${units[keyword]}`;
    case 'maxLength': case 'maxItems': case 'maxProperties': return `must have at most ${String(schema)} ${units[keyword]}`;
    case 'uniqueItems': return `names ${describe((data as readonly unknown[])[given["i"] as number])} twice`;
    case 'format': return `must be a ${String(schema)}, not ${describe(data)}`;
    case 'dependentRequired': return `"${String(given['missingProperty'])}" is missing: "${String(given['property'])}" needs it`;
    default: return `does not fit: ${keyword} ${JSON.stringify(schema)}`;
  }
}

/** "0,05" where a number belongs. */
function decimalPoint(data: unknown): string {
  return typeof data === 'string' && /^[+-]?\d+,\d+$/.test(data) ? `: a decimal number is written with a point, ${data.replace(',', '.')}` : '';
}

/** A number where a text of a certain form belongs, by the `title` of its schema: how that number is written. */
function writtenAs(title: string | undefined, data: number): string | undefined {
  switch (title) {
    case 'duration': return `must be a duration, not ${data}: write it with its unit, as ${['m', 'h', 'd'].map((unit) => `${Number.isSafeInteger(data) && data > 0 ? data : 30}${unit}`).join(', ').replace(/, (?=\w+$)/, ' or ')}`;
    case 'date': return `must be a date, not ${data}: write it as 2026-11-23`;
    case 'time of day': {
      const minute = Math.round((data % 1) * 100);
      const written = data >= 0 && data < 24 && minute < 60 ? [Math.floor(data), minute].map((part) => String(part).padStart(2, '0')).join(':') : '21:00';
      return `must be a time of day in quotes, not ${data}: write it as "${written}"`;
    }
    default: return undefined;
  }
}

const units = { minLength: 'characters', maxLength: 'characters', minItems: 'items', maxItems: 'items', minProperties: 'members', maxProperties: 'members' } as const;

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

function describe(data: unknown): string {
  if (data === null || data === undefined) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a mapping';
  if (typeof data === 'string') return data === '' ? 'empty' : `"${shortened(data)}"`;
  return typeof data === 'number' || typeof data === 'boolean' ? String(data) : typeof data;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
