import { createContext, Script } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { AttributeSchema, Json, JsonObject } from '../decision/types.js';
import { sentence } from './check-shape.js';
import { fromPointer, toPointer } from './problem.js';
import type { Spot } from './spot.js';
import { didYouMean } from './suggestion.js';

const patternTimeoutMs = 100;
const violationsShown = 100;

/** A schema's `pattern` comes with the file and can take for ever on a text made for it: it is stopped. */
const boundedRegExp = Object.assign(
  (pattern: string, flags: string) => {
    const script = new Script('expression.test(text)');
    const expression = new RegExp(pattern, flags);
    return {
      test: (text: string): boolean => {
        try {
          return script.runInContext(createContext({ expression, text }), { timeout: patternTimeoutMs }) as boolean;
        } catch {
          return false;
        }
      },
    };
  },
  { code: 'undefined' },
);

/**
 * Compiles one of the JSON Schemas that a catalog carries; `undefined`, and reported, where it is none. `bounded`
 * limits the time of its patterns, which is slower.
 */
export function compileAttributeSchema(schema: JsonObject, spot: Spot, bounded: boolean): AttributeSchema | undefined {
  if (schema['type'] !== 'object') {
    spot.error('must be the schema of an object: "type: object" is missing');
    return undefined;
  }
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, ...(bounded ? { code: { regExp: boundedRegExp } } : {}) });
  formats.default(ajv);
  ajv.addKeyword('example');
  if (!reportMisfits(ajv, schema, spot)) return undefined;
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    spot.error(`is no usable JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
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
          if (error.keyword !== 'additionalProperties') return { pointer: error.instancePath, detail: sentence(error) };
          const name = (error.params as { additionalProperty: string }).additionalProperty;
          return { pointer: error.instancePath + toPointer([name]), detail: `is not declared in the catalog's schema${didYouMean(name, propertyNames(error.parentSchema))}` };
        });
    },
  };
}

/** What is no JSON Schema by the metaschema, and members that no JSON Schema has (a misspelt keyword is ignored by a validator). */
function reportMisfits(ajv: Ajv2020, schema: JsonObject, spot: Spot): boolean {
  let fits = true;
  const known = keywordsOf(ajv);
  for (const { path, name } of unknownKeywords(schema, known, [])) {
    spot.at(...path, name).errorAtKey(`"${name}" is no member of a JSON Schema${didYouMean(name, known)}`);
    fits = false;
  }
  if (ajv.validateSchema(schema) !== true) {
    const said = new Set<string>();
    for (const error of ajv.errors ?? []) {
      if (said.has(error.instancePath) || error.keyword === 'anyOf' || error.keyword === 'if') continue;
      said.add(error.instancePath);
      spot.at(...fromPointer(error.instancePath)).error(sentence(error));
      fits = false;
    }
  }
  return fits;
}

const annotations = ['$schema', '$id', '$ref', '$defs', '$anchor', '$comment', '$dynamicRef', '$dynamicAnchor', 'definitions', 'title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', 'then', 'else', 'minContains', 'maxContains', 'contentEncoding', 'contentMediaType', 'contentSchema'];

function keywordsOf(ajv: Ajv2020): ReadonlySet<string> {
  return new Set([...annotations, ...Object.keys(ajv.RULES.keywords)]);
}

const byName = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const single = ['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'contains', 'propertyNames', 'not', 'if', 'then', 'else'];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

function* unknownKeywords(schema: Json | undefined, known: ReadonlySet<string>, path: readonly (string | number)[]): Generator<{ readonly path: readonly (string | number)[]; readonly name: string }> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  for (const [name, value] of Object.entries(schema)) {
    if (!known.has(name) && !name.startsWith('x-')) yield { path, name };
    else if (single.includes(name)) yield* unknownKeywords(value, known, [...path, name]);
    else if (byName.includes(name) || lists.includes(name)) {
      for (const [key, below] of Object.entries(value ?? {})) yield* unknownKeywords(below as Json, known, [...path, name, key]);
    }
  }
}

function propertyNames(schema: unknown): string[] {
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}
