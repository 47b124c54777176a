import { triggerTypes, type JsonObject, type OfferKind, type Outcome, type TriggerType } from '../../decision/types.js';
import { condition, date, duration, filledText, id, kind, names, outcome, share, stewardship, text, weight, type RawCondition, type RawList, type RawStewardship } from './parts.js';

/** One entry of triggers/*.yaml. */
export const triggerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'type'],
  properties: {
    id,
    type: { enum: triggerTypes },
    source: { enum: ['partner'] },
    on: { type: 'object', additionalProperties: false, required: ['event'], properties: { event: filledText, when: condition } },
    matches: condition,
    absence: {
      type: 'object',
      additionalProperties: false,
      required: ['of'],
      properties: { of: filledText, rhythm: { type: 'number', exclusiveMinimum: 0 }, atLeast: duration, atMost: duration },
    },
    while: condition,
    from: date,
    until: date,
    audience: condition,
    opensAfter: duration,
    window: duration,
    effect: {
      type: 'object',
      additionalProperties: false,
      properties: { weight, offers: names, kinds: { type: 'array', minItems: 1, uniqueItems: true, items: kind }, unlocks: names },
    },
    endsWith: { type: 'array', minItems: 1, uniqueItems: true, items: outcome },
    rest: duration,
    priority: { type: 'integer', minimum: 1 },
    control: share,
    outbound: { type: 'object', additionalProperties: false, required: ['channels'], properties: { channels: names, within: duration } },
    ...stewardship,
  },
} as const;

/** triggers/events.yaml: by event type. */
export const eventsSchema = {
  type: 'object',
  additionalProperties: {
    type: ['object', 'null'],
    additionalProperties: false,
    properties: { description: text, data: { type: 'object' }, source: { enum: ['partner'] }, createsCustomer: { type: 'boolean' }, usualInterval: duration },
  },
} as const;

/** As read: what did not fit its schema is left out. */
export interface RawTrigger extends RawStewardship {
  readonly id?: string;
  readonly type?: TriggerType;
  readonly source?: 'partner';
  readonly on?: { readonly event?: string; readonly when?: RawCondition };
  readonly matches?: RawCondition;
  readonly absence?: { readonly of?: string; readonly rhythm?: number; readonly atLeast?: string; readonly atMost?: string };
  readonly while?: RawCondition;
  readonly from?: string;
  readonly until?: string;
  readonly audience?: RawCondition;
  readonly opensAfter?: string;
  readonly window?: string;
  readonly effect?: { readonly weight?: number; readonly offers?: RawList<string>; readonly kinds?: RawList<OfferKind>; readonly unlocks?: RawList<string> };
  readonly endsWith?: RawList<Outcome>;
  readonly rest?: string;
  readonly priority?: number;
  readonly control?: number;
  readonly outbound?: { readonly channels?: RawList<string>; readonly within?: string };
}

export interface RawEvent {
  readonly description?: string;
  readonly data?: JsonObject;
  readonly source?: 'partner';
  readonly createsCustomer?: boolean;
  readonly usualInterval?: string;
}
