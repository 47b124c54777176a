import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A JSON Schema, as far as this project reads one. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly examples?: readonly unknown[];
}
export interface MediaType { readonly schema?: Schema; readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>> }
export type Content = Readonly<Record<string, MediaType>>;
export interface Parameter { readonly $ref?: string; readonly name: string; readonly in: string; readonly required?: boolean; readonly description?: string; readonly schema: Schema }
export interface ResponseObject { readonly $ref?: string; readonly description: string; readonly content?: Content }
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}
export const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;
export type PathItem = { readonly [method in (typeof methods)[number]]?: Operation } & { readonly parameters?: readonly Parameter[] };

/** openapi.yaml: as text for those who ask for it, and parsed. */
export interface Specification {
  readonly text: string;
  readonly document: {
    readonly info: { readonly title: string; readonly version: string; readonly summary: string; readonly description: string };
    readonly tags: readonly { readonly name: string; readonly description: string }[];
    readonly paths: Readonly<Record<string, PathItem>>;
    readonly components: {
      readonly schemas: Readonly<Record<string, Schema>>;
      readonly parameters: Readonly<Record<string, Parameter>>;
      readonly responses: Readonly<Record<string, ResponseObject>>;
    };
  };
}

/** From the package's root, which is two folders up from here in `src/` and in `dist/` alike. */
export function readSpecification(): Specification {
  const text = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
  return { text, document: parse(text) as Specification['document'] };
}
