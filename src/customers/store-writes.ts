import type { EventIntake, TriggerTiming } from '../decision/event-intake.js';
import type { Contact, GroupEvent, LedgerHorizon } from '../decision/types.js';
import type { Agenda } from './agenda.js';
import type { LimitPeriod } from './stored-customer.js';

// What calls of the port hand in, and what they are answered; customer-store.ts says what is checked, and in which order.

export interface ContactWrite {
  readonly customerId: string;
  readonly contact: Contact;
  /** When that began which the outcome speaks of: its decision where that is known, else the contact itself. At or
   *  before a tombstone's `erasedAt`: `erased`. */
  readonly beganAt: number;
  readonly now: number;
  /** Before the contact is added, contacts older than `now - windowMs` go, but for the latest contact of each offer
   *  or activity in each channel with an outcome in `latestOf`. */
  readonly horizon: LedgerHorizon;
  /** The most contacts that a ledger holds after that; one more is `ledger-full`. */
  readonly maxContacts: number;
  /** Of a visitor, who is forgotten where nothing more is written until then; needed for one. */
  readonly visitorUntil?: number | undefined;
  /** Idempotency: unique per customer, kept until `expiresAt`. `body` is a hash of the request as parsed JSON;
   *  `answer` is kept, and given back when the same comes again. `mostKept`: ids of outcomes and keys of events that are
   *  remembered of one customer at a time; one more is `too-many-keys`. */
  readonly idempotency?: { readonly outcomeId: string; readonly body: string; readonly answer: string; readonly expiresAt: number; readonly mostKept: number } | undefined;
  /** `unsubscribed` also withdraws the consent for the channel, in the same step. */
  readonly withdrawConsent?: string | undefined;     // open records of this purpose get `withdrawnAt: now` and the status `withdrawn`
  /** Limits that this outcome confirms. A live reservation of this customer, decision and offer becomes confirmed in
   *  its own counter; without one, free room of the counter given is taken, else `limit-reached`. Where the ledger
   *  holds this outcome of this decision and offer already, it is confirmed already and does not count again; an
   *  outcome that names no decision counts each time. */
  readonly confirm: readonly LimitRoom[];
  /** Limits whose reservation by this customer, decision and offer ends now, in whichever counter it is. */
  readonly release: readonly LimitPeriod[];
}
export interface LimitRoom extends LimitPeriod { readonly max: number }

/** The visitor was linked to this customer: nothing was written. */
export interface Linked { readonly type: 'linked'; readonly customerId: string }

export type RecordResult =
  | Linked
  | { readonly type: 'recorded' }
  /** The same outcomeId with the same body, with the answer kept; or this decision's `presented` of this offer was
   *  there already, with `null`. Nothing was written, but a new outcomeId is remembered all the same. */
  | { readonly type: 'repeated'; readonly answer: string | null }
  | { readonly type: 'other-body' }
  | { readonly type: 'too-many-keys' }
  | { readonly type: 'unknown-customer' }
  /** The customer was erased after what this outcome speaks of. */
  | { readonly type: 'erased' }
  | { readonly type: 'ledger-full' }
  | { readonly type: 'limit-reached'; readonly counter: string };

export interface ClaimWrite {
  readonly customerId: string;
  /** What the decision saw; another version now is a `conflict`. 0: a visitor of whom nothing is held. */
  readonly ledgerVersion: number;
  readonly contacts: readonly Contact[];
  readonly now: number;
  readonly horizon: LedgerHorizon;
  readonly maxContacts: number;
  /** As in `ContactWrite`. */
  readonly visitorUntil?: number | undefined;
  /** Room to hold for each offer, until `heldUntil`; the same customer, decision and offer hold one, prolonged by a
   *  second. `confirmed`: the limit counts `presented` itself, so the room is taken at once (and once: not where the
   *  ledger holds this decision's `presented` of the offer). */
  readonly reserve: readonly (LimitRoom & { readonly offerId: string; readonly decisionId: string; readonly heldUntil: number; readonly confirmed: boolean })[];
  /** Decisions of before whose `presented` did not come about: it goes from the ledger, unless more is known of them. Room that
   *  a limit on `presented` counted for them stays counted. */
  readonly takesBack?: readonly string[] | undefined;
  /** What is presented by ourselves: the agenda is written in the same step, while the lease is held, which goes on. */
  readonly agenda?: { readonly lease: string; readonly agenda: Agenda } | undefined;
}

export type ClaimResult =
  | Linked
  | { readonly type: 'claimed' }
  | { readonly type: 'conflict' }
  | { readonly type: 'lease-lost' }
  | { readonly type: 'unknown-customer' }
  | { readonly type: 'ledger-full' }
  | { readonly type: 'limit-reached'; readonly counter: string };

export interface EventWrite {
  readonly customerId: string;
  readonly intake: EventIntake;
  /** By trigger, of all that events start: for how long what started it matters. What is over by the time of this event goes. */
  readonly timings: ReadonlyMap<string, TriggerTiming>;
  /** Makes a bare customer, or visitor, where there is none. */
  readonly createsCustomer: boolean;
  /** Without it the event is refused, and nothing of it is stored; `null`: none is needed. */
  readonly needsConsent: string | null;
  /** The event may have been taken in so long ago that its key is gone. */
  readonly late: boolean;
  readonly now: number;
  /** As in `ContactWrite`. */
  readonly visitorUntil?: number | undefined;
  /** `eventKey`: unique per customer, apart from outcome ids; `body` is a hash of the event as parsed JSON;
   *  `mostKept` as in `ContactWrite`. A late event is taken in all the same, and its key is not remembered. */
  readonly idempotency: { readonly eventKey: string; readonly body: string; readonly expiresAt: number; readonly mostKept: number };
  /** As `wake`, in the same step. */
  readonly wakeAt?: number | undefined;
  /** The same where it makes the customer; the sooner of both. */
  readonly wakeNewAt?: number | undefined;
}

export type EventResult =
  | Linked
  | { readonly type: 'recorded' }
  /** `expiresAt`: of the key, as the first brought it. */
  | { readonly type: 'repeated'; readonly expiresAt: number }
  | { readonly type: 'other-body' }
  | { readonly type: 'too-many-keys' }
  | { readonly type: 'unknown-customer' }
  | { readonly type: 'no-consent' }
  /** The customer was erased after the event. */
  | { readonly type: 'erased' };

export interface LinkWrite {
  /** As it is held (visitor-id.ts). */
  readonly visitor: string;
  readonly customerId: string;
  readonly now: number;
  readonly horizon: LedgerHorizon;
  readonly maxContacts: number;
  /** The most visitors of one customer. */
  readonly maxVisitors: number;
  /** By trigger: for how long what started it matters. */
  readonly timings: ReadonlyMap<string, TriggerTiming>;
  /** As in `ContactWrite`: of a visitor whose link did not come to its end. */
  readonly visitorUntil: number;
}

export type LinkResult =
  /** How many contacts and events were joined, and when: also where it is `repeated`. */
  | { readonly type: 'joined' | 'repeated'; readonly contacts: number; readonly events: number; readonly linkedAt: number }
  | { readonly type: 'unknown-customer' }
  | { readonly type: 'other-customer' }
  | { readonly type: 'too-many-visitors' }
  | { readonly type: 'ledger-full' };

export interface GroupEventWrite {
  readonly eventKey: string;
  readonly body: string;
  readonly event: GroupEvent;
  readonly now: number;
  /** After this it concerns nobody any more, and may be forgotten. */
  readonly keptUntil: number;
  /** The most that are kept at a time; one more is `full`. */
  readonly most: number;
}
export type GroupEventResult =
  | { readonly type: 'recorded' | 'other-body' | 'full' }
  /** `occurredAt`: of the first. */
  | { readonly type: 'repeated'; readonly occurredAt: number };
