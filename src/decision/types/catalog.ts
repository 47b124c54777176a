import type { AttributeSchema } from './attribute-schema.js';
import type { Worth } from './decision.js';
import type { Condition, SlotLayout } from './expression.js';
import type { Model } from './model.js';
import type { Offer } from './offer.js';
import type { Rule, Screening } from './rule.js';
import type { EventType, Trigger } from './trigger.js';
import type { ModelOutput, Outcome, Stewardship } from './words.js';

export interface Strategy extends Stewardship {
  readonly id: string;
  readonly objective: string;
  readonly toward?: string | undefined;
  /** `null`: always holds. */
  readonly when: Condition | null;
  /** By offer kind; a kind not named weighs 1. */
  readonly weights: ReadonlyMap<string, number>;
}

export type DerivedAttribute =
  | { readonly type: 'cases'; readonly name: string; readonly slot: number | null; readonly cases: readonly { readonly is: string | number | boolean; readonly when: Condition | null }[] }
  | ({ readonly type: 'model'; readonly name: string; readonly slot: number | null; readonly default?: number | undefined } & ModelOutput);

/** How long contacts are kept. */
export interface LedgerHorizon {
  /** The longest window that any rule looks back, and at least 90 days. */
  readonly windowMs: number;
  /** Outcomes that some rule never forgets ("ever"); `accepted` is always among them. The latest of each offer stays. */
  readonly latestOf: readonly Outcome[];
}

export interface Catalog {
  readonly revision: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly channels: readonly string[];
  /** What one contact costs, by channel, in the catalog's currency; a channel not named costs nothing. */
  readonly channelCosts: ReadonlyMap<string, number>;
  readonly activities: readonly string[];
  readonly control: { readonly share: number; readonly salt: string };
  /** For requests: what customers' attributes and a contact's context may hold. */
  readonly schemas: { readonly [name in 'customer' | 'context' | 'offer']: AttributeSchema };
  readonly layout: SlotLayout;
  readonly derived: readonly DerivedAttribute[];
  readonly triggers: readonly Trigger[];
  /** The places of those that conditions ask for (`"storm" in triggers`), ascending. */
  readonly triggersAsked: readonly number[];
  /** By name. */
  readonly events: ReadonlyMap<string, EventType>;
  /** True where a decision needs what concerns all customers: events of groups, or the population's rhythms. */
  readonly readsShared: boolean;
  readonly strategies: readonly Strategy[];
  /** Ascending by id. */
  readonly offers: readonly Offer[];
  readonly offersById: ReadonlyMap<string, Offer>;
  readonly rules: readonly Rule[];
  readonly screening: Screening;
  /** By strategy and row what an offer is worth where no trigger weighs it; `null`: that hangs on the customer, a model or the date. */
  readonly settledWorths: ReadonlyMap<Strategy, readonly (Worth | null)[]>;
  readonly models: ReadonlyMap<string, Model>;
  readonly ledger: LedgerHorizon;
}
