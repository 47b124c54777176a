import type { ContactWrite } from '../customer-store.js';
import { decodeAnswered, encodeAnswered, partnerEventAnswer, type AnsweredOutcome } from '../values/answered-outcome.js';
import type { Tables } from './environment.js';
import { afterPrefix, customerPrefix, expiredBy, expiryKey, movedTo, outcomeKey } from './keys.js';

type Idempotency = NonNullable<ContactWrite['idempotency']>;

/** Removed with each one that is added: more than one, so that the table never grows by what has expired. */
const removedPerWrite = 4;

export function findAnsweredOutcome(tables: Tables, customerId: string, outcomeId: string, now: number): AnsweredOutcome | null {
  const found = getOutcome(tables, outcomeKey(customerId, outcomeId));
  return found === null || found.expiresAt <= now ? null : found;
}

/** Counted without a look at each, unless that leaves none: then those count whose time is not over. */
export function hasRoomForKey(tables: Tables, customerId: string, mostKept: number, now: number): boolean {
  const prefix = customerPrefix(customerId);
  if (tables.outcomes.getKeysCount({ start: prefix, end: afterPrefix(prefix) }) < mostKept) return true;
  return keysOf(tables, customerId).filter((key) => getOutcome(tables, key)!.expiresAt > now).length < mostKept;
}

export function keepAnsweredOutcome(tables: Tables, customerId: string, idempotency: Idempotency, now: number): void {
  putAnsweredOutcome(tables, outcomeKey(customerId, idempotency.outcomeId), idempotency);
  removeExpired(tables, now);
}

export function putAnsweredOutcome(tables: Tables, key: Buffer, answered: AnsweredOutcome): void {
  removeOutcome(tables, key);
  void tables.outcomes.put(key, encodeAnswered(answered));
  void tables.outcomeExpiry.put(expiryKey(answered.expiresAt, key), key);
}

export function removeAnsweredOutcomesOf(tables: Tables, customerId: string): void {
  for (const key of keysOf(tables, customerId)) removeOutcome(tables, key);
}

export function removePartnerEventsOf(tables: Tables, customerId: string): void {
  for (const key of keysOf(tables, customerId)) if (getOutcome(tables, key)!.answer === partnerEventAnswer) removeOutcome(tables, key);
}

/** Of two of the same id the one that is there stays; what has expired goes. */
export function moveAnsweredOutcomes(tables: Tables, visitor: string, customerId: string, now: number): void {
  for (const key of keysOf(tables, visitor)) {
    const answered = getOutcome(tables, key)!;
    removeOutcome(tables, key);
    const moved = movedTo(customerId, key);
    if (answered.expiresAt <= now || tables.outcomes.doesExist(moved)) continue;
    void tables.outcomes.put(moved, encodeAnswered(answered));
    void tables.outcomeExpiry.put(expiryKey(answered.expiresAt, moved), moved);
  }
}

function keysOf(tables: Tables, customerId: string): readonly Buffer[] {
  const prefix = customerPrefix(customerId);
  return Array.from(tables.outcomes.getKeys({ start: prefix, end: afterPrefix(prefix) }));
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
  return bytes === undefined ? null : decodeAnswered(bytes);
}
