import { createReader, createWriter, expectEnd, readFormat, readNumber, writeByte, writeNumber, writeText, written } from '../values/bytes.js';
import type { LimitUse } from '../customer-store.js';
import type { Tables } from './environment.js';
import { counterKey, endedBy, expiryKey } from './keys.js';

/**
 * The limits' counters. A counter knows how many are confirmed and how many reservations it has, ended ones that
 * nobody has removed yet among them; how many those are, the order of reservations by end tells. So a read is one get,
 * and one count only where the earliest end has passed.
 *
 * Never overspent: whatever adds to a counter first finds room in `confirmed + reservations live now`, in the same
 * transaction; a reservation that is confirmed moves from one to the other within its counter and adds nothing.
 */
export interface Counter {
  confirmed: number;
  reserved: number;
  earliestEnd: number;
  /** Of its period; `null`: never, or not known (format 1). */
  endsAt: number | null;
}

/** 2: with the end of the period. */
const format = 2;

/** Confirmed, plus the reservations that are live at `now`. */
export function usageOf(tables: Tables, counter: string, now: number): number {
  const { confirmed, reserved } = useOf(tables, counter, now);
  return confirmed + reserved;
}

export function useOf(tables: Tables, counter: string, now: number): LimitUse {
  const { confirmed, reserved, earliestEnd } = getCounter(tables, counter);
  return { confirmed, reserved: reserved - (earliestEnd > now ? 0 : countEnded(tables, counter, now)) };
}

export function countEnded(tables: Tables, counter: string, now: number): number {
  return tables.reservationEnds.getKeysCount(endedBy(counter, now));
}

export function getCounter(tables: Tables, counter: string): Counter {
  const bytes = tables.counters.getBinaryFast(counterKey(counter));
  if (bytes === undefined) return { confirmed: 0, reserved: 0, earliestEnd: Infinity, endsAt: null };
  const reader = createReader(bytes);
  const itsFormat = readFormat(reader, format);
  const confirmed = readNumber(reader);
  const reserved = readNumber(reader);
  const earliestEnd = reserved === 0 ? Infinity : readNumber(reader);
  const endsAt = itsFormat === 1 ? 0 : readNumber(reader);
  expectEnd(reader);
  return { confirmed, reserved, earliestEnd, endsAt: endsAt === 0 ? null : endsAt };
}

export function putCounter(tables: Tables, name: string, { confirmed, reserved, earliestEnd, endsAt }: Counter): void {
  const writer = createWriter(32);
  writeByte(writer, format);
  writeNumber(writer, confirmed);
  writeNumber(writer, reserved);
  if (reserved > 0) writeNumber(writer, earliestEnd);
  writeNumber(writer, endsAt ?? 0);       // no period ends in 1970
  void tables.counters.put(counterKey(name), written(writer));
}

/** Makes the end of a counter's period known to `removeSomeCounters`; before the counter is put. */
export function indexEnd(tables: Tables, name: string, endsAt: number | null): void {
  const before = getCounter(tables, name).endsAt;
  if (before === endsAt) return;
  const key = counterKey(name);
  if (before !== null) void tables.counterEnds.remove(expiryKey(before, key));
  if (endsAt === null) return;
  const writer = createWriter(64);
  writeText(writer, name);
  void tables.counterEnds.put(expiryKey(endsAt, key), written(writer));
}
