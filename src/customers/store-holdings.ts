import type { HeldAgenda } from './agenda.js';
import type { AnsweredOutcome } from './values/answered-outcome.js';
import type { VisitorLink } from './values/visitor-link.js';

/**
 * Everything that a store holds, for moving it to another store (`nbo migrate`). What it reads is what still counts at
 * `now`: ended reservations, expired idempotency keys and tombstones, and counters of nothing are left out. Names that
 * are hashes, in hexadecimal, are the same in every store.
 *
 * Each list is ascending by the UTF-8 bytes of its name, each entry once, and is read in pages: an entry is as it was
 * at one moment, the list is not. What another process has begun and not ended is settled before it is read.
 */
export interface StoreHoldings {
  customerCount(): Promise<number>;
  /** A link that another process has begun is finished first, which changes its customer: read them before the customers. */
  visitors(now: number): AsyncIterable<HeldVisitor>;
  customers(now: number): AsyncIterable<HeldCustomer>;
  /** Walks over all customers: those that are under way, and those of which it is remembered that they are done. */
  sweeps(now: number): AsyncIterable<HeldSweep>;
  counters(now: number): AsyncIterable<HeldCounter>;
  tombstones(now: number): AsyncIterable<HeldTombstone>;
  /** What concerns all customers. */
  shared(now: number): Promise<HeldShared>;
  /** The secrets that an installation keeps, by name; those that it has. */
  secrets(): Promise<ReadonlyMap<string, string>>;

  /** Makes the store hold what is given, in place of what it held under the same names; the same again changes nothing.
   *  For a store that serves nobody: other calls meanwhile may see it in the making. Each entry is written as a whole.
   *  Customers and visitors are to come before the counters that their reservations are in. Give some hundreds at once. */
  take(holdings: Taken, now: number): Promise<void>;

  /** Where the store was filled from, or that a service was started on it (begin-move.ts); `null`: neither. */
  arrival(): Promise<Arrival | null>;
  setArrival(arrival: Arrival | null): Promise<void>;
}

/** A visitor, by the id that it is held under; `value` as values/visitor-value.ts has it. */
export interface HeldVisitor {
  readonly id: string;
  readonly value: Buffer;
  /** Ascending by name. */
  readonly answered: readonly HeldAnswer[];
  /** Live, ascending by holder. */
  readonly reservations: readonly HeldReservation[];
}

/** `value` as values/customer-value.ts has it, versions and all: whatever a customer gets to hold moves with it, and two
 *  stores are compared by bytes. */
export interface HeldCustomer extends HeldVisitor {
  /** Ascending by the visitor's id. */
  readonly links: readonly VisitorLink[];
  /** `null`: nothing was said, nothing is to be, and nobody must look. A lease is not moved: who works on it has the other
   *  store. Where it was held, `dueAt` is its end, when another would have taken over. */
  readonly agenda: HeldAgenda | null;
}

export interface HeldSweep extends HeldAgenda { readonly id: string }

/** `name`: hash of the outcome's id. */
export interface HeldAnswer extends AnsweredOutcome { readonly name: string }

/** `holder`: hash of customer, limit, decision and offer. `heldBy`: the visitor who made it, where it came by a link. */
export interface HeldReservation { readonly holder: string; readonly counter: string; readonly heldUntil: number; readonly heldBy?: string | undefined }

export interface HeldCounter {
  readonly name: string;
  /** Of its period; `null`: never, or not known. */
  readonly endsAt: number | null;
  readonly confirmed: number;
  /** All that are live, ascending by holder; one that no customer has (its process died) counts until its end. */
  readonly reserved: readonly { readonly holder: string; readonly heldUntil: number }[];
}

/** `name`: HMAC of the customer's id. */
export interface HeldTombstone { readonly name: string; readonly erasedAt: number; readonly keptUntil: number }

/** Group events by the hash of their key, ascending, and the population's rhythms (`null`: none yet); as
 *  values/group-event.ts has them. There are few. */
export interface HeldShared {
  readonly groupEvents: readonly { readonly name: string; readonly value: Buffer }[];
  readonly rhythms: Buffer | null;
}

export interface Taken {
  readonly secrets?: ReadonlyMap<string, string>;
  readonly visitors?: readonly HeldVisitor[];
  readonly customers?: readonly HeldCustomer[];
  readonly sweeps?: readonly HeldSweep[];
  readonly counters?: readonly HeldCounter[];
  readonly tombstones?: readonly HeldTombstone[];
  readonly shared?: HeldShared;
  /** Names of what is not held any more. */
  readonly goneVisitors?: readonly string[];
  readonly goneCustomers?: readonly string[];
  readonly goneSweeps?: readonly string[];
  readonly goneCounters?: readonly string[];
}

/** Something is being moved into the store. The service serves from it only when that is complete. */
export interface Arrival {
  /** From which store: its id. */
  readonly from: string;
  readonly isComplete: boolean;
}

/** The name of the secret that tokens are signed with, and of the salt that hashes the ids of the erased. */
export const tokenSecretName = 'token';
export const tombstoneSaltName = 'tombstone-salt';
/** What `secrets` gives: a store may know names only when it is asked for them. */
export const secretNames: readonly string[] = [tokenSecretName, tombstoneSaltName];
/** Kept among the secrets. */
export const arrivalName = 'arrival';

export function encodeArrival({ from, isComplete }: Arrival): string {
  return `${isComplete ? 'complete' : 'incomplete'} ${from}`;
}

export function decodeArrival(text: string): Arrival {
  const [state, from = ''] = text.split(' ');
  return { from, isComplete: state === 'complete' };
}

export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
