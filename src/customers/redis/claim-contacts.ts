import { addContact, holdsOutcome, trimLedger, withoutPresented, type Ledger } from '../contact-ledger.js';
import type { ClaimResult, ClaimWrite } from '../customer-store.js';
import type { Snapshot } from './customer-record.js';
import { lookAtHeld } from './look-at-held.js';
import { bareCustomer } from '../values/customer-value.js';
import { isVisitorKey } from '../visitor-id.js';
import { customerKeys, holderOf } from './keys.js';
import type { Wish } from './room.js';
import { endsOf, expectId, expectTimes, expectVisitorUntil } from '../store-values.js';
import { nextVersion } from './versions.js';
import { writeWithRoom, type Writing, type WritePlan } from './write-with-room.js';

/** `CustomerStore.claim`, as `recordContact`. */
export function claimContacts(writing: Writing, write: ClaimWrite): Promise<ClaimResult> {
  const { customerId, now } = write;
  const keys = customerKeys(writing.prefix, customerId);
  return writeWithRoom<ClaimResult>(writing, {
    customerId, keys, now,
    look: () => lookAtHeld(writing, customerId, keys, now, { holds: write.reserve.length > 0 }),
    plan: (snapshot) => planClaim(write, snapshot),
  });
}

/** Throws a `StoreError`. */
export function expectClaimable({ customerId, visitorUntil, now, contacts, reserve }: ClaimWrite): void {
  expectId(customerId);
  expectVisitorUntil(customerId, visitorUntil);
  expectTimes([now, ...contacts.map(({ occurredAt }) => occurredAt), ...reserve.map(({ heldUntil }) => heldUntil), ...endsOf(reserve)]);
}

function planClaim(write: ClaimWrite, { customer: known, linkedTo }: Snapshot): WritePlan<ClaimResult> {
  if (linkedTo !== null) return { type: 'done', result: { type: 'linked', customerId: linkedTo } };
  const customer = known ?? (isVisitorKey(write.customerId) ? bareCustomer(nextVersion(null)) : null);
  if (customer === null) return { type: 'done', result: { type: 'unknown-customer' } };
  if ((known?.ledgerVersion ?? 0) !== write.ledgerVersion) return { type: 'done', result: { type: 'conflict' } };

  const { contacts, now, horizon, maxContacts, agenda, takesBack = [] } = write;
  const trimmed = trimLedger(customer.contacts, horizon, now);
  let ledger = withoutPresented(trimmed, takesBack);
  for (const contact of contacts) {
    if (!holdsOutcome(customer.contacts, contact) && !holdsOutcome(ledger, contact)) ledger = addContact(ledger, contact);
  }
  const isNew = ledger !== trimmed;
  return {
    type: 'write',
    wishes: wishesOf(write, customer.contacts),
    refusal: isNew && ledger.length > maxContacts ? { type: 'ledger-full' } : null,
    commit: () => ({ now, visitorUntil: write.visitorUntil, customer: isNew ? { ...customer, contacts: ledger, ledgerVersion: nextVersion(customer) } : undefined, agenda }),
    result: { type: 'claimed' },
    leaseLost: { type: 'lease-lost' },
    full: (counter) => ({ type: 'limit-reached', counter }),
  };
}

function wishesOf({ customerId, reserve, now }: ClaimWrite, ledger: Ledger): Wish[] {
  return reserve.flatMap(({ offerId, decisionId, heldUntil, confirmed, ...room }): Wish[] => {
    const holder = holderOf(customerId, room.limit, decisionId, offerId);
    if (!confirmed) return [{ type: 'reserve', room, holder, heldUntil }];
    // What is in the ledger already was counted when it came there.
    const isThere = holdsOutcome(ledger, { decisionId, offerId, outcome: 'presented', channel: '', occurredAt: now });
    return isThere ? [] : [{ type: 'confirm', room, holder }];
  });
}
