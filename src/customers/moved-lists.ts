import { StoreError } from './customer-store.js';
import { isVisitorKey } from './visitor-id.js';
import type { MoveTally } from './move-tally.js';
import type { HeldCounter, HeldCustomer, HeldSweep, HeldTombstone, HeldVisitor, StoreHoldings, Taken } from './store-holdings.js';
import { UnreadableValue } from './values/bytes.js';
import { decodeCustomer, type CustomerValue } from './values/customer-value.js';
import { decodeVisitor } from './values/visitor-value.js';

/** One kind of thing that a store lists. */
export interface MovedList<T> {
  readonly kind: keyof MoveTally;
  readonly entries: (holdings: StoreHoldings, now: number) => AsyncIterable<T>;
  readonly nameOf: (entry: T) => string;
  readonly isSame: (one: T, other: T) => boolean;
  /** About so many bytes are written with it. */
  readonly sizeOf: (entry: T) => number;
  readonly taken: (entries: readonly T[], gone: readonly string[]) => Taken;
  /** What is counted by itself of what it holds. */
  readonly count: (entry: T) => Partial<Readonly<Record<keyof MoveTally, number>>>;
}

const bytesPerReservation = 100;

/** A visitor's link that is finished while visitors are read changes its customer, and reservations are held for customers
 *  and visitors before they stand in a counter: hence the order. */
export async function walkLists(walk: <T>(list: MovedList<T>) => Promise<void>): Promise<void> {
  await walk(visitors);
  await walk(customers);
  await walk(sweeps);
  await walk(counters);
  await walk(tombstones);
}

const visitors: MovedList<HeldVisitor> = {
  kind: 'visitors',
  entries: (holdings, now) => holdings.visitors(now),
  nameOf: ({ id }) => id,
  isSame: isSameEntry,
  sizeOf: sizeOfEntry,
  taken: (entries, goneVisitors) => ({ visitors: entries, goneVisitors }),
  count: countsOfEntry,
};

const customers: MovedList<HeldCustomer> = {
  kind: 'customers',
  entries: (holdings, now) => holdings.customers(now),
  nameOf: ({ id }) => id,
  isSame: isSameEntry,
  sizeOf: (entry) => sizeOfEntry(entry) + entry.links.length * bytesPerReservation + (entry.agenda === null ? 0 : JSON.stringify(entry.agenda).length),
  taken: (entries, goneCustomers) => ({ customers: entries, goneCustomers }),
  count: (entry) => ({ ...countsOfEntry(entry), agendas: entry.agenda === null ? 0 : 1 }),
};

const sweeps: MovedList<HeldSweep> = {
  kind: 'sweeps',
  entries: (holdings, now) => holdings.sweeps(now),
  nameOf: ({ id }) => id,
  isSame: isEqual,
  sizeOf: () => 0,
  taken: (entries, goneSweeps) => ({ sweeps: entries, goneSweeps }),
  count: () => ({}),
};

const counters: MovedList<HeldCounter> = {
  kind: 'limits',
  entries: (holdings, now) => holdings.counters(now),
  nameOf: ({ name }) => name,
  isSame: isEqual,
  sizeOf: ({ reserved }) => reserved.length * bytesPerReservation,
  taken: (entries, goneCounters) => ({ counters: entries, goneCounters }),
  count: () => ({}),
};

const tombstones: MovedList<HeldTombstone> = {
  kind: 'tombstones',
  entries: (holdings, now) => holdings.tombstones(now),
  nameOf: ({ name }) => name,
  isSame: isEqual,
  sizeOf: () => 0,
  // One that the first store does not have is over there: it goes by itself.
  taken: (entries) => ({ tombstones: entries }),
  count: () => ({}),
};

function isSameEntry({ value, ...one }: HeldVisitor, { value: otherValue, ...other }: HeldVisitor): boolean {
  return value.equals(otherValue) && isEqual(one, other);
}

/** Entries have their members in one order. */
function isEqual(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sizeOfEntry({ value, answered, reservations }: HeldVisitor): number {
  return value.length + (answered.length + reservations.length) * bytesPerReservation;
}

function countsOfEntry(entry: HeldVisitor): { readonly contacts: number; readonly idempotencyKeys: number; readonly reservations: number } {
  return { contacts: customerIn(entry)?.contacts.length ?? 0, idempotencyKeys: entry.answered.length, reservations: entry.reservations.length };
}

/** `null`: a visitor who is a customer by now. */
function customerIn({ id, value }: HeldVisitor): CustomerValue | null {
  try {
    if (!isVisitorKey(id)) return decodeCustomer(value);
    const visitor = decodeVisitor(value);
    return visitor.state === 'linked' ? null : visitor.customer;
  } catch (error) {
    if (error instanceof UnreadableValue) throw new StoreError(`A stored ${isVisitorKey(id) ? 'visitor' : 'customer'} cannot be read: ${error.message}.`);
    throw error;
  }
}
