import type { AttributeSchema } from './attribute-schema.js';
import type { Condition } from './expression.js';
import type { Outcome, Stewardship } from './words.js';

export const triggerTypes = ['journey', 'lifecycle', 'life-event', 'external', 'business'] as const;
export type TriggerType = (typeof triggerTypes)[number];

/** What an event of one type says, and whose it is. */
export interface EventType {
  readonly name: string;
  readonly fromPartner: boolean;
  /** An event for a customer who is not known makes a bare one. */
  readonly createsCustomer: boolean;
  /** True where a trigger with `matches` waits for it, so that it may concern everybody rather than one customer. */
  readonly concernsGroups: boolean;
  /** The usual interval where neither the customer's nor the population's is known; `null`: not declared. */
  readonly usualIntervalMs: number | null;
  /** Of its data; `null`: not declared. */
  readonly data: AttributeSchema | null;
}

/** How a trigger starts. All also have dates. */
export type TriggerStart =
  | { readonly type: 'dates' }
  | { readonly type: 'while'; readonly while: Condition }
  | {
    readonly type: 'event'; readonly event: string; readonly when: Condition | null; readonly matches: Condition | null;
    /** True where `when` reads the customer's event history: it is asked at each decision, of the event that was kept. */
    readonly whenReadsHistory: boolean;
    readonly opensAfterMs: number;
    /** Infinity: until something ends it. */
    readonly windowMs: number;
  }
  /** Holds while the pause since the last event is longer than `rhythm` × the usual interval, and `atLeastMs`. */
  | { readonly type: 'absence'; readonly of: string; readonly rhythm: number | null; readonly atLeastMs: number; readonly atMostMs: number };

export interface Trigger extends Stewardship {
  readonly id: string;
  readonly type: TriggerType;
  readonly start: TriggerStart;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly audience: Condition | null;
  /** Second-party data: active only with the customer's consent `partner-data`. */
  readonly fromPartner: boolean;
  /** Outcomes of an offer that it concerns which end it. */
  readonly endsWith: readonly Outcome[];
  /** Not again for so long after it ended. */
  readonly restMs: number;
  /** Who speaks first where the rules leave no room for all; 1 is highest, Infinity is not given. */
  readonly priority: number;
  readonly outbound: { readonly channels: readonly string[]; readonly withinMs: number } | null;
  /** This share of customers is held out: for them it is never active. */
  readonly control: number;
  readonly effect: { readonly weight: number; readonly offers: ReadonlySet<string> | null; readonly kinds: ReadonlySet<string> | null; readonly unlocks: ReadonlySet<string> };
}
