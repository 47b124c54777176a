import type { ContactWrite } from '../customer-store.js';
import { createReader, createWriter, expectEnd, expectFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from './bytes.js';
import type { Tables } from './environment.js';
import { afterPrefix, customerPrefix, expiredBy, expiryKey, outcomeKey } from './keys.js';

/** What was answered to an outcome id of a customer, so that the same again gets the same. */
export interface AnsweredOutcome { readonly body: string; readonly answer: string; readonly expiresAt: number }
type Idempotency = NonNullable<ContactWrite['idempotency']>;

const format = 1;
/** Removed with each one that is added: more than one, so that the table never grows by what has expired. */
const removedPerWrite = 4;

export function findAnsweredOutcome(tables: Tables, customerId: string, outcomeId: string, now: number): AnsweredOutcome | null {
  const found = getOutcome(tables, outcomeKey(customerId, outcomeId));
  return found === null || found.expiresAt <= now ? null : found;
}

export function keepAnsweredOutcome(tables: Tables, customerId: string, { outcomeId, body, answer, expiresAt }: Idempotency, now: number): void {
  const key = outcomeKey(customerId, outcomeId);
  removeOutcome(tables, key);
  const writer = createWriter(256);
  writeByte(writer, format);
  writeNumber(writer, expiresAt);
  writeText(writer, body);
  writeText(writer, answer);
  void tables.outcomes.put(key, written(writer));
  void tables.outcomeExpiry.put(expiryKey(expiresAt, key), key);
  removeExpired(tables, now);
}

export function removeAnsweredOutcomesOf(tables: Tables, customerId: string): void {
  const prefix = customerPrefix(customerId);
  const keys = Array.from(tables.outcomes.getKeys({ start: prefix, end: afterPrefix(prefix) }));
  for (const key of keys) removeOutcome(tables, key);
}

function removeExpired(tables: Tables, now: number): void {
  const expired = Array.from(tables.outcomeExpiry.getRange({ start: Buffer.of(0), end: expiredBy(now), limit: removedPerWrite }));
  for (const { key, value } of expired) {
    void tables.outcomeExpiry.remove(key);
    void tables.outcomes.remove(value);
  }
}

function removeOutcome(tables: Tables, key: Buffer): void {
  const stored = getOutcome(tables, key);
  if (stored === null) return;
  void tables.outcomeExpiry.remove(expiryKey(stored.expiresAt, key));
  void tables.outcomes.remove(key);
}

function getOutcome(tables: Tables, key: Buffer): AnsweredOutcome | null {
  const bytes = tables.outcomes.getBinaryFast(key);
  if (bytes === undefined) return null;
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const expiresAt = readNumber(reader);
  const body = readText(reader);
  const answer = readText(reader);
  expectEnd(reader);
  return { expiresAt, body, answer };
}
