import type { CustomerValue } from '../values/customer-value.js';
import { decodeCustomer, encodeCustomer } from '../values/customer-value.js';
import type { Tables } from './environment.js';
import { customerKey } from './keys.js';

/** The bytes that LMDB gives here are good until the next get, which is as long as decoding needs them. */
export function getCustomer(tables: Tables, customerId: string): CustomerValue | null {
  const bytes = tables.customers.getBinaryFast(customerKey(customerId));
  return bytes === undefined ? null : decodeCustomer(bytes);
}

export function putCustomer(tables: Tables, customerId: string, customer: CustomerValue): void {
  void tables.customers.put(customerKey(customerId), encodeCustomer(customer));
}
