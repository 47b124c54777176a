import { addContact, holdsOutcome, trimLedger, withoutPresented } from '../contact-ledger.js';
import type { ClaimResult, ClaimWrite } from '../customer-store.js';
import { endsOf, expectTimes, expectVisitorUntil } from '../store-values.js';
import { bareCustomer } from '../values/customer-value.js';
import { isVisitorKey } from '../visitor-id.js';
import { holdsLease, putAgenda } from './agenda-table.js';
import { getHeld, putHeld } from './customer-table.js';
import type { Tables } from './environment.js';
import { createLimitBook } from './limit-book.js';

/** `CustomerStore.claim` within a transaction: all checks in the port's order, then all writes. */
export function claimContacts(tables: Tables, write: ClaimWrite, version: number): ClaimResult {
  const { customerId, contacts, now, horizon, maxContacts, reserve, visitorUntil, agenda, takesBack = [] } = write;
  expectVisitorUntil(customerId, visitorUntil);
  expectTimes([now, ...contacts.map((contact) => contact.occurredAt), ...reserve.map((room) => room.heldUntil), ...endsOf(reserve)]);
  const { customer: known, linkedTo } = getHeld(tables, customerId, now);
  if (linkedTo !== null) return { type: 'linked', customerId: linkedTo };
  const customer = known ?? (isVisitorKey(customerId) ? bareCustomer(version) : null);
  if (customer === null) return { type: 'unknown-customer' };
  if (agenda !== undefined && !holdsLease(tables, customerId, agenda.lease)) return { type: 'lease-lost' };
  if ((known?.ledgerVersion ?? 0) !== write.ledgerVersion) return { type: 'conflict' };

  const book = reserve.length === 0 ? null : createLimitBook(tables, now);
  for (const { offerId, decisionId, heldUntil, confirmed, ...room } of reserve) {
    const holder = { customerId, decisionId, offerId };
    // What is in the ledger already was counted when it came there.
    if (confirmed && holdsOutcome(customer.contacts, { decisionId, offerId, outcome: 'presented', channel: '', occurredAt: now })) continue;
    const hasRoom = confirmed ? book!.confirm(room, holder) : book!.reserve(room, holder, heldUntil);
    if (!hasRoom) return { type: 'limit-reached', counter: room.counter };
  }

  const trimmed = trimLedger(customer.contacts, horizon, now);
  let ledger = withoutPresented(trimmed, takesBack);
  for (const contact of contacts) {
    if (!holdsOutcome(customer.contacts, contact) && !holdsOutcome(ledger, contact)) ledger = addContact(ledger, contact);
  }
  if (ledger !== trimmed) {
    if (ledger.length > maxContacts) return { type: 'ledger-full' };
    putHeld(tables, customerId, { ...customer, contacts: ledger, ledgerVersion: version }, visitorUntil);
  }
  book?.apply();
  if (agenda !== undefined) putAgenda(tables, customerId, agenda.agenda);
  return { type: 'claimed' };
}
