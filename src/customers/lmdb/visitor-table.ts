import type { CustomerValue } from '../values/customer-value.js';
import { decodeVisitor, encodeVisitor, type VisitorValue } from '../values/visitor-value.js';
import { removeAnsweredOutcomesOf } from './answered-outcomes.js';
import type { Tables } from './environment.js';
import { customerKey, expiredBy, expiryKey } from './keys.js';
import { removeReservationsOf } from './reservations.js';

/** Removed with each write of anybody: more than one, so that the table never grows by what has expired. */
const removedPerWrite = 4;

/** `null` where nothing is held, or its time is over at `now`. */
export function findVisitor(tables: Tables, visitor: string, now: number): VisitorValue | null {
  const found = getVisitor(tables, visitor);
  return found?.state === 'open' && found.expiresAt <= now ? null : found;
}

export function getVisitor(tables: Tables, visitor: string): VisitorValue | null {
  const bytes = tables.visitors.getBinaryFast(customerKey(visitor));
  return bytes === undefined ? null : decodeVisitor(bytes);
}

export function putOpenVisitor(tables: Tables, visitor: string, customer: CustomerValue, until: number): void {
  const before = getVisitor(tables, visitor);
  const expiresAt = Math.max(until, before?.state === 'open' ? before.expiresAt : 0);
  putVisitor(tables, visitor, before, { state: 'open', expiresAt, customer });
}

export function putLinkedVisitor(tables: Tables, visitor: string, linkId: string, customerId: string): void {
  putVisitor(tables, visitor, getVisitor(tables, visitor), { state: 'linked', linkId, customerId });
}

/** In place of what was there. */
export function takeVisitorValue(tables: Tables, visitor: string, value: Buffer): void {
  putVisitor(tables, visitor, getVisitor(tables, visitor), decodeVisitor(value), value);
}

/** False where there was none. */
export function removeVisitor(tables: Tables, visitor: string): boolean {
  const before = getVisitor(tables, visitor);
  removeAnsweredOutcomesOf(tables, visitor);
  removeReservationsOf(tables, visitor);
  if (before === null) return false;
  const key = customerKey(visitor);
  if (before.state === 'open') void tables.visitorExpiry.remove(expiryKey(before.expiresAt, key));
  void tables.visitors.remove(key);
  return true;
}

export function removeExpiredVisitors(tables: Tables, now: number): void {
  for (const { value } of Array.from(tables.visitorExpiry.getRange({ start: Buffer.of(0), end: expiredBy(now), limit: removedPerWrite }))) removeVisitor(tables, value.toString());
}

function putVisitor(tables: Tables, visitor: string, before: VisitorValue | null, after: VisitorValue, value = encodeVisitor(after)): void {
  const key = customerKey(visitor);
  if (before?.state === 'open') void tables.visitorExpiry.remove(expiryKey(before.expiresAt, key));
  if (after.state === 'open') void tables.visitorExpiry.put(expiryKey(after.expiresAt, key), key);
  void tables.visitors.put(key, value);
}
