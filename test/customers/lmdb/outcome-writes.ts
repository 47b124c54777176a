import type { ContactWrite } from '../../../src/customers/customer-store.js';
import { contact, idempotency, now, recordOf, room } from '../../contracts/customer-samples.js';

export const outcomeCustomers = Array.from({ length: 10 }, (_, place) => `C-${place}`);

/** The outcome of a number: always the same, with an id, and taking one place of a limit. */
export function outcomeWrite(place: number): ContactWrite {
  const accepted = contact('accepted', { decisionId: `d-${place}`, occurredAt: now - place });
  return recordOf(outcomeCustomers[place % outcomeCustomers.length]!, accepted, { confirm: [room(1_000_000)], idempotency: idempotency(`o-${place}`) });
}
