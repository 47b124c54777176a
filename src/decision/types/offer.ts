import type { Condition, Expression } from './expression.js';
import type { OfferRule } from './rule.js';
import type { CalendarPeriod, FunnelStage, JsonObject, ModelOutput, OfferKind, Outcome, Stewardship } from './words.js';

export type Factor =
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'expression'; readonly expression: Expression<number> }
  | ({ readonly type: 'model'; readonly prior: number } & ModelOutput);

/** Where a number of an offer comes from; of a model's output it does where the model could answer. */
export type FactorSource = 'number' | 'expression' | 'prior' | ModelOutput;

/** Dates are inclusive in the catalog's time zone, here as [fromMs, untilMs). */
export interface Lever { readonly weight: number; readonly fromMs: number; readonly untilMs: number }

/** A budget over all customers. `key` names it in the store, without the period. */
export interface Limit {
  readonly key: string;
  readonly outcome: Outcome;
  readonly max: number;
  readonly per: CalendarPeriod | 'total';
  readonly reserveMs: number;
}

export interface Treatment {
  readonly channel: string;
  readonly placement?: string | undefined;
  readonly locale?: string | undefined;
  readonly stage?: FunnelStage | undefined;
  readonly when: Condition | null;
  /** What the client gets: every key of the file but `when`. */
  readonly content: JsonObject;
}

export interface Offer extends Stewardship {
  readonly id: string;
  readonly name: string;
  readonly kind: OfferKind;
  readonly attributes: JsonObject;
  readonly value: { readonly volume: Factor; readonly margin: Factor; readonly duration: Factor };
  readonly propensity: { readonly model: ModelOutput | null; readonly prior: number };
  /** The models' outputs that its propensity and its value read; the same list for all offers that ask the same. `isProbability`: as its
   *  propensity. */
  readonly asks: readonly (ModelOutput & { readonly isProbability: boolean })[];
  /** Where its propensity and its value's factors come from; the same object for all offers where that is the same. */
  readonly sources: Readonly<Record<'propensity' | 'volume' | 'margin' | 'duration', FactorSource>>;
  readonly lever: Lever | null;
  readonly exclusive?: string | undefined;
  readonly limits: readonly Limit[];
  readonly treatments: readonly Treatment[];
  /** The rules that can say no to it, in file order. */
  readonly rules: readonly OfferRule[];
  /** Its place among the catalog's offers. */
  readonly row: number;
  /** Parallel to `SlotLayout.offer`. */
  readonly slotValues: readonly unknown[];
  readonly triggers: OfferTriggers;
}

/** The triggers that something of an offer hangs on, by their places in the catalog. */
export interface OfferTriggers {
  /** Those that weigh it and name it, the strongest first; of equal ones the first in the catalog. */
  readonly naming: readonly number[];
  /** Those that weigh all of its kind, in the same order; one list for all its offers. */
  readonly ofKind: readonly number[];
  /** Those that unlock it, in the catalog's order; where there is one, it exists only while one of them is active. */
  readonly unlocking: readonly number[];
}
