import type { Offer } from './offer.js';
import type { Rejection } from './rule.js';
import type { TriggerType } from './trigger.js';
import type { Direction, ExplainDepth, JsonObject, Outcome } from './words.js';

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

export interface Factors { readonly volume: number; readonly margin: number; readonly duration: number; readonly strategy: number; readonly trigger: number; readonly lever: number }
/** As far as they are known: `null` where one stayed unknown. Those that weigh are always known. */
export interface FactorsFound extends Omit<Factors, 'volume' | 'margin' | 'duration'> { readonly volume: number | null; readonly margin: number | null; readonly duration: number | null }
/** What an offer brings if it is accepted, beside how likely that is. */
export interface Worth {
  readonly factors: FactorsFound;
  /** volume × margin × duration; `null`: unknown, negative or beyond all numbers. */
  readonly value: number | null;
  /** strategy × trigger × lever. */
  readonly weight: number;
}

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
  readonly factors: FactorsFound;
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
  /** Where reasons are asked for: what triggers said by themselves of late. */
  readonly outboundContacts?: readonly OutboundContact[] | undefined;
  readonly degraded: readonly string[];
  readonly catalogRevision: string;
}

/** One offer that a trigger presented by itself. */
export interface OutboundContact {
  readonly occurredAt: number;
  readonly channel: string;
  readonly offerId: string;
  /** Absent: one whose name is not kept. */
  readonly trigger?: string;
  /** The last that is known of it. */
  readonly outcome: Outcome;
}
