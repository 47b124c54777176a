import type { Contact, CustomerEvents, CustomerProfile, GroupEvent } from '../decision/types.js';
import type { HeldAgenda } from './agenda.js';

/** What stays of an erased customer: that there was one, under a hash of the id, so that what speaks of the time before
 *  is refused even when the id comes back. Nothing else, and not for ever. */
export interface Tombstone { readonly erasedAt: number; readonly keptUntil: number }

/**
 * One consent, from when it was asked for to when it was withdrawn. A pending one (double opt-in) is no consent yet.
 * Records are history: they are added and closed, never changed otherwise, and never forgotten while the customer is held.
 */
export interface ConsentRecord {
  /** A channel, or a purpose such as "partner-data": what `consents` lists while it is in force. */
  readonly purpose: string;
  readonly status: 'pending' | 'confirmed' | 'withdrawn';
  readonly basis?: string | undefined;
  readonly textVersion?: string | undefined;
  readonly source?: string | undefined;
  readonly givenAt: number;
  readonly confirmedAt?: number | undefined;
  readonly withdrawnAt?: number | undefined;
}

export interface StoredProfile {
  readonly attributes: CustomerProfile['attributes'];
  /** In force: what rules see. The store keeps it as it is given; only `withdrawConsent` changes it. */
  readonly consents: readonly string[];
  /** The history behind `consents`, oldest first. */
  readonly consentRecords?: readonly ConsentRecord[] | undefined;
  /** An objection to all direct marketing (GDPR Art. 21): no consent is in force while it stands. */
  readonly objection?: boolean | undefined;
  readonly holdings: readonly string[];
  readonly timeZone?: string | undefined;
  readonly locale?: string | undefined;
}

export interface StoredCustomer {
  readonly id: string;
  readonly profile: StoredProfile;
  /** Ascending by `occurredAt`, in order of recording where equal. */
  readonly contacts: readonly Contact[];
  /** Absent: none. */
  readonly events?: CustomerEvents | undefined;
  /** The visitors that were linked to the customer, in the order of their links. Absent: none. `load` leaves them. */
  readonly visitors?: readonly LinkedVisitor[] | undefined;
  /** What we said by ourselves and have to say; while somebody looks at the customer, `dueAt` is when another would. Absent:
   *  nothing, and nobody must look. */
  readonly agenda?: HeldAgenda | undefined;
  /** Of a visitor: the customer that it was linked to, who holds the contacts and events. */
  readonly linkedTo?: string | undefined;
}

/** A customer to be loaded. */
export interface CustomerToLoad extends StoredCustomer {
  /** The state that it takes the place of; `null`: there is no such customer. Absent: whatever is there. */
  readonly replaces?: CustomerVersions | null | undefined;
}

/** Of one state of a customer; no other has both. */
export interface CustomerVersions { readonly profileVersion: number; readonly ledgerVersion: number }

/** `visitorId`: its own, not that which it is held under. */
export interface LinkedVisitor { readonly visitorId: string; readonly linkedAt: number }

export interface StoredState {
  /** `null`: there is no such customer. */
  readonly customer: null | {
    readonly profile: StoredProfile;
    readonly contacts: readonly Contact[];
    readonly events: CustomerEvents;
    /** At least 1. Changes with every write of the profile (a consent withdrawn is one), and never comes back, not
     *  even for a customer that was erased and made anew. */
    readonly profileVersion: number;
    /** At least 1. Changes with every write of the ledger, of the consents or of events, and never comes back. */
    readonly ledgerVersion: number;
  };
  /** By `LimitPeriod.counter`, one entry for each that was asked for: confirmed plus reservations that are live at
   *  `now` (`heldUntil > now`). What has ended by the `now` of any call may be forgotten. `null`: the customer could be
   *  read, the counters could not, as where they lie on different machines; never for `customerId: null`. */
  readonly limitUsage: ReadonlyMap<string, number> | null;
  /** The customer to be read in place of this visitor. */
  readonly linkedTo?: string | undefined;
}

/** One counter: a limit (`Limit.key`) in one period; `counter` is e.g. "home-insurance/accepted/month/2026-11". A
 *  reservation is found by its limit, customer, decision and offer, in whichever period it was made. */
export interface LimitPeriod {
  readonly limit: string;
  readonly counter: string;
  /** After this the period is over and its counter may be forgotten, once no reservation in it is live; `null`: never. */
  readonly endsAt: number | null;
}

/** Of one counter: what is confirmed, and what reservations that are live hold; together what `limitUsage` says. */
export interface LimitUse { readonly confirmed: number; readonly reserved: number }

/** Group events that have not been forgotten, ascending by `occurredAt`, then by source and id; and the population's
 *  usual intervals in milliseconds, by event type. Where nothing has changed since it is the same object. */
export interface SharedState { readonly groupEvents: readonly GroupEvent[]; readonly rhythms: ReadonlyMap<string, number> }
