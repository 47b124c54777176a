import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isTimeZone } from '../decision/calendar.js';
import type { Detail } from '../errors.js';
import type { components } from '../service/openapi-types.js';
import { invalidRequest } from './invalid-request.js';
import type { Specification } from './specification.js';
import { describeMistakes } from './validation-messages.js';

type Schemas = components['schemas'];

/** The value as what the schema says it is; throws INVALID_REQUEST that names everything that is wrong.
 *  `at` is put before each pointer, for what is not the body. */
export type Validate = <Name extends RequestSchema>(schema: Name, value: unknown, at?: string) => Schemas[Name];

const requestSchemas = ['Id', 'DecisionRequest', 'OutcomeRequest', 'OutcomeBatch', 'CloudEvent', 'CloudEventBatch', 'CustomerWrite', 'CustomerPatch', 'VisitorLinkRequest', 'CatalogCandidate'] as const;
export type RequestSchema = (typeof requestSchemas)[number];

/** Compiles the schemas of requests from openapi.yaml itself. */
export function createValidate(specification: Specification): Validate {
  const ajv = createAjv(specification);
  const compiled = new Map<string, ValidateFunction>(requestSchemas.map((name) => [name, ajv.getSchema(`spec#/components/schemas/${name}`)!]));

  return <Name extends RequestSchema>(schema: Name, value: unknown, at = '') => {
    const check = compiled.get(schema)!;
    if (check(value)) return value as Schemas[Name];
    const errors = describeMistakes(check.errors ?? [], value).map(({ pointer, detail }) => ({ pointer: at + pointer, detail }));
    throw invalidRequest(...(errors as [Detail, ...Detail[]]));
  };
}

/** Ajv with the specification under the name "spec" and the formats that it uses. */
export function createAjv(specification: Specification): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strictTypes: false,        // `if: { required: [token] }` has no type of its own
    formats: { 'date-time': isDateTime, 'time-zone': (text: string) => /^[A-Za-z][\w+/-]*$/.test(text) && isTimeZone(text), 'date': isDate, 'printable': isPrintable },
  });
  ajv.addVocabulary(Object.keys(specification.document));        // ajv takes the root for a schema: "openapi", "info", "paths" are no mistakes there
  ajv.addSchema(specification.document, 'spec');
  return ajv;
}

/** Without what Unicode has of characters that cannot be seen. */
export const isPrintable = (text: string): boolean => printable.test(text);
const printable = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

const dateTime = /^(\d{4}-\d{2}-\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 3339, without leap seconds, which no clock here can represent. */
export function isDateTime(text: string): boolean {
  const date = dateTime.exec(text)?.[1];
  return date !== undefined && isDate(date) && Number.isFinite(Date.parse(text));
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === text;
}
