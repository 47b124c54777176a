import { randomUUID } from 'node:crypto';
import { StoreError, type CustomerStore } from './customer-store.js';
import { tombstoneSaltName, type Arrival, type StoreHoldings } from './store-holdings.js';

/** `begun`, `continued`: the second store is marked as being filled, and may be written; else why it is left alone. */
export type BeginResult =
  | 'begun' | 'continued'
  | 'nothing-to-move'
  /** The first store is itself the half-filled end of a move. */
  | 'source-incomplete'
  /** The second store is the end of a move from another store. */
  | 'other-move'
  /** Two names of one store, or one is a copy of the other. */
  | 'same-store'
  /** What the second store holds was moved there from this installation, and it has been in service since. */
  | 'in-service'
  /** A service has been started on the second store: it may be running, with secrets of its own. */
  | 'served'
  | 'not-empty';

/** A store's own name, which is not moved. */
const storeIdName = 'store-id';

/** An installation is known by its salt, which moves with it. */
export async function beginMove(from: CustomerStore, to: CustomerStore, now: number): Promise<BeginResult> {
  if ((await from.holdings.arrival())?.isComplete === false) return 'source-incomplete';
  if (!(await holdsSomething(from.holdings, now))) return 'nothing-to-move';
  const sourceId = await from.secret(storeIdName, randomUUID);
  if (await to.secret(storeIdName, randomUUID) === sourceId) return 'same-store';
  const arrival = await to.holdings.arrival();
  if (arrival === null || arrival.from === service.from) {
    if (await holdsSomething(to.holdings, now)) return await saltOf(to) === await saltOf(from) ? 'in-service' : 'not-empty';
    if (arrival !== null) return 'served';
  } else if (arrival.from !== sourceId) {
    return 'other-move';
  }
  await to.holdings.setArrival({ from: sourceId, isComplete: false });
  return arrival === null ? 'begun' : 'continued';
}

async function saltOf({ holdings }: CustomerStore): Promise<string | undefined> {
  return (await holdings.secrets()).get(tombstoneSaltName);
}

/** All that was to be moved is there, and compared. */
export async function completeMove({ holdings }: CustomerStore): Promise<void> {
  const arrival = await holdings.arrival();
  if (arrival !== null) await holdings.setArrival({ ...arrival, isComplete: true });
}

/** Rejects with a StoreError where the store is only half filled: what it does not hold yet would be decided without. */
export async function expectArrived(holdings: StoreHoldings): Promise<void> {
  if ((await holdings.arrival())?.isComplete === false) {
    throw new StoreError('This store is being filled by "nbo migrate", and is not complete: run the same command again until it says that it is.');
  }
}

/** From now on the store is written by others: nothing may be moved here over it. */
export async function endArrival(holdings: StoreHoldings): Promise<void> {
  const arrival = await holdings.arrival();
  if (arrival !== null && arrival.from !== service.from) await holdings.setArrival(null);
}

/** In place of a store's own name: nothing was moved here, a service has written it. */
const service: Arrival = { from: 'service', isComplete: true };

/** As `endArrival`, for a service: it runs on, with the secrets that it found, so nothing may be moved here from now on even
 *  while the store is empty. */
export async function beginService(holdings: StoreHoldings): Promise<void> {
  if ((await holdings.arrival())?.from !== service.from) await holdings.setArrival(service);
}

/** A walk over no customers is nothing: a service that has looked at an empty store begins one. */
async function holdsSomething(holdings: StoreHoldings, now: number): Promise<boolean> {
  if (await holdings.customerCount() > 0) return true;
  const { groupEvents, rhythms } = await holdings.shared(now);
  if (groupEvents.length > 0 || rhythms !== null) return true;
  for await (const _ of holdings.visitors(now)) return true;
  for await (const _ of holdings.counters(now)) return true;
  for await (const _ of holdings.tombstones(now)) return true;
  return false;
}
