import { randomInt } from 'node:crypto';
import type { CustomerValue } from '../values/customer-value.js';

/** The version that a customer begins with: of 2^48, so that one who is erased and made anew does not meet the versions of
 *  before, of which nothing is kept. */
export function firstVersion(): number {
  return randomInt(1, 2 ** 48 - 1);
}

/** Above both: no state of a customer's life has it. */
export function nextVersion(customer: CustomerValue | null): number {
  return customer === null ? firstVersion() : Math.max(customer.profileVersion, customer.ledgerVersion) + 1;
}
