import type { CustomerValue } from '../values/customer-value.js';
import { decodeVisitor, type VisitorValue } from '../values/visitor-value.js';
import { removeAnsweredOutcomesOf } from './answered-outcomes.js';
import type { Tables } from './environment.js';
import { customerKey, expiredBy, expiryKey } from './keys.js';
import { removeReservationsOf } from './reservations.js';

/** Removed with each write of anybody: more than one, so that the table never grows by what has expired. */
const removedPerWrite = 4;

/** `null` where nothing is held, or its time is over at `now`. */
export function findVisitor(tables: Tables, visitor: string, now: number): VisitorValue | null {
  const found = tables.visitors.get(visitor);
  return found?.state === 'open' && found.expiresAt <= now ? null : found;
}

export function putOpenVisitor(tables: Tables, visitor: string, customer: CustomerValue, until: number): void {
  const before = tables.visitors.get(visitor);
  const visitorValue: VisitorValue = { state: 'open', expiresAt: Math.max(until, before?.state === 'open' ? before.expiresAt : 0), customer };
  indexExpiry(tables, visitor, before, visitorValue);
  tables.visitors.put(visitor, visitorValue);
}

export function putLinkedVisitor(tables: Tables, visitor: string, linkId: string, customerId: string): void {
  const visitorValue: VisitorValue = { state: 'linked', linkId, customerId };
  indexExpiry(tables, visitor, tables.visitors.get(visitor), visitorValue);
  tables.visitors.put(visitor, visitorValue);
}

/** In place of what was there. */
export function takeVisitorValue(tables: Tables, visitor: string, value: Buffer): void {
  indexExpiry(tables, visitor, tables.visitors.get(visitor), decodeVisitor(value));
  tables.visitors.putBytes(visitor, value);
}

/** False where there was none. */
export function removeVisitor(tables: Tables, visitor: string): boolean {
  const before = tables.visitors.get(visitor);
  removeAnsweredOutcomesOf(tables, visitor);
  removeReservationsOf(tables, visitor);
  if (before === null) return false;
  indexExpiry(tables, visitor, before, null);
  return tables.visitors.remove(visitor);
}

export function removeExpiredVisitors(tables: Tables, now: number): void {
  for (const { value } of Array.from(tables.visitorExpiry.getRange({ start: Buffer.of(0), end: expiredBy(now), limit: removedPerWrite }))) removeVisitor(tables, value.toString());
}

function indexExpiry(tables: Tables, visitor: string, before: VisitorValue | null, after: VisitorValue | null): void {
  const key = customerKey(visitor);
  if (before?.state === 'open') void tables.visitorExpiry.remove(expiryKey(before.expiresAt, key));
  if (after?.state === 'open') void tables.visitorExpiry.put(expiryKey(after.expiresAt, key), key);
}
