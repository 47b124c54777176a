import { withoutConsent } from '../consent-withdrawal.js';
import { addContact, holdsOutcome, trimLedger } from '../contact-ledger.js';
import { endsPartnerConsent, eventsUnder } from '../event-ledger.js';
import type { ContactWrite, RecordResult } from '../customer-store.js';
import { endsOf, expectTimes, expectVisitorUntil } from '../store-values.js';
import { bareCustomer } from '../values/customer-value.js';
import { findAnsweredOutcome, hasRoomForKey, keepAnsweredOutcome } from './answered-outcomes.js';
import { isVisitorKey } from '../visitor-id.js';
import { getHeld, putHeld } from './customer-table.js';
import type { Tables } from './environment.js';
import { forgetPartners } from './forget-partners.js';
import { createLimitBook } from './limit-book.js';
import type { Holder } from './limit-book.js';

/** `CustomerStore.record` within a transaction: all checks in the port's order, then all writes. `erasedAt`: of the
 *  customer's tombstone. */
export function recordContact(tables: Tables, write: ContactWrite, erasedAt: number | null, version: number): RecordResult {
  const { customerId, contact, beganAt, now, horizon, maxContacts, idempotency, withdrawConsent, confirm, release, visitorUntil } = write;
  expectVisitorUntil(customerId, visitorUntil);
  expectTimes([now, beganAt, contact.occurredAt, idempotency?.expiresAt ?? now, ...endsOf(confirm)]);
  if (erasedAt !== null && beganAt <= erasedAt) return { type: 'erased' };
  const { customer: known, linkedTo } = getHeld(tables, customerId, now);
  if (linkedTo !== null) return { type: 'linked', customerId: linkedTo };
  const customer = known ?? (isVisitorKey(customerId) ? bareCustomer(version) : null);
  if (customer === null) return { type: 'unknown-customer' };

  if (idempotency !== undefined) {
    const answered = findAnsweredOutcome(tables, customerId, idempotency.outcomeId, now);
    if (answered !== null) return answered.body === idempotency.body ? { type: 'repeated', answer: answered.answer } : { type: 'other-body' };
    if (!hasRoomForKey(tables, customerId, idempotency.mostKept, now)) return { type: 'too-many-keys' };
  }
  const isKnown = holdsOutcome(customer.contacts, contact);
  if (isKnown && contact.outcome === 'presented') {
    if (idempotency !== undefined) keepAnsweredOutcome(tables, customerId, idempotency, now);
    return { type: 'repeated', answer: null };
  }

  const book = confirm.length + release.length === 0 ? null : createLimitBook(tables, now);
  const holder = holderOf(write);
  // The first report of this decision's outcome confirmed it: a second one is a contact, and no second sale.
  if (!isKnown) {
    for (const room of confirm) if (!book!.confirm(room, holder)) return { type: 'limit-reached', counter: room.counter };
  }
  if (holder !== null) for (const period of release) book!.release(period, holder);

  const kept = trimLedger(customer.contacts, horizon, now);
  if (kept.length >= maxContacts) return { type: 'ledger-full' };

  const profile = withdrawConsent === undefined ? customer.profile : withoutConsent(customer.profile, withdrawConsent, now);
  putHeld(tables, customerId, {
    profile,
    contacts: addContact(kept, contact),
    events: eventsUnder(profile, customer.events),
    profileVersion: profile === customer.profile ? customer.profileVersion : version,
    ledgerVersion: version,
  }, visitorUntil);
  if (endsPartnerConsent(customer.profile, profile)) forgetPartners(tables, customerId);
  book?.apply();
  if (idempotency !== undefined) keepAnsweredOutcome(tables, customerId, idempotency, now);
  return { type: 'recorded' };
}

function holderOf({ customerId, contact: { decisionId, offerId } }: ContactWrite): Holder | null {
  return decisionId === undefined || offerId === undefined ? null : { customerId, decisionId, offerId };
}
