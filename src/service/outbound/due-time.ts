import { drive } from '../drive.js';
import { lookAhead } from '../../decision/outlook.js';
import { outboundRequest } from './outbound-request.js';
import { readCustomer } from '../customer-reading.js';
import { startDeadline } from '../deadline.js';
import { stepTimeoutMs, type CustomerLookParts } from './look-parts.js';
import { StoreError } from '../../customers/customer-store.js';
import type { Catalog } from '../../decision/types.js';

/** For a walk: whether anybody must look at the customer, and when; `null`: no. Rejects with a StoreError where the
 *  customer could not be read. */
export async function dueTimeOf(customerId: string, catalog: Catalog, now: number, { store, scorer, monotonicMs }: Pick<CustomerLookParts, 'store' | 'scorer' | 'monotonicMs'>): Promise<number | null> {
  const deadline = startDeadline(stepTimeoutMs, monotonicMs);
  const found = await readCustomer(store, catalog, { customerId, channel: '' }, now, now, deadline);
  if (found.known === 'unreadable' || found.state.groupEvents === null) {
    // Says why: of a value that is spoilt, that it is.
    await store.read(customerId, [], now);
    throw new StoreError('The store does not answer; the walk goes on from here');
  }
  if (found.known === 'visitor') return null;
  const { due, nextAt } = await drive(lookAhead({ catalog, request: outboundRequest, customer: found.state, now, contested: new Set() }, []), scorer, deadline);
  return due.length > 0 ? now : nextAt;
}
