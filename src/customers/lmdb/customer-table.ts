import type { CustomerVersions } from '../customer-store.js';
import type { CustomerValue } from '../values/customer-value.js';
import { decodeCustomer, encodeCustomer, isInState } from '../values/customer-value.js';
import { isVisitorKey } from '../visitor-id.js';
import type { Tables } from './environment.js';
import { customerKey } from './keys.js';
import { findVisitor, putOpenVisitor } from './visitor-table.js';

/** The bytes that LMDB gives here are good until the next get, which is as long as decoding needs them. */
export function getCustomer(tables: Tables, customerId: string): CustomerValue | null {
  const bytes = tables.customers.getBinaryFast(customerKey(customerId));
  return bytes === undefined ? null : decodeCustomer(bytes);
}

export function putCustomer(tables: Tables, customerId: string, customer: CustomerValue): void {
  void tables.customers.put(customerKey(customerId), encodeCustomer(customer));
}

/** `undefined`: whatever is there is. */
export function isAsExpected(tables: Tables, customerId: string, expected: CustomerVersions | null | undefined): boolean {
  if (expected === undefined) return true;
  const bytes = tables.customers.getBinaryFast(customerKey(customerId));
  if (bytes === undefined) return expected === null;
  return expected !== null && isInState(bytes, expected);
}

/** A customer, or a visitor; `linkedTo`: the customer whom a visitor was linked to, and who holds all. */
export interface Held { readonly customer: CustomerValue | null; readonly linkedTo: string | null }

export function getHeld(tables: Tables, id: string, now: number): Held {
  if (!isVisitorKey(id)) return { customer: getCustomer(tables, id), linkedTo: null };
  const visitor = findVisitor(tables, id, now);
  if (visitor?.state === 'linked') return { customer: null, linkedTo: visitor.customerId };
  return { customer: visitor?.customer ?? null, linkedTo: null };
}

/** `visitorUntil`: how long a visitor is kept. */
export function putHeld(tables: Tables, id: string, customer: CustomerValue, visitorUntil: number | undefined): void {
  if (isVisitorKey(id)) putOpenVisitor(tables, id, customer, visitorUntil!);
  else putCustomer(tables, id, customer);
}
