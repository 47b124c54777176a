import type { Condition, RowFilter } from './expression.js';
import type { CalendarPeriod, Outcome, RuleKind, Stewardship } from './words.js';

export type Window = { readonly type: 'rolling'; readonly windowMs: number; readonly text: string } | { readonly type: CalendarPeriod; readonly text: string };

export type Scope = 'offer' | 'kind' | 'channel' | 'customer';
export type Check =
  | { readonly type: 'require'; readonly require: Condition }
  | { readonly type: 'cap'; readonly outcome: Outcome; readonly max: number; readonly per: Window; readonly scope: Scope }
  | { readonly type: 'cooldown'; readonly after: Outcome; readonly windowMs: number; readonly text: string; readonly scope: Scope; readonly offers: ReadonlySet<string> | null }
  | { readonly type: 'quiet'; readonly fromMinute: number; readonly untilMinute: number; readonly text: string };

export type Cap = Extract<Check, { type: 'cap' }>;

export interface Rule extends Stewardship {
  readonly id: string;
  readonly kind: RuleKind;
  /** Its place among the catalog's rules: the index of per-request caches. */
  readonly index: number;
  readonly applies: Condition | null;
  readonly check: Check;
  /** What the customer or the agent is told; each check has a default in words. */
  readonly reason: string | null;
  /** True where neither `applies` nor `require` reads the propensity or the value: it can be asked before scoring. */
  readonly beforeScoring: boolean;
}

/** A rule that is asked before scoring, ready to be asked of many offers at once, by their rows. */
export interface PreparedRule {
  readonly rule: Rule;
  /** Writes the offers that it concerns, ascending, those whose `applies` stays unknown among them; and says how many. */
  rowsInto(rows: Int32Array): number;
  /** Passes the offers that it does not concern; `null`: it concerns all, or is not asked of others. */
  readonly others: RowFilter | null;
  /** True where its answer is the same for all that it concerns. */
  readonly isSameForAll: boolean;
  /** True where `applies` was settled at load, by the offers alone; `unsettled` are the rows for which it stays unknown. */
  readonly isSettled: boolean;
  readonly unsettled: ReadonlySet<number>;
  /** Passes the offers for which `applies` is false; `null`: it is settled, or there is none. */
  readonly spares: RowFilter | null;
  /** Pass those that meet `require`, and those that are known to fail it; `null`: another check. */
  readonly meets: RowFilter | null;
  readonly fails: RowFilter | null;
  /** What an offer that it refuses is told, where nothing was missing. */
  readonly refusal: Rejection;
}

/** What is asked of one offer by itself. */
export interface OfferScreening {
  /** Rules before scoring that concern fewer than half of the offers, this one among them. */
  readonly narrow: readonly PreparedRule[];
  /** Rules that read the propensity or the value. */
  readonly onScore: readonly OfferRule[];
  /** Caps on `presented`, which count the answer in the making. */
  readonly onAnswer: readonly OfferRule[];
}

/** The rules that are asked before scoring, sorted by how they are best asked: what is refused does not hang on the order. */
export interface Screening {
  /** All, in file order. */
  readonly rules: readonly PreparedRule[];
  /** Those that concern half of the offers or more; first those that give the same answer for all. */
  readonly broad: readonly PreparedRule[];
  /** By row. */
  readonly byOffer: readonly OfferScreening[];
  /** The caps on `presented` that count several offers together: each offer of an answer takes room under them. */
  readonly sharedCaps: readonly Cap[];
  /** Writes the offers that have a treatment for the channel, or need none, ascending; and says how many. */
  rowsOfChannel(channel: string, into: Int32Array): number;
  /** By row 1 where nothing but rules can refuse the offer in the channel, as long as no other decision takes it: it has no limits, no
   *  trigger unlocks it, and it has a treatment for whatever is asked (every placement and locale, without a `when`), or none at all. */
  freeIn(channel: string): Uint8Array;
  /** Room for every row, used by one decision after the other: what stands there is good until a step waits. */
  scratch(): Int32Array;
}

/** A rule as it concerns one offer: `applies` is `null` where it was settled at load to be true. */
export interface OfferRule { readonly rule: Rule; readonly applies: Condition | null }

export interface Rejection {
  /** A rule's id, or `treatment`, `limit`, `claim`, `value`, `trigger`, `expected-value`. */
  readonly rule: string;
  readonly kind: RuleKind | 'treatment' | 'limit' | 'claim' | 'value' | 'trigger' | 'expected-value';
  readonly reason: string;
}
