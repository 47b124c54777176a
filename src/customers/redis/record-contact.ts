import { withoutConsent } from '../consent-withdrawal.js';
import { addContact, holdsOutcome, trimLedger } from '../contact-ledger.js';
import { endsPartnerConsent, eventsUnder } from '../event-ledger.js';
import type { ContactWrite, RecordResult } from '../customer-store.js';
import type { Answer, Snapshot } from './customer-record.js';
import { customerKeys, holderFor, taker, type TombstoneKeys } from './keys.js';
import { lookAtHeld } from './look-at-held.js';
import { bareCustomer } from '../values/customer-value.js';
import { isVisitorKey } from '../visitor-id.js';
import type { Wish } from './room.js';
import { endsOf, expectId, expectTimes, expectVisitorUntil } from '../store-values.js';
import { nextVersion } from './versions.js';
import type { PlannedWrite, Writing, WritePlan } from './write-with-room.js';

/** `CustomerStore.record`: what is there is read, the write is decided on, room is taken, the customer is written, the
 *  room is settled. */
export function recordContact(writing: Writing, write: ContactWrite, tombstoneKeys: TombstoneKeys): PlannedWrite<RecordResult> {
  const { customerId, idempotency, confirm, release, contact, now, withdrawConsent } = write;
  const keys = customerKeys(writing.prefix, customerId);
  const wantsRoom = confirm.length + release.length > 0;
  const outcome = idempotency === undefined ? undefined : { id: idempotency.outcomeId, now };
  return {
    customerId, keys, now,
    look: () => lookAtHeld(writing, customerId, keys, now, { outcomes: outcome === undefined ? [] : [outcome], holds: wantsRoom && contact.decisionId !== undefined && contact.offerId !== undefined, tombstoneKeys }),
    plan: (snapshot, answer) => planRecord(write, snapshot, answer),
    shared: wantsRoom || withdrawConsent !== undefined ? undefined : { outcome, tombstoneKeys },
  };
}

/** Throws a `StoreError`. */
export function expectRecordable({ customerId, visitorUntil, now, beganAt, contact, idempotency, confirm }: ContactWrite): void {
  expectId(customerId);
  expectVisitorUntil(customerId, visitorUntil);
  expectTimes([now, beganAt, contact.occurredAt, idempotency?.expiresAt ?? now, ...endsOf(confirm)]);
}

/** All checks in the port's order, but for the limits' room, which stands before that of the ledger. */
function planRecord(write: ContactWrite, { tombstone, customer: known, linkedTo, holds }: Snapshot, { answered, remembered }: Answer): WritePlan<RecordResult> {
  const { contact, beganAt, now, horizon, maxContacts, idempotency, withdrawConsent } = write;
  if (tombstone !== null && tombstone.keptUntil > now && beganAt <= tombstone.erasedAt) return { type: 'done', result: { type: 'erased' } };
  if (linkedTo !== null) return { type: 'done', result: { type: 'linked', customerId: linkedTo } };
  const customer = known ?? (isVisitorKey(write.customerId) ? bareCustomer(nextVersion(null)) : null);
  if (customer === null) return { type: 'done', result: { type: 'unknown-customer' } };
  if (idempotency !== undefined && answered !== null && answered.expiresAt > now) {
    return { type: 'done', result: answered.body === idempotency.body ? { type: 'repeated', answer: answered.answer } : { type: 'other-body' } };
  }
  if (idempotency !== undefined && remembered >= idempotency.mostKept) return { type: 'done', result: { type: 'too-many-keys' } };
  const isKnown = holdsOutcome(customer.contacts, contact);
  const full = (counter: string): RecordResult => ({ type: 'limit-reached', counter });
  if (isKnown && contact.outcome === 'presented') {
    const result = { type: 'repeated', answer: null } as const;
    if (idempotency === undefined) return { type: 'done', result };
    return { type: 'write', wishes: [], refusal: null, commit: () => ({ now, remembers: [{ ...idempotency, now }] }), result, full };
  }

  const kept = trimLedger(customer.contacts, horizon, now);
  const profile = withdrawConsent === undefined ? customer.profile : withoutConsent(customer.profile, withdrawConsent, now);
  const version = nextVersion(customer);
  return {
    type: 'write',
    wishes: wishesOf(write, isKnown, holds),
    refusal: kept.length >= maxContacts ? { type: 'ledger-full' } : null,
    commit: () => ({
      now,
      remembers: idempotency === undefined ? [] : [{ ...idempotency, now }],
      visitorUntil: write.visitorUntil,
      forgetsPartners: endsPartnerConsent(customer.profile, profile),
      customer: { profile, contacts: addContact(kept, contact), events: eventsUnder(profile, customer.events), profileVersion: profile === customer.profile ? customer.profileVersion : version, ledgerVersion: version },
    }),
    result: { type: 'recorded' },
    full,
  };
}

/** The first report of this decision's outcome confirmed it: a second one is a contact, and no second sale. */
function wishesOf({ customerId, contact: { decisionId, offerId }, idempotency, confirm, release }: ContactWrite, isKnown: boolean, holds: Snapshot['holds']): Wish[] {
  const wishes: Wish[] = [];
  for (const room of isKnown ? [] : confirm) {
    const holder = decisionId !== undefined && offerId !== undefined ? holderFor(customerId, holds, room.limit, decisionId, offerId) :
      idempotency !== undefined ? taker(customerId, room.limit, idempotency.outcomeId) : null;
    wishes.push({ type: 'confirm', room, holder });
  }
  if (decisionId === undefined || offerId === undefined) return wishes;
  for (const { limit } of release) wishes.push({ type: 'release', holder: holderFor(customerId, holds, limit, decisionId, offerId) });
  return wishes;
}
