import type { EventIntake, TriggerTiming } from '../decision/event-intake.js';
import type { Contact, CustomerEvents, CustomerProfile, GroupEvent, LedgerHorizon } from '../decision/types.js';
import type { StoreHoldings } from './store-holdings.js';
import type { Agenda, HeldAgenda } from './agenda.js';

/**
 * The port to stored state: customers, their contact ledgers, the idempotency keys of their outcomes, and the
 * limits' counters. Three promises hold for every adapter and are tested by one suite (test/contracts):
 *
 * - durable: a call that resolves has its write on disk (or as safe as the server keeps it); a call that rejects
 *   may or may not have been written, and is safe to send again;
 * - visible: what a resolved call wrote is seen by every later read, from any process;
 * - atomic: a call's writes happen together or not at all, and it decides on the state that it writes to.
 *
 * A rejection is always a `StoreError`. Absence is never an error: it is a value of the result. The store has no
 * clock: `now` comes in with each call. All times are whole epoch milliseconds; a call with another time, or with an
 * id that is not well-formed Unicode of 1 to 1,024 bytes, rejects and writes nothing.
 *
 * Optional members that were absent come back absent or `undefined`; everything else comes back exactly.
 *
 * A visitor, of whom only an anonymous id is known, is held under an id of its own kind (visitor-id.ts), which `read`,
 * `record`, `claim`, `takeIn`, `export` and `erase` take as a customer's. It has no profile. The first write makes it; it
 * is not among the `ids`; and it is gone once its `visitorUntil` is over. When it has been linked to a customer, those
 * calls say so (`linked`, after a tombstone was looked for), and are to be made for the customer.
 */
export interface CustomerStore {
  /** One customer and the usage of the named limits, in one step. `customerId: null` reads the limits only. */
  read(customerId: string | null, limits: readonly LimitPeriod[], now: number): Promise<StoredState>;

  /** Writes a whole profile. `ifVersion`: only where the stored `profileVersion` is that one (0: where there is no
   *  customer), else `conflict`. The ledger and the idempotency keys stay. `wakeAt`: as `wake`, in the same step. */
  putProfile(customerId: string, profile: StoredProfile, ifVersion?: number, wakeAt?: number): Promise<'created' | 'replaced' | 'conflict'>;

  /** Everything held about the customer. */
  export(customerId: string): Promise<StoredCustomer | null>;

  /** Removes everything held about the customer: profile, ledger, idempotency keys, agenda and when it is due, reservations (their room is free
   *  again; what was confirmed stays counted, without a name), and leaves the tombstone. Of two tombstones the later
   *  `erasedAt` and the later `keptUntil` count. False where there was nothing; then it leaves none. */
  erase(customerId: string, tombstone: Tombstone): Promise<boolean>;

  /** Records one contact with all that hangs on it: idempotency, consent withdrawn, limits. Checked in this order: no
   *  tombstone forbids it (whether or not the id is in use again), the customer is known, the outcome id is new, there is room for one more, the `presented` is new, the limits have room, the ledger has room.
   *  Nothing is written unless all hold. */
  record(write: ContactWrite): Promise<RecordResult>;

  /** Records what a decision presents, if the ledger is still the one that the decision saw. Checked in this order:
   *  the customer is known, the lease (where one is named) is held, the version is that one, the limits have room, the
   *  ledger has room. Nothing is written unless all hold. Contacts that the ledger holds already are not written twice. */
  claim(write: ClaimWrite): Promise<ClaimResult>;

  /** Takes in one event of a customer. Checked in this order: no tombstone forbids it, the customer is known (or is made),
   *  the consent that it needs is in force, its key is new, there is room for one more. Nothing is written unless all hold. */
  takeIn(write: EventWrite): Promise<EventResult>;

  /** Takes in an event that concerns everybody whom a trigger matches; what it costs does not depend on how many they are. */
  takeInForAll(write: GroupEventWrite): Promise<GroupEventResult>;

  /** Joins a visitor to a customer, once: contacts, events, reservations and idempotency keys (of two of one id the
   *  customer's stays). From then on the visitor is `linked`. Checked in this order: the customer is known, the visitor is
   *  no other customer's, it is not linked yet (`repeated`), the customer has room for one more visitor, the ledger has
   *  room for both. Nothing is written unless all hold. A visitor of whom nothing is held can be linked, too. Where it
   *  rejects, the same again finishes it, and so does every call that meets the visitor. */
  link(write: LinkWrite): Promise<LinkResult>;

  /** Sees to it that each customer is taken by `takeDue` at `at` or before. A customer who is due sooner stays so. */
  wake(customerIds: readonly string[], at: number): Promise<void>;

  /** Takes some of those that are due (`dueAt <= now`), roughly those first that have been due longest: until `leaseUntil`
   *  nobody else gets them, in any process; then they are due again, unless they were settled. What becomes due while it
   *  is taken is so again after it is settled. */
  takeDue(take: TakeDue): Promise<readonly DueCustomer[]>;

  /** Ends a lease: writes the agenda and when it is due next. False, and nothing is written, where the lease is not held
   *  any more: another one took over, or the customer was erased. */
  settle(settling: Settling): Promise<boolean>;

  /** What concerns all customers. */
  shared(now: number): Promise<SharedState>;

  /** The population's usual intervals, in milliseconds by event type; `null`: none is known (any more). Those of types that
   *  are not named stay: another process may have measured them, by another catalog. */
  putRhythms(rhythms: ReadonlyMap<string, number | null>): Promise<void>;

  /** Profile and contacts in one write, replacing what is there: for imports. Contacts may come in any order; those of
   *  the same time keep theirs. Idempotency keys and reservations stay; an agenda that is given takes the place of what there
   *  was, and of who works on it. `wakeAt`: as `wake`, in the same step. Where one cannot be stored, none is.
   *  Each customer is written as a whole; the embedded store writes all of them in one step, others may stop in the
   *  middle, and the same again puts it right. Give some hundreds at once. */
  load(customers: readonly StoredCustomer[], wakeAt?: number): Promise<void>;

  /** All customer ids in ascending order of their UTF-8 bytes, from after `after` (which need not exist). Not one
   *  snapshot: a customer that comes or goes meanwhile may be there or not. */
  ids(after?: string): AsyncIterable<string>;

  /** A secret by name, made by `make` (synchronous; its result may be thrown away) where there is none yet; the same
   *  for every process. */
  secret(name: string, make: () => string): Promise<string>;

  /** Everything held, for moving it to another store. */
  readonly holdings: StoreHoldings;

  /** In words for an operator, why calls cannot be answered now, as far as is known without asking; `null`: nothing is
   *  known against it. */
  problem(): string | null;

  /** Resolves when every call made before has settled. Calls made after it reject; closing again is no error. */
  close(): Promise<void>;
}

export interface TakeDue { readonly now: number; readonly most: number; readonly leaseUntil: number }

export interface DueCustomer {
  readonly customerId: string;
  /** What a settling, or a claim, names: that it is still ours. */
  readonly lease: string;
  readonly dueAt: number;
  readonly agenda: Agenda;
}

export interface Settling {
  readonly customerId: string;
  readonly lease: string;
  readonly agenda: Agenda;
  /** `null`: when something new happens. */
  readonly dueAt: number | null;
}

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
}

export type EventResult =
  | Linked
  | { readonly type: 'recorded' }
  | { readonly type: 'repeated' }
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
export type GroupEventResult = { readonly type: 'recorded' | 'repeated' | 'other-body' | 'full' };

/** Group events that have not been forgotten, ascending by `occurredAt`, then by source and id; and the population's
 *  usual intervals in milliseconds, by event type. Where nothing has changed since it is the same object. */
export interface SharedState { readonly groupEvents: readonly GroupEvent[]; readonly rhythms: ReadonlyMap<string, number> }

/** The store could not answer: away, slow, full. The message is for an operator; it holds no customer's data. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** What is stored cannot be understood; to ask again does not help. */
export class UnreadableError extends StoreError {
  override readonly name = 'UnreadableError';
}
