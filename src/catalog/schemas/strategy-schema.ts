import { condition, filledText, id, stewardship, type RawCondition, type RawStewardship } from './parts.js';

/** One entry of strategies/*.yaml. */
export const strategySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'objective'],
  properties: {
    id,
    objective: filledText,
    toward: filledText,
    when: condition,
    weights: { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
    ...stewardship,
  },
} as const;

/** As read: what did not fit its schema is left out. */
export interface RawStrategy extends RawStewardship {
  readonly id?: string;
  readonly objective?: string;
  readonly toward?: string;
  readonly when?: RawCondition;
  readonly weights?: Readonly<Record<string, number>>;
}
