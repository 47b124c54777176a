/**
 * The glossary: every word of the decision, as a type. A `Catalog` is compiled from files by `catalog/`,
 * a `CustomerState` is read by `customers/`, a `ModelAnswer` comes from `models/`; the pipeline takes the three
 * and the request, and gives a `Decision`. Times are epoch milliseconds unless the name says otherwise.
 */

// ---------------------------------------------------------------- words

export const outcomes = ['delivered', 'opened', 'presented', 'clicked', 'accepted', 'declined', 'not-now', 'converted', 'bounced', 'unsubscribed'] as const;
export type Outcome = (typeof outcomes)[number];
export const offerKinds = ['cross-sell', 'up-sell', 'loyalty', 'retention', 'service', 'onboarding', 'win-back'] as const;
export type OfferKind = (typeof offerKinds)[number];
export const ruleKinds = ['business', 'communication', 'hygiene'] as const;
export type RuleKind = (typeof ruleKinds)[number];
export const funnelStages = ['inspire', 'explain', 'act'] as const;
export type FunnelStage = (typeof funnelStages)[number];
export type Direction = 'inbound' | 'outbound';
export type ExplainDepth = 'none' | 'reasons' | 'full';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

// ---------------------------------------------------------------- the customer

/** What is known of a customer. A member that is `undefined` is unknown, which is not the same as empty. */
export interface CustomerProfile {
  readonly attributes: JsonObject;
  readonly consents?: readonly string[] | undefined;
  readonly holdings?: readonly string[] | undefined;
  readonly timeZone?: string | undefined;
  readonly locale?: string | undefined;
}

/** One outcome of one offer (or of another system's activity) in one channel at one time. */
export interface Contact {
  readonly decisionId?: string | undefined;
  readonly offerId?: string | undefined;
  /** The offer's kind when the contact was recorded, so that caps per kind survive a change of the catalog. */
  readonly kind?: string | undefined;
  /** A contact that another system made (newsletter, invoice, …): in place of `offerId`. */
  readonly activity?: string | undefined;
  readonly channel: string;
  readonly placement?: string | undefined;
  readonly outcome: Outcome;
  readonly occurredAt: number;
  readonly reason?: string | undefined;
  readonly value?: number | undefined;
}

/** What is kept of a customer's events of one type: enough to tell how many, how often, and when last. At most 200 bytes. */
export interface EventTrail {
  readonly type: string;
  /** Second-party data: goes with the consent `partner-data`. */
  readonly fromPartner: boolean;
  /** All that counted so far. */
  readonly total: number;
  /** The times of the latest, ascending. */
  readonly recent: readonly number[];
  /** The latest days (UTC, since 1970) with such events, ascending, and how many each had. */
  readonly days: readonly { readonly day: number; readonly count: number }[];
}

/** An event that a trigger waited for. `event`: kept only where a condition has yet to read it. */
export interface TriggerMatch {
  readonly trigger: string;
  readonly fromPartner: boolean;
  readonly occurredAt: number;
  readonly event?: { readonly source: string; readonly data: JsonObject } | undefined;
  /** From then on it means nothing, as the trigger was when it came; whole days after it. `undefined`: nobody can tell. */
  readonly endsAt?: number | undefined;
}

/** Trails by type and matches by trigger and time, both ascending. */
export interface CustomerEvents { readonly trails: readonly EventTrail[]; readonly matches: readonly TriggerMatch[] }

/** An event that concerns everybody whom a trigger's `matches` fits: weather, an outage, a law. */
export interface GroupEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly occurredAt: number;
  readonly data: JsonObject;
}

/** How much of one limit's budget is taken in its current period: confirmed plus live reservations. */
export type LimitUsage = ReadonlyMap<string, number>;

/** What the store knows for one decision. */
export interface CustomerState {
  /** The customer's id; absent for a visitor (no id, or one that the store does not know). */
  readonly id?: string | undefined;
  /** Stored profile, with what the call overrides already merged in. */
  readonly profile: CustomerProfile;
  /** Ascending by `occurredAt`; none later than `now`. `undefined`: the store could not be read. */
  readonly contacts: readonly Contact[] | undefined;
  /** Absent: none (or the store could not be read, as `contacts` says). */
  readonly events?: CustomerEvents | undefined;
  /** Absent: none. `null`: they could not be read, nor `rhythms`, while the customer could. */
  readonly groupEvents?: readonly GroupEvent[] | null | undefined;
  /** The population's usual interval by event type, in milliseconds: for customers with too little history. */
  readonly rhythms?: ReadonlyMap<string, number> | undefined;
  /** By limit key; a key without an entry is unused. `undefined`: it could not be read. */
  readonly limitUsage: LimitUsage | undefined;
}

// ---------------------------------------------------------------- expressions

/**
 * The values that compiled expressions read, one place for each distinct path ("slot"), filled once per request
 * (offer slots: once per offer). `undefined` is unknown. Dates are `CalendarDate` day numbers, timestamps epoch
 * milliseconds, durations milliseconds; strings, booleans, numbers and lists are themselves.
 */
export type Slots = unknown[];

export type Root = 'customer' | 'offer' | 'context' | 'channel' | 'direction' | 'triggers' | 'now' | 'propensity' | 'value' | 'event';

/** A compiled expression: pure, total (never throws), and three-valued. */
export interface Expression<T = unknown> {
  readonly source: string;
  /** The roots that it reads; `now` too where the result depends on the time zone or the time. */
  readonly reads: ReadonlySet<Root>;
  /** The slots that it reads. */
  readonly slots: ReadonlySet<number>;
  /** False where the checker proved that every slot it needs is always filled and no operation can fail, as long as
   *  the store could be read: of a customer that could not be, even `has(…)` is unknown. */
  readonly mayBeUnknown: boolean;
  /** `undefined`: unknown, since something that it needs is missing (or an operation has no result, as 1 / 0). */
  evaluate(slots: Slots): T | undefined;
  /** After `evaluate` answered `undefined`: the paths whose absence caused it, each once, in order of reading. */
  missing(slots: Slots): readonly string[];
}

/** What stands in a slot for each of many rows (the offers of a catalog), by slot. */
export type Columns = ReadonlyMap<number, readonly unknown[]>;

/** Moves those of the rows in [from, to) that pass to the front, in the order in which they stood where that costs
 *  nothing, and gives the place after the last of them. Of the slots that vary by row it may leave any values behind. */
export type RowFilter = (slots: Slots, rows: Int32Array, from: number, to: number) => number;

export interface RowFilterOptions { readonly wanted: boolean; readonly settle: boolean }

export interface Condition extends Expression<boolean> {
  /**
   * The condition asked of many rows at once: passes those of which it is `wanted`, never those of which it is unknown.
   * `settle`: what hangs on the row alone is worked out now, for all of them; else when it is asked.
   */
  among(columns: Columns, how: RowFilterOptions): RowFilter;
}

/** Where a path's value stands in the slots. */
export interface SlotBinding {
  readonly slot: number;
  /** Below the root: `['address', 'city']` for `customer.address.city`. */
  readonly path: readonly string[];
  /** Turns the JSON value into the slot's value; `undefined` where it does not fit the declared type. */
  read(value: Json): unknown;
}

/** The slots of one catalog. `always` are the fixed ones. */
export interface SlotLayout {
  readonly size: number;
  readonly always: Readonly<Record<'calendar' | 'channel' | 'direction' | 'triggers' | 'now' | 'propensity' | 'value' | 'storeUnread' | 'event' | 'events' | 'offer', number>>;
  readonly customer: readonly SlotBinding[];
  readonly context: readonly SlotBinding[];
  readonly offer: readonly SlotBinding[];
}

// ---------------------------------------------------------------- models

/** A model as the decision sees it: by name, with the outputs that it declares. */
export interface Model {
  readonly id: string;
  readonly outputs: readonly string[];
  /** Which roots its columns read; a model that does not read the offer gives one row for all offers. */
  readonly reads: ReadonlySet<Root>;
}

/** One run of one model: one row for each offer, in order; `offers: null` is one row without an offer. */
export interface ModelRun {
  readonly model: Model;
  readonly layout: SlotLayout;
  /** Filled but for the offer's slots, which the encoder fills row by row (`fillOffer`) and leaves as the last row had them. */
  readonly slots: Slots;
  readonly offers: readonly Offer[] | null;
  /** Outputs that must be probabilities, within 0 and 1; all must be finite. */
  readonly probabilities: readonly string[];
  readonly outputs: readonly string[];
}

/** One finite number per row for each output asked for; or why the model could not answer. */
export type ModelAnswer =
  | { readonly ok: true; readonly outputs: ReadonlyMap<string, ArrayLike<number>> }
  | { readonly ok: false; readonly reason: string };

// ---------------------------------------------------------------- the catalog, compiled

/** Who answers for an entry, and by when it must be looked at again. */
export interface Stewardship { readonly owner?: string | undefined; readonly goal?: string | undefined; readonly reviewBy?: string | undefined }

export interface Strategy extends Stewardship {
  readonly id: string;
  readonly objective: string;
  readonly toward?: string | undefined;
  /** `null`: always holds. */
  readonly when: Condition | null;
  /** By offer kind; a kind not named weighs 1. */
  readonly weights: ReadonlyMap<string, number>;
}

export type ModelOutput = { readonly model: string; readonly output: string };
export type Factor =
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'expression'; readonly expression: Expression<number> }
  | ({ readonly type: 'model'; readonly prior: number } & ModelOutput);

/** Dates are inclusive in the catalog's time zone, here as [fromMs, untilMs). */
export interface Lever { readonly weight: number; readonly fromMs: number; readonly untilMs: number }

export type CalendarPeriod = 'day' | 'week' | 'month';
export type Window = { readonly type: 'rolling'; readonly windowMs: number; readonly text: string } | { readonly type: CalendarPeriod; readonly text: string };

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

/** A rule as it concerns one offer: `applies` is `null` where it was settled at load to be true. */
export interface OfferRule { readonly rule: Rule; readonly applies: Condition | null }

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
  /** Triggers that unlock it; where not empty it exists only while one of them is active. */
  readonly unlockedBy: readonly string[];
}

export type Scope = 'offer' | 'kind' | 'channel' | 'customer';
export type Check =
  | { readonly type: 'require'; readonly require: Condition }
  | { readonly type: 'cap'; readonly outcome: Outcome; readonly max: number; readonly per: Window; readonly scope: Scope }
  | { readonly type: 'cooldown'; readonly after: Outcome; readonly windowMs: number; readonly text: string; readonly scope: Scope; readonly offers: ReadonlySet<string> | null }
  | { readonly type: 'quiet'; readonly fromMinute: number; readonly untilMinute: number; readonly text: string };

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
  /** True where its answer is the same for every offer of a request. */
  readonly sameForAllOffers: boolean;
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
  /** True where it has neither narrow rules nor treatments, limits or triggers that unlock it. */
  readonly isPlain: boolean;
  /** Channels that it has a treatment for whatever is asked: for every placement and locale, and without a `when`. */
  readonly fitsIn: readonly string[];
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
  /** Writes the offers that have a treatment for the channel, or need none, ascending; and says how many. */
  rowsOfChannel(channel: string, into: Int32Array): number;
  /** Room for every row, used by one decision after the other: what stands there is good until a step waits. */
  scratch(): Int32Array;
}

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

/** One of the JSON Schemas of schema.yaml. */
export interface AttributeSchema {
  readonly json: JsonObject;
  /**
   * What of the value does not fit, each with a JSON pointer into the value; none: it fits. `complete: false` lets
   * top-level members that the schema requires be missing, as a decision may come without them.
   */
  violations(value: JsonObject, how: { readonly complete: boolean }): readonly { readonly pointer: string; readonly detail: string }[];
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
  readonly models: ReadonlyMap<string, Model>;
  readonly ledger: LedgerHorizon;
}

// ---------------------------------------------------------------- request and decision

export interface PlacementRequest {
  readonly id: string;
  readonly limit: number;
  readonly kinds?: readonly string[] | undefined;
  readonly fallback?: string | undefined;
}

/** A request, validated: channel, fallbacks and kinds exist, the locale and the context fit. */
export interface DecisionRequest {
  readonly channel: string;
  /** In place of `channel`: which of these comes first for each offer? In the order of the request; without placements. */
  readonly channels?: readonly string[] | undefined;
  /** Only these offers are looked at; absent: all of the catalog. Without placements. */
  readonly offers?: ReadonlySet<string> | undefined;
  readonly direction: Direction;
  readonly limit: number;
  readonly placements: readonly PlacementRequest[] | null;
  readonly context: JsonObject;
  readonly locale?: string | undefined;
  readonly explain: ExplainDepth;
}

export interface Rejection {
  /** A rule's id, or `treatment`, `limit`, `claim`, `value`, `trigger`, `expected-value`. */
  readonly rule: string;
  readonly kind: RuleKind | 'treatment' | 'limit' | 'claim' | 'value' | 'trigger' | 'expected-value';
  readonly reason: string;
}

export interface Factors { readonly volume: number; readonly margin: number; readonly duration: number; readonly strategy: number; readonly trigger: number; readonly lever: number }
/** Where a number came from: "number", "expression", "model:accept", "prior" (the model could not answer), "strategy:maintain", "trigger:storm", "lever", "none". */
export type Origins = Readonly<Record<keyof Factors | 'propensity', string>>;

/** A channel that an offer may be made in. */
export interface ChannelOption {
  readonly channel: string;
  readonly propensity: number;
  readonly value: number;
  readonly weight: number;
  readonly priority: number;
  /** Of one contact. */
  readonly cost: number;
  /** priority − cost; above 0. */
  readonly expectedValue: number;
}

/** Which channel for an offer; only where the request gave `channels`. */
export interface ChannelAdvice {
  /** The best that is left; of an offer that none is left for, the one that came nearest. */
  readonly channel: string;
  /** By expected value, the highest first. */
  readonly channels: readonly ChannelOption[];
  /** In the order of the request, with what refused each; where reasons were asked for. */
  readonly channelsLeftOut?: readonly { readonly channel: string; readonly rejectedBy: readonly Rejection[] }[] | undefined;
}

export interface OfferedOffer extends Partial<ChannelAdvice> {
  readonly rank: number;
  readonly offer: Offer;
  readonly propensity: number;
  readonly value: number;
  readonly weight: number;
  readonly priority: number;
  /** With `channels`: of one contact in its channel, and priority − cost. */
  readonly cost?: number | undefined;
  readonly expectedValue?: number | undefined;
  readonly factors: Factors;
  readonly placement?: string | undefined;
  readonly fallback: boolean;
  readonly treatment?: JsonObject | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly origins?: Origins | undefined;
}

export interface ExcludedOffer extends Partial<ChannelAdvice> {
  readonly offer: Offer;
  readonly propensity: number;
  /** `null`: a factor stayed unknown. */
  readonly value: number | null;
  readonly weight: number;
  readonly priority: number;
  readonly rejectedBy: readonly Rejection[];
  readonly factors: { readonly [factor in keyof Factors]: number | null };
  readonly origins: Origins;
  /** Why an offer that nothing refused is not in the answer: "Beyond the limit of 3", "Another offer of its group …". */
  readonly note?: string | undefined;
}

/** What is to be said of a trigger that has started. */
export interface TriggerReport {
  readonly id: string;
  readonly type: TriggerType;
  /** `deferred`: it is active, and another one speaks first. */
  readonly state: 'active' | 'deferred' | 'rejected';
  readonly reason: string;
}

export interface Decision {
  readonly decidedAt: number;
  /** With `channels`: that of the first offer, else the first of the request; so is the strategy. */
  readonly channel: string;
  readonly channels?: readonly string[] | undefined;
  readonly group: 'treatment' | 'control';
  readonly strategy: { readonly id: string; readonly objective: string };
  readonly offers: readonly OfferedOffer[];
  readonly excluded?: readonly ExcludedOffer[] | undefined;
  /** Ids of the triggers that would be active, were the customer not of their own control group. */
  readonly heldOut?: readonly string[] | undefined;
  readonly noOfferReason?: string | undefined;
  readonly emptyPlacements?: readonly { readonly id: string; readonly reason: string }[] | undefined;
  /** With a full explanation: every trigger that has started for this customer, in the catalog's order. */
  readonly triggers?: readonly TriggerReport[] | undefined;
  readonly degraded: readonly string[];
  readonly catalogRevision: string;
}
