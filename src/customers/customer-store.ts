import type { ClaimResult, ClaimWrite, ContactWrite, EventResult, EventWrite, GroupEventResult, GroupEventWrite, LinkResult, LinkWrite, RecordResult } from './store-writes.js';
import type { CustomerToLoad, LimitPeriod, LimitUse, SharedState, StoredCustomer, StoredProfile, StoredState, Tombstone } from './stored-customer.js';
import type { StoreHoldings } from './store-holdings.js';
import type { Agenda } from './agenda.js';
import type { Turn, TurnAsk } from './speaking-catalogs.js';

export { NoStoreError, StoreError, UnreadableError } from './store-error.js';
export type * from './store-writes.js';
export type * from './stored-customer.js';

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

  /** How the usage of limits is made up, by `LimitPeriod.counter`, one entry for each that was asked for. Give some hundreds
   *  at once. It settles nothing: what a process left in doubt counts as confirmed. */
  limitUse(limits: readonly LimitPeriod[], now: number): Promise<ReadonlyMap<string, LimitUse>>;

  /** Writes a whole profile. `ifVersion`: only where the stored `profileVersion` is that one (0: where there is no
   *  customer), else `conflict`. The ledger and the idempotency keys stay. `wakeAt`: as `wake`, in the same step. Whichever call
   *  ends the consent to partners' data takes with it what hangs on them, the keys of their events too. */
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

  /** Begins a walk over all customers, to be taken by `takeDue` at `at` or before; one that was begun goes on, one that is
   *  done stays so. Where nobody ever asked to speak (`takeTurn`) nothing is begun: the first who does walks over all. */
  beginWalk(walkId: string, at: number): Promise<void>;

  /** Whether a process may speak by its catalog: one at a time does (speaking-catalogs.ts). */
  takeTurn(ask: TurnAsk): Promise<Turn>;

  /** Has whoever speaks walk over all customers once more. */
  walkAnew(): Promise<void>;

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
   *  middle, and the same again puts it right. Give some hundreds at once. Answers the ids of those who are not (any more)
   *  what they should replace; they are left as they are. */
  load(customers: readonly CustomerToLoad[], wakeAt?: number): Promise<readonly string[]>;

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

export interface TakeDue {
  readonly now: number;
  readonly most: number;
  readonly leaseUntil: number;
  /** Only some of the customers are asked for, where asking costs something: of so many parts of them this one, from 0. */
  readonly part?: { readonly place: number; readonly of: number } | undefined;
  /** Told of what could not be taken, or read, while the others are. What cannot be read is due no more until somebody
   *  wakes the customer. */
  readonly failed?: ((error: Error) => void) | undefined;
}

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
