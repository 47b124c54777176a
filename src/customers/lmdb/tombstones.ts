import { createHmac } from 'node:crypto';
import type { Tombstone } from '../customer-store.js';
import { createReader, createWriter, expectEnd, expectFormat, readNumber, writeByte, writeNumber, written } from '../values/bytes.js';
import type { Tables } from './environment.js';

const format = 1;
const looksPerWrite = 4;

/** What stays of an erased customer whose time is not over at `now`. */
export function findTombstone(tables: Tables, salt: string, customerId: string, now: number): Tombstone | null {
  const found = getTombstone(tables, keyOf(salt, customerId));
  return found === null || found.keptUntil <= now ? null : found;
}

/** Of two erasures the later counts, for the longer of their times. */
export function putTombstone(tables: Tables, salt: string, customerId: string, tombstone: Tombstone): void {
  putTombstoneAt(tables, keyOf(salt, customerId), tombstone);
}

export function putTombstoneAt(tables: Tables, key: Buffer, { erasedAt, keptUntil }: Tombstone): void {
  const before = getTombstone(tables, key);
  const writer = createWriter(32);
  writeByte(writer, format);
  writeNumber(writer, Math.max(erasedAt, before?.erasedAt ?? 0));
  writeNumber(writer, Math.max(keptUntil, before?.keptUntil ?? 0));
  void tables.tombstones.put(key, written(writer));
}

/**
 * Looks at the next few of all tombstones, and removes those whose time is over; gives the place where the next call
 * goes on. There is no second table ordered by time: on a full disk, an erasure must do with few pages.
 */
export function removeSomeTombstones(tables: Tables, after: Buffer | undefined, now: number): Buffer | undefined {
  const next = Array.from(tables.tombstones.getRange({ start: after ?? Buffer.of(0), exclusiveStart: true, limit: looksPerWrite }));
  for (const { key, value } of next) if (readTombstone(value).keptUntil <= now) void tables.tombstones.remove(key);
  return next.at(-1)?.key;
}

function getTombstone(tables: Tables, key: Buffer): Tombstone | null {
  const bytes = tables.tombstones.getBinaryFast(key);
  return bytes === undefined ? null : readTombstone(bytes);
}

export function readTombstone(bytes: Buffer): Tombstone {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const erasedAt = readNumber(reader);
  const keptUntil = readNumber(reader);
  expectEnd(reader);
  return { erasedAt, keptUntil };
}

/** HMAC-SHA-256 (RFC 2104), keyed by a salt of this installation: who has the hash alone cannot try ids. */
function keyOf(salt: string, customerId: string): Buffer {
  return createHmac('sha256', salt).update(customerId).digest();
}
