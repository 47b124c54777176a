import type { JsonObject, Outcome } from './words.js';

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
  /** Of what we presented by ourselves: the trigger. `''`: one on partners' data, whose name must not outlive the consent. */
  readonly trigger?: string | undefined;
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
