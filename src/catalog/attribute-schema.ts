import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';
import type { AttributeSchema, Json, JsonObject } from '../decision/types.js';
import { messageOf } from '../errors.js';
import { sentence } from './check-shape.js';
import { fromPointer, toPointer } from './problem.js';
import { schemaTypeHint } from './schema-type-hint.js';
import type { Spot } from './spot.js';
import { partAt } from '../schema-reference.js';
import { didYouMean } from '../suggestion.js';

const violationsShown = 100;

/** What the library would say to the terminal is reported as a problem with its place. */
const options = { allErrors: true, verbose: true, strict: false, logger: false } as const;
const metaschema = new Ajv2020(options);
const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** A schema's `pattern` meets texts from requests: RE2 takes a time that grows with the text only, where JavaScript's own
 *  expressions can take for ever on a text made for it. Looking ahead or back, and references to groups, it has not. */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const expression = RE2JS.compile(pattern);
    return { test: (text: string): boolean => expression.matcher(text).find() };
  },
  { code: 'undefined' },
);

/**
 * Compiles one of the JSON Schemas that a catalog carries; `undefined`, and reported, where it is none.
 */
export function compileAttributeSchema(schema: JsonObject, spot: Spot): AttributeSchema | undefined {
  if (schema['type'] !== 'object') {
    spot.error('must be the schema of an object: "type: object" is missing');
    return undefined;
  }
  if (!reportMisfits(schema, spot)) return undefined;
  // One of its own for each schema: a shared one keeps every schema, and every $id, that it ever saw. It needs no
  // metaschema, whose compiling takes longer than all else.
  const ajv = new Ajv2020({ ...options, meta: false, validateSchema: false, ownProperties: true, code: { regExp: linearRegExp } });
  formats.default(ajv);
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(withExactIntegers(schema));
  } catch (error) {
    spot.error(`is no usable JSON Schema: ${messageOf(error)}`);
    return undefined;
  }
  return {
    json: schema,
    violations: (value, { complete }) => {
      if (validate(value)) return [];
      return (validate.errors ?? [])
        .filter((error) => complete || error.keyword !== 'required' || error.instancePath !== '')
        .slice(0, violationsShown)
        .map((error) => {
          if (error.keyword === 'required') return { pointer: error.instancePath + toPointer([(error.params as { missingProperty: string }).missingProperty]), detail: 'is missing' };
          if (error.keyword !== 'additionalProperties') return { pointer: error.instancePath, detail: sentence(error) };
          const name = (error.params as { additionalProperty: string }).additionalProperty;
          return { pointer: error.instancePath + toPointer([name]), detail: `is not declared in the catalog's schema${didYouMean(name, propertyNames(error.parentSchema))}` };
        });
    },
  };
}

/** The same for integers that are counted exactly only: conditions know no others, and one beyond would pass here and be
 *  missing there. */
function withExactIntegers(schema: JsonObject): JsonObject {
  const exact = structuredClone(schema) as Record<string, Json>;
  for (const { schema: part } of schemasIn(exact, [])) {
    const types = [part['type']].flat();
    if (!types.includes('integer') || types.includes('number')) continue;
    const { minimum, maximum } = part as { readonly minimum?: number; readonly maximum?: number };
    Object.assign(part, { minimum: Math.max(minimum ?? -Infinity, Number.MIN_SAFE_INTEGER), maximum: Math.min(maximum ?? Infinity, Number.MAX_SAFE_INTEGER) });
  }
  return exact;
}

/** Bounds that no integer that is counted exactly lies within. Not where another part of the schema may be what fits. */
function* beyondExact(root: JsonObject): Generator<{ readonly path: KeyPath; readonly message: string }> {
  for (const { schema, path } of schemasIn(root, [])) {
    if (![schema['type']].flat().every((type) => type === 'integer' || type === 'null') || path.some((name) => choices.includes(name))) continue;
    const { minimum, maximum } = schema;
    const found = Number(minimum ?? 0) > Number.MAX_SAFE_INTEGER ? 'minimum' : Number(maximum ?? 0) < Number.MIN_SAFE_INTEGER ? 'maximum' : undefined;
    if (found !== undefined) yield { path: [...path, found], message: `no integer can be so: they are counted exactly to ±${Number.MAX_SAFE_INTEGER} only; let it be a text (type: string)` };
  }
}

/** What is no JSON Schema by the metaschema, and members that no JSON Schema has (a misspelt keyword is ignored by a validator). */
function reportMisfits(schema: JsonObject, spot: Spot): boolean {
  let fits = true;
  if (schema['$schema'] !== undefined && schema['$schema'] !== dialect) {
    spot.at('$schema').error(`must be ${dialect}: no other version of JSON Schema is read`);
    return false;
  }
  for (const { path, name } of unknownKeywords(schema, [])) {
    spot.at(...path, name).errorAtKey(`"${name}" is no member of a JSON Schema${didYouMean(name, keywords)}`);
    fits = false;
  }
  for (const { path, message } of [...misnamed(schema, []), ...danglingReferences(schema), ...beyondExact(schema)]) {
    spot.at(...path).error(message);
    fits = false;
  }
  if (metaschema.validateSchema(schema) !== true) {
    const said = new Set<string>();
    for (const error of metaschema.errors ?? []) {
      if (said.has(error.instancePath) || error.keyword === 'anyOf' || error.keyword === 'if') continue;
      said.add(error.instancePath);
      const message = sentence(error);
      spot.at(...fromPointer(error.instancePath)).error(message.includes('did you mean') ? message : message + schemaTypeHint(error));
      fits = false;
    }
  }
  return fits;
}

const formatNames: ReadonlySet<string> = new Set(Object.keys(formats.default(new Ajv2020(options)).formats));

const annotations = ['$schema', '$id', '$ref', '$defs', '$anchor', '$comment', '$dynamicRef', '$dynamicAnchor', 'definitions', 'title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', 'then', 'else', 'minContains', 'maxContains', 'contentEncoding', 'contentMediaType', 'contentSchema'];

const keywords: ReadonlySet<string> = new Set([...annotations, ...Object.keys(metaschema.RULES.keywords)]);

const byName = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const single = ['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'contains', 'propertyNames', 'not', 'if', 'then', 'else'];
const choices: readonly (string | number)[] = ['not', 'if', 'anyOf', 'oneOf'];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

type KeyPath = readonly (string | number)[];

function* unknownKeywords(schema: JsonObject, path: KeyPath): Generator<{ readonly path: KeyPath; readonly name: string }> {
  for (const part of schemasIn(schema, path)) {
    for (const name of Object.keys(part.schema)) {
      if (!keywords.has(name) && !name.startsWith('x-')) yield { path: part.path, name };
    }
  }
}

/** Formats that nothing checks, and required members that cannot be there. */
function* misnamed(root: JsonObject, at: KeyPath): Generator<{ readonly path: KeyPath; readonly message: string }> {
  for (const { schema, path } of schemasIn(root, at)) {
    const { format, required, properties, patternProperties } = schema;
    if (typeof format === 'string' && !formatNames.has(format)) yield { path: [...path, 'format'], message: `there is no format "${format.slice(0, 60)}"${didYouMean(format, formatNames)}` };
    if (!Array.isArray(required) || schema['additionalProperties'] !== false || patternProperties !== undefined) continue;
    const declared = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
    for (const [index, name] of (required as readonly Json[]).entries()) {
      if (typeof name === 'string' && !declared.includes(name)) yield { path: [...path, 'required', index], message: `"${name.slice(0, 60)}" is required and not declared under \`properties\`${didYouMean(name, declared)}` };
    }
  }
}

/** References within the schema (`#/$defs/day`) to what is not there. */
function* danglingReferences(root: JsonObject): Generator<{ readonly path: KeyPath; readonly message: string }> {
  const schemas = [...schemasIn(root, [])];
  // A part with a name of its own is what the references in it are about.
  if (schemas.some(({ schema }) => schema['$id'] !== undefined)) return;
  for (const { schema, path } of schemas) {
    const reference = schema['$ref'];
    // One with escapes is left to the validator.
    if (typeof reference !== 'string' || !reference.startsWith('#/') || reference.includes('%') || partAt(reference, root) !== undefined) continue;
    const defined = ['$defs', 'definitions'].flatMap((name) => Object.keys((root[name] ?? {}) as object).map((key) => `#/${name}/${key}`));
    yield { path: [...path, '$ref'], message: `there is no ${reference.slice(0, 80)} in this schema${didYouMean(reference, defined)}` };
  }
}

/** The schema and all that lie in it. */
function* schemasIn(schema: Json | undefined, path: KeyPath): Generator<{ readonly schema: JsonObject; readonly path: KeyPath }> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  yield { schema: schema as JsonObject, path };
  for (const [name, value] of Object.entries(schema)) {
    if (single.includes(name)) yield* schemasIn(value, [...path, name]);
    else if (byName.includes(name) || lists.includes(name)) {
      for (const [key, below] of Object.entries((value ?? {}) as object)) yield* schemasIn(below as Json, [...path, name, key]);
    }
  }
}

function propertyNames(schema: unknown): string[] {
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}
