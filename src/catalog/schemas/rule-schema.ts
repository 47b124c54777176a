import { ruleKinds, type Outcome, type RuleKind, type Scope } from '../../decision/types.js';
import { condition, duration, filledText, id, names, outcome, stewardship, timeOfDay, type RawCondition, type RawList, type RawStewardship } from './parts.js';

const scope = { enum: ['offer', 'kind', 'channel', 'customer'] } as const;

/** One entry of rules/*.yaml. */
export const ruleSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'kind'],
  properties: {
    id,
    kind: { enum: ruleKinds },
    applies: condition,
    require: condition,
    cap: {
      type: 'object',
      additionalProperties: false,
      required: ['outcome', 'max', 'per'],
      properties: { outcome, max: { type: 'integer', minimum: 0 }, per: duration, scope },
    },
    cooldown: {
      type: 'object',
      additionalProperties: false,
      required: ['after', 'for'],
      properties: { after: outcome, for: duration, scope, offers: names },
    },
    quiet: { type: 'object', additionalProperties: false, required: ['from', 'until'], properties: { from: timeOfDay, until: timeOfDay } },
    reason: filledText,
    ...stewardship,
  },
} as const;

/** As read: what did not fit its schema is left out. */
export interface RawRule extends RawStewardship {
  readonly id?: string;
  readonly kind?: RuleKind;
  readonly applies?: RawCondition;
  readonly require?: RawCondition;
  readonly cap?: { readonly outcome?: Outcome; readonly max?: number; readonly per?: string; readonly scope?: Scope };
  readonly cooldown?: { readonly after?: Outcome; readonly for?: string; readonly scope?: Scope; readonly offers?: RawList<string> };
  readonly quiet?: { readonly from?: string; readonly until?: string };
  readonly reason?: string;
}
