import type { CustomerVersions } from '../customer-store.js';
import type { CustomerValue } from '../values/customer-value.js';
import { isInState } from '../values/customer-value.js';
import { isVisitorKey } from '../visitor-id.js';
import type { Tables } from './environment.js';
import { findVisitor, putOpenVisitor } from './visitor-table.js';

/** `undefined`: whatever is there is. */
export function isAsExpected(tables: Tables, customerId: string, expected: CustomerVersions | null | undefined): boolean {
  if (expected === undefined) return true;
  const bytes = tables.customers.getBytes(customerId);
  if (bytes === undefined) return expected === null;
  return expected !== null && isInState(bytes, expected);
}

/** A customer, or a visitor; `linkedTo`: the customer whom a visitor was linked to, and who holds all. */
export interface Held { readonly customer: CustomerValue | null; readonly linkedTo: string | null }

export function getHeld(tables: Tables, id: string, now: number): Held {
  if (!isVisitorKey(id)) return { customer: tables.customers.get(id), linkedTo: null };
  const visitor = findVisitor(tables, id, now);
  if (visitor?.state === 'linked') return { customer: null, linkedTo: visitor.customerId };
  return { customer: visitor?.customer ?? null, linkedTo: null };
}

/** `visitorUntil`: how long a visitor is kept. */
export function putHeld(tables: Tables, id: string, customer: CustomerValue, visitorUntil: number | undefined): void {
  if (isVisitorKey(id)) putOpenVisitor(tables, id, customer, visitorUntil!);
  else tables.customers.put(id, customer);
}
