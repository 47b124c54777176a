import { createHmac, randomBytes } from 'node:crypto';
import type { Tombstone } from '../customer-store.js';
import { createReader, createWriter, expectEnd, expectFormat, readNumber, writeByte, writeNumber, written } from './bytes.js';
import type { Tables } from './environment.js';
import { expiredBy, expiryKey } from './keys.js';
import { getSecret, putSecret } from './secret-table.js';

const format = 1;
const saltName = 'tombstone-salt';
/** Removed with each write that may: more than one erasure adds. */
const removedPerWrite = 4;

/** What stays of an erased customer whose time is not over at `now`. */
export function findTombstone(tables: Tables, customerId: string, now: number): Tombstone | null {
  const salt = getSecret(tables, saltName);
  if (salt === undefined) return null;       // nobody was ever erased
  const found = getTombstone(tables, keyOf(salt, customerId));
  return found === null || found.keptUntil <= now ? null : found;
}

/** Of two erasures the later counts, for the longer of their times. */
export function putTombstone(tables: Tables, customerId: string, { erasedAt, keptUntil }: Tombstone): void {
  const salt = getSecret(tables, saltName) ?? putSecret(tables, saltName, randomBytes(32).toString('base64url'));
  const key = keyOf(salt, customerId);
  const before = getTombstone(tables, key);
  if (before !== null) void tables.tombstoneExpiry.remove(expiryKey(before.keptUntil, key));
  const until = Math.max(keptUntil, before?.keptUntil ?? 0);
  const writer = createWriter(32);
  writeByte(writer, format);
  writeNumber(writer, Math.max(erasedAt, before?.erasedAt ?? 0));
  writeNumber(writer, until);
  void tables.tombstones.put(key, written(writer));
  void tables.tombstoneExpiry.put(expiryKey(until, key), key);
}

export function removeSomeTombstones(tables: Tables, now: number): void {
  const over = Array.from(tables.tombstoneExpiry.getRange({ start: Buffer.of(0), end: expiredBy(now), limit: removedPerWrite }));
  for (const { key, value } of over) {
    void tables.tombstoneExpiry.remove(key);
    void tables.tombstones.remove(value);
  }
}

function getTombstone(tables: Tables, key: Buffer): Tombstone | null {
  const bytes = tables.tombstones.getBinaryFast(key);
  if (bytes === undefined) return null;
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
