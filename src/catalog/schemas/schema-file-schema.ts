import type { JsonObject } from '../../decision/types.js';
import { condition, filledText, id, number, share, text, type RawCondition, type RawList } from './parts.js';

/** A list of cases, or a model's output. */
const derivedAttribute = {
  type: ['array', 'object'],
  minItems: 1,
  items: { type: 'object', additionalProperties: false, required: ['is'], properties: { is: { type: ['string', 'number', 'boolean'] }, when: condition } },
  additionalProperties: false,
  required: ['model', 'output'],
  properties: { model: id, output: id, default: number },
} as const;

const channelNames = { type: 'array', uniqueItems: true, items: id } as const;

/** schema.yaml. */
export const schemaFileSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['currency', 'timeZone', 'channels'],
  properties: {
    description: text,
    currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'a currency code of three capital letters (ISO 4217), as SEK' },
    timeZone: filledText,
    customer: { type: 'object' },
    context: { type: 'object' },
    offer: { type: 'object' },
    derived: { type: 'object', additionalProperties: derivedAttribute },
    channels: { ...channelNames, minItems: 1 },
    channelCosts: { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
    activities: channelNames,
    control: { type: 'object', additionalProperties: false, properties: { share, salt: text } },
  },
} as const;

export interface RawCase { readonly is?: string | number | boolean; readonly when?: RawCondition }
export interface RawModelDerived { readonly model?: string; readonly output?: string; readonly default?: number }

/** As read: what did not fit its schema is left out. */
export interface RawSchemaFile {
  readonly currency?: string;
  readonly timeZone?: string;
  readonly customer?: JsonObject;
  readonly context?: JsonObject;
  readonly offer?: JsonObject;
  readonly derived?: Readonly<Record<string, RawList<RawCase> | RawModelDerived | undefined>>;
  readonly channels?: RawList<string>;
  readonly channelCosts?: Readonly<Record<string, number | undefined>>;
  readonly activities?: RawList<string>;
  readonly control?: { readonly share?: number; readonly salt?: string };
}
