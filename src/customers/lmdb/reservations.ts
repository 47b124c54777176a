import { createReader, createWriter, expectEnd, readFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from '../values/bytes.js';
import type { Tables } from './environment.js';
import { afterPrefix, customerPrefix, endedBy, movedTo, reservationEndKey, timeOfReservationEnd } from './keys.js';
import { getCounter, putCounter } from './limit-counters.js';

/** Room in a counter that is held for a customer's offer; its key names whose. */
export interface Reservation {
  readonly counter: string;
  readonly heldUntil: number;
  /** The visitor who made it, where it came to the customer by a link. */
  readonly heldBy?: string | undefined;
}

/** 2: with who made it; 1 where the customer did. */
const format = 2;
/** Ended reservations removed for each counter that a transaction touches: more than it can add, so they never pile up. */
const removedPerCounter = 64;

export function getReservation(tables: Tables, key: Buffer): Reservation | null {
  const bytes = tables.reservations.getBinaryFast(key);
  if (bytes === undefined) return null;
  const reader = createReader(bytes);
  const itsFormat = readFormat(reader, format);
  const heldUntil = readNumber(reader);
  const counter = readText(reader);
  const heldBy = itsFormat === 1 ? undefined : readText(reader);
  expectEnd(reader);
  return { counter, heldUntil, heldBy };
}

export function putReservation(tables: Tables, key: Buffer, { counter, heldUntil, heldBy }: Reservation): void {
  const writer = createWriter(128);
  writeByte(writer, heldBy === undefined ? 1 : format);
  writeNumber(writer, heldUntil);
  writeText(writer, counter);
  if (heldBy !== undefined) writeText(writer, heldBy);
  void tables.reservations.put(key, written(writer));
  void tables.reservationEnds.put(reservationEndKey(counter, heldUntil, key), key);
}

/** Ends every reservation of a customer. */
export function removeReservationsOf(tables: Tables, customerId: string): void {
  for (const key of keysOf(tables, customerId)) removeReservation(tables, key);
}

/** The room stays taken as it was. */
export function moveReservations(tables: Tables, visitor: string, customerId: string): void {
  for (const key of keysOf(tables, visitor)) {
    const reservation = getReservation(tables, key)!;
    void tables.reservations.remove(key);
    putReservation(tables, movedTo(customerId, key), { ...reservation, heldBy: visitor });
  }
}

/** Visitors whose reservations came to the customer. */
export function visitorsHoldingFor(tables: Tables, customerId: string): readonly string[] {
  return [...new Set(keysOf(tables, customerId).flatMap((key) => getReservation(tables, key)?.heldBy ?? []))];
}

function keysOf(tables: Tables, customerId: string): readonly Buffer[] {
  const prefix = customerPrefix(customerId);
  return Array.from(tables.reservations.getKeys({ start: prefix, end: afterPrefix(prefix) }));
}

/** Holds room whether there is some or not, in place of what the key held before. */
export function addReservation(tables: Tables, key: Buffer, reservation: Reservation): void {
  removeReservation(tables, key);
  putReservation(tables, key, reservation);
  const counter = getCounter(tables, reservation.counter);
  putCounter(tables, reservation.counter, { ...counter, reserved: counter.reserved + 1, earliestEnd: Math.min(counter.earliestEnd, reservation.heldUntil) });
}

export function removeReservation(tables: Tables, key: Buffer): void {
  const reservation = getReservation(tables, key);
  if (reservation === null) return;
  void tables.reservations.remove(key);
  void tables.reservationEnds.remove(reservationEndKey(reservation.counter, reservation.heldUntil, key));
  const counter = getCounter(tables, reservation.counter);
  putCounter(tables, reservation.counter, { ...counter, reserved: counter.reserved - 1 });
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

/** Of one counter. */
export function removeEnded(tables: Tables, name: string, now: number): void {
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
  putCounter(tables, name, { ...counter, reserved: counter.reserved - removed, earliestEnd });
}
