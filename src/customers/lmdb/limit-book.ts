import type { LimitPeriod, LimitRoom } from '../customer-store.js';
import { createReader, createWriter, expectEnd, expectFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from './bytes.js';
import type { Tables } from './environment.js';
import { afterPrefix, counterKey, customerPrefix, endedBy, reservationEndKey, reservationKey, timeOfReservationEnd } from './keys.js';

/**
 * The limits' counters. A counter knows how many are confirmed and how many reservations it has, ended ones that
 * nobody has removed yet among them; how many those are, the order of reservations by end tells. So a read is one get,
 * and one count only where the earliest end has passed.
 *
 * Never overspent: whatever adds to a counter first finds room in `confirmed + reservations live now`, in the same
 * transaction; a reservation that is confirmed moves from one to the other within its counter and adds nothing.
 */
interface Counter { confirmed: number; reserved: number; earliestEnd: number }
interface Reservation { readonly counter: string; readonly heldUntil: number }

/** Who a reservation is for: with the limit, its name. */
export interface Holder { readonly customerId: string; readonly decisionId: string; readonly offerId: string }

/** One transaction's changes to the counters: asked and changed in memory, written by `apply`. */
export interface LimitBook {
  /** Confirms one: a live reservation of the limit in whichever counter it is, else free room. False: there is none. */
  confirm(room: LimitRoom, holder: Holder | null): boolean;
  /** Holds one until `heldUntil`; a live reservation of the same holder is the same one, prolonged. False: no room. */
  reserve(room: LimitRoom, holder: Holder, heldUntil: number): boolean;
  release(period: LimitPeriod, holder: Holder): void;
  apply(): void;
}

const format = 1;
/** Ended reservations removed for each counter that a transaction touches: more than it can add, so they never pile up. */
const removedPerCounter = 64;

/** Confirmed, plus the reservations that are live at `now`. */
export function usageOf(tables: Tables, counter: string, now: number): number {
  const { confirmed, reserved, earliestEnd } = getCounter(tables, counter);
  return confirmed + reserved - (earliestEnd > now ? 0 : countEnded(tables, counter, now));
}

export function createLimitBook(tables: Tables, now: number): LimitBook {
  const counters = new Map<string, Counter & { ended: number }>();
  const reservations = new Map<string, { readonly key: Buffer; readonly stored: Reservation | null; current: Reservation | null }>();

  const counterOf = (name: string): Counter & { ended: number } => {
    let counter = counters.get(name);
    if (counter === undefined) {
      counter = { ...getCounter(tables, name), ended: 0 };
      if (counter.earliestEnd <= now) counter.ended = countEnded(tables, name, now);
      counters.set(name, counter);
    }
    return counter;
  };
  const hasRoom = ({ counter: name, max }: LimitRoom): boolean => {
    const { confirmed, reserved, ended } = counterOf(name);
    return confirmed + reserved - ended < max;
  };
  const reservationOf = (limit: string, holder: Holder): { current: Reservation | null } => {
    const key = reservationKey(holder.customerId, limit, holder.decisionId, holder.offerId);
    const name = key.toString('latin1');
    let entry = reservations.get(name);
    if (entry === undefined) {
      const stored = getReservation(tables, key);
      reservations.set(name, entry = { key, stored, current: stored });
    }
    return entry;
  };
  /** Takes the holder's reservation out of its counter; false where there was no live one. */
  const take = (entry: { current: Reservation | null }): boolean => {
    if (entry.current === null) return false;
    const counter = counterOf(entry.current.counter);
    const isLive = entry.current.heldUntil > now;
    counter.reserved--;
    if (!isLive) counter.ended--;
    entry.current = null;
    return isLive;
  };

  return {
    confirm: (room, holder) => {
      const entry = holder === null ? null : reservationOf(room.limit, holder);
      const counter = entry?.current?.counter;
      if (entry !== null && take(entry)) {
        counterOf(counter!).confirmed++;
        return true;
      }
      if (!hasRoom(room)) return false;
      counterOf(room.counter).confirmed++;
      return true;
    },
    reserve: (room, holder, heldUntil) => {
      const entry = reservationOf(room.limit, holder);
      take(entry);
      if (!hasRoom(room)) return false;
      entry.current = { counter: room.counter, heldUntil };
      const counter = counterOf(room.counter);
      counter.reserved++;
      if (heldUntil <= now) counter.ended++;
      counter.earliestEnd = Math.min(counter.earliestEnd, heldUntil);
      return true;
    },
    release: ({ limit }, holder) => {
      take(reservationOf(limit, holder));
    },
    apply: () => {
      for (const { key, stored, current } of reservations.values()) {
        if (stored === current) continue;
        if (stored !== null) void tables.reservationEnds.remove(reservationEndKey(stored.counter, stored.heldUntil, key));
        if (current === null) void tables.reservations.remove(key);
        else putReservation(tables, key, current);
      }
      for (const [name, counter] of counters) putCounter(tables, name, counter);
      for (const name of counters.keys()) removeEnded(tables, name, now);
    },
  };
}

/** Ends every reservation of a customer. */
export function removeReservationsOf(tables: Tables, customerId: string): void {
  const prefix = customerPrefix(customerId);
  const keys = Array.from(tables.reservations.getKeys({ start: prefix, end: afterPrefix(prefix) }));
  for (const key of keys) removeReservation(tables, key);
}

/**
 * Removes ended reservations of counters that nobody asks for any more (a month that is over): each call looks at the
 * next few of all reservations, so that a full round costs nobody much. Gives the place where the next call goes on.
 */
export function removeSomeEnded(tables: Tables, after: Buffer | undefined, now: number): Buffer | undefined {
  const keys = Array.from(tables.reservationEnds.getRange({ start: after ?? Buffer.of(0), exclusiveStart: true, limit: 4 }));
  for (const { key, value } of keys) if (timeOfReservationEnd(key) <= now) removeReservation(tables, value);
  return keys.at(-1)?.key;
}

function removeReservation(tables: Tables, key: Buffer): void {
  const reservation = getReservation(tables, key);
  if (reservation === null) return;
  void tables.reservations.remove(key);
  void tables.reservationEnds.remove(reservationEndKey(reservation.counter, reservation.heldUntil, key));
  const counter = getCounter(tables, reservation.counter);
  putCounter(tables, reservation.counter, { ...counter, reserved: counter.reserved - 1 });
}

function removeEnded(tables: Tables, name: string, now: number): void {
  const counter = getCounter(tables, name);
  if (counter.earliestEnd > now) return;
  const { start, end } = endedBy(name, Number.MAX_SAFE_INTEGER - 1);
  let earliestEnd = Infinity;
  let removed = 0;
  // One more than may be removed, so that the next earliest end is known.
  for (const { key, value } of Array.from(tables.reservationEnds.getRange({ start, end, limit: removedPerCounter + 1 }))) {
    const ends = timeOfReservationEnd(key);
    if (ends > now || removed === removedPerCounter) {
      earliestEnd = ends;
      break;
    }
    void tables.reservationEnds.remove(key);
    void tables.reservations.remove(value);
    removed++;
  }
  putCounter(tables, name, { confirmed: counter.confirmed, reserved: counter.reserved - removed, earliestEnd });
}

function countEnded(tables: Tables, counter: string, now: number): number {
  return tables.reservationEnds.getKeysCount(endedBy(counter, now));
}

function getCounter(tables: Tables, counter: string): Counter {
  const bytes = tables.counters.getBinaryFast(counterKey(counter));
  if (bytes === undefined) return { confirmed: 0, reserved: 0, earliestEnd: Infinity };
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const confirmed = readNumber(reader);
  const reserved = readNumber(reader);
  const earliestEnd = reserved === 0 ? Infinity : readNumber(reader);
  expectEnd(reader);
  return { confirmed, reserved, earliestEnd };
}

function putCounter(tables: Tables, name: string, { confirmed, reserved, earliestEnd }: Counter): void {
  const writer = createWriter(32);
  writeByte(writer, format);
  writeNumber(writer, confirmed);
  writeNumber(writer, reserved);
  if (reserved > 0) writeNumber(writer, earliestEnd);
  void tables.counters.put(counterKey(name), written(writer));
}

function getReservation(tables: Tables, key: Buffer): Reservation | null {
  const bytes = tables.reservations.getBinaryFast(key);
  if (bytes === undefined) return null;
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const heldUntil = readNumber(reader);
  const counter = readText(reader);
  expectEnd(reader);
  return { counter, heldUntil };
}

function putReservation(tables: Tables, key: Buffer, { counter, heldUntil }: Reservation): void {
  const writer = createWriter(128);
  writeByte(writer, format);
  writeNumber(writer, heldUntil);
  writeText(writer, counter);
  void tables.reservations.put(key, written(writer));
  void tables.reservationEnds.put(reservationEndKey(counter, heldUntil, key), key);
}
