import { StoreError } from './customer-store.js';
import { differences, type Comparison } from './differences.js';
import type { HeldCounter, HeldCustomer, HeldTombstone, StoreHoldings, Taken } from './store-holdings.js';
import { UnreadableValue } from './values/bytes.js';
import { decodeCustomer } from './values/customer-value.js';

/** Of one kind of thing: how many the first store holds; how many were written to the second, and removed from it; how many
 *  are not the same (where it was only compared). */
export interface Tally { held: number; written: number; removed: number; differing: number }
export const movedKinds = ['customers', 'contacts', 'idempotencyKeys', 'reservations', 'limits', 'groupEvents', 'tombstones', 'secrets'] as const;
export type MoveTally = Readonly<Record<(typeof movedKinds)[number], Tally>>;

export interface Move {
  readonly from: StoreHoldings;
  readonly to: StoreHoldings;
  readonly now: number;
  /** Called now and then with how many customers of the first store have been seen. */
  readonly onCustomers: (seen: number) => Promise<void>;
}

const entriesPerWrite = 200;
/** Entries may be large: a write holds no more than this. */
const bytesPerWrite = 4_000_000;
const customersPerReport = 200;
const bytesPerReservation = 100;

/**
 * Makes the second store hold what the first one holds: what differs is written, what is not there any more is removed,
 * the rest is left alone. Nothing is added to what is there, so it may end anywhere and begin again.
 */
export function moveHoldings(move: Move): Promise<MoveTally> {
  return walk(move, (taken) => move.to.take(taken, move.now));
}

/** Counts and compares all, and writes nothing. */
export function compareHoldings(move: Move): Promise<MoveTally> {
  return walk(move, null);
}

type Take = (taken: Taken) => Promise<void>;

/** Customers come before the limits' counters, as `StoreHoldings.take` asks. `take: null`: only compares. */
async function walk({ from, to, now, onCustomers }: Move, take: Take | null): Promise<MoveTally> {
  const tally = Object.fromEntries(movedKinds.map((kind): [string, Tally] => [kind, { held: 0, written: 0, removed: 0, differing: 0 }])) as MoveTally;
  await walkSecrets(from, to, tally.secrets, take);
  await walkShared({ from, to, now }, tally.groupEvents, take);

  const add = (customer: HeldCustomer, what: 'held' | 'written'): void => {
    tally.contacts[what] += contactsOf(customer);
    tally.idempotencyKeys[what] += customer.answered.length;
    tally.reservations[what] += customer.reservations.length;
  };
  await walkList<HeldCustomer>({
    from: from.customers(now), to: to.customers(now),
    nameOf: ({ id }) => id,
    isSame: (one, other) => one.value.equals(other.value) && isEqual(one.answered, other.answered) && isEqual(one.reservations, other.reservations),
    onEntry: async (customer) => {
      add(customer, 'held');
      if (tally.customers.held % customersPerReport === 0) await onCustomers(tally.customers.held);
    },
    tally: tally.customers,
    sizeOf: ({ value, answered, reservations }) => value.length + (answered.length + reservations.length) * bytesPerReservation,
    take: take === null ? null : async (customers, goneCustomers) => {
      for (const customer of customers) add(customer, 'written');
      await take({ customers, goneCustomers });
    },
  });
  await onCustomers(tally.customers.held);

  await walkList<HeldCounter>({
    from: from.counters(now), to: to.counters(now),
    nameOf: ({ name }) => name,
    isSame: isEqual,
    onEntry: () => Promise.resolve(),
    tally: tally.limits,
    sizeOf: ({ reserved }) => reserved.length * bytesPerReservation,
    take: take === null ? null : (counters, goneCounters) => take({ counters, goneCounters }),
  });
  await walkList<HeldTombstone>({
    from: from.tombstones(now), to: to.tombstones(now),
    nameOf: ({ name }) => name,
    isSame: isEqual,
    onEntry: () => Promise.resolve(),
    tally: tally.tombstones,
    sizeOf: () => 0,
    // One that the first store does not have is over there: it goes by itself.
    take: take === null ? null : (tombstones) => take({ tombstones }),
  });
  return tally;
}

interface ListWalk<T> extends Comparison<T> {
  readonly tally: Tally;
  readonly sizeOf: (entry: T) => number;
  readonly take: ((entries: readonly T[], gone: readonly string[]) => Promise<void>) | null;
}

async function walkList<T>({ tally, sizeOf, take, ...comparison }: ListWalk<T>): Promise<void> {
  let entries: T[] = [];
  let gone: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (entries.length + gone.length > 0) await take?.(entries, gone);
    tally.written += entries.length;
    tally.removed += gone.length;
    entries = [];
    gone = [];
    bytes = 0;
  };
  const onEntry = (entry: T): Promise<void> => {
    tally.held++;
    return comparison.onEntry(entry);
  };
  for await (const { name, from } of differences({ ...comparison, onEntry })) {
    if (take === null) {
      tally.differing++;
      continue;
    }
    if (from === undefined) gone.push(name);
    else entries.push(from);
    bytes += from === undefined ? 0 : sizeOf(from);
    if (entries.length + gone.length >= entriesPerWrite || bytes >= bytesPerWrite) await flush();
  }
  await flush();
}

async function walkSecrets(from: StoreHoldings, to: StoreHoldings, tally: Tally, take: Take | null): Promise<void> {
  const [ours, theirs] = await Promise.all([from.secrets(), to.secrets()]);
  const secrets = new Map([...ours].filter(([name, secret]) => theirs.get(name) !== secret));
  tally.held = ours.size;
  if (take === null) {
    tally.differing = secrets.size;
  } else if (secrets.size > 0) {
    await take({ secrets });
    tally.written = secrets.size;
  }
}

/** Written as a whole, with the population's rhythms, where anything of it differs. */
async function walkShared({ from, to, now }: Pick<Move, 'from' | 'to' | 'now'>, tally: Tally, take: Take | null): Promise<void> {
  const [ours, theirs] = await Promise.all([from.shared(now), to.shared(now)]);
  tally.held = ours.groupEvents.length;
  const known = new Map(theirs.groupEvents.map(({ name, value }) => [name, value]));
  const changed = ours.groupEvents.filter(({ name, value }) => known.get(name)?.equals(value) !== true).length;
  const gone = theirs.groupEvents.filter(({ name }) => !ours.groupEvents.some((event) => event.name === name)).length;
  const rhythmsDiffer = ours.rhythms === null ? theirs.rhythms !== null : theirs.rhythms?.equals(ours.rhythms) !== true;
  if (changed + gone === 0 && !rhythmsDiffer) return;
  if (take === null) {
    tally.differing = changed + gone + (rhythmsDiffer ? 1 : 0);
  } else {
    await take({ shared: ours });
    tally.written = changed;
    tally.removed = gone;
  }
}

/** Entries have their members in one order. */
function isEqual(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function contactsOf({ value }: HeldCustomer): number {
  try {
    return decodeCustomer(value).contacts.length;
  } catch (error) {
    if (error instanceof UnreadableValue) throw new StoreError(`A stored customer cannot be read: ${error.message}.`);
    throw error;
  }
}
