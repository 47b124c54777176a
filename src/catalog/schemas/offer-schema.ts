import { funnelStages, type FunnelStage, type JsonObject, type OfferKind, type Outcome } from '../../decision/types.js';
import { condition, date, duration, filledText, id, kind, number, outcome, share, stewardship, weight, type RawCondition, type RawList, type RawStewardship } from './parts.js';

/** A number, an expression over the customer and the offer, or a model's output. */
const factor = {
  type: ['number', 'string', 'object'],
  additionalProperties: false,
  required: ['model', 'output', 'prior'],
  properties: { model: id, output: id, prior: number },
} as const;

/** One entry of offers/*.yaml. */
export const offerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'kind', 'value', 'propensity'],
  properties: {
    id,
    name: filledText,
    kind,
    attributes: { type: 'object' },
    value: { type: 'object', additionalProperties: false, required: ['margin'], properties: { volume: factor, margin: factor, duration: factor } },
    propensity: {
      type: ['number', 'object'],
      minimum: 0,
      maximum: 1,
      additionalProperties: false,
      required: ['prior'],
      properties: { model: id, output: id, prior: share },
    },
    lever: { type: 'object', additionalProperties: false, required: ['weight'], properties: { weight, from: date, until: date } },
    limits: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['outcome', 'max'],
        properties: { outcome, max: { type: 'integer', minimum: 1 }, per: { enum: ['day', 'week', 'month', 'total'] }, reserve: duration },
      },
    },
    exclusive: filledText,
    treatments: {
      type: 'array',
      items: {
        type: 'object',
        required: ['channel'],
        properties: { channel: filledText, placement: filledText, stage: { enum: funnelStages }, locale: filledText, when: condition },
      },
    },
    ...stewardship,
  },
} as const;

export type RawFactor = number | string | { readonly model?: string; readonly output?: string; readonly prior?: number };

export interface RawLimit {
  readonly outcome?: Outcome;
  readonly max?: number;
  readonly per?: 'day' | 'week' | 'month' | 'total';
  readonly reserve?: string;
}

export interface RawTreatment {
  readonly channel?: string;
  readonly placement?: string;
  readonly stage?: FunnelStage;
  readonly locale?: string;
  readonly when?: RawCondition;
}

/** As read: what did not fit its schema is left out. */
export interface RawOffer extends RawStewardship {
  readonly id?: string;
  readonly name?: string;
  readonly kind?: OfferKind;
  readonly attributes?: JsonObject;
  readonly value?: { readonly volume?: RawFactor; readonly margin?: RawFactor; readonly duration?: RawFactor };
  readonly propensity?: number | { readonly model?: string; readonly output?: string; readonly prior?: number };
  readonly lever?: { readonly weight?: number; readonly from?: string; readonly until?: string };
  readonly limits?: RawList<RawLimit>;
  readonly exclusive?: string;
  readonly treatments?: RawList<RawTreatment>;
}
