import type { TriggerTiming } from '../decision/event-intake.js';
import type { LedgerHorizon } from '../decision/types.js';
import { withoutConsent } from './consent-withdrawal.js';
import { addContact, holdsOutcome, trimLedger, type Ledger } from './contact-ledger.js';
import type { StoredProfile } from './customer-store.js';
import { eventsUnder, joinEvents } from './event-ledger.js';
import type { CustomerValue } from './values/customer-value.js';

export interface Joining {
  readonly now: number;
  readonly horizon: LedgerHorizon;
  readonly maxContacts: number;
  /** Of the triggers that there are. */
  readonly timings: ReadonlyMap<string, TriggerTiming>;
}

/** The customer with the visitor in it, and how much that was; `null`: the ledger has no room for both. */
export interface Joined { readonly customer: CustomerValue; readonly contacts: number; readonly events: number }

/** Of a trigger that is not in the catalog (any more). */
const withoutEnd: TriggerTiming = { opensAfterMs: 0, windowMs: Infinity, restMs: 0 };

/**
 * A visitor's contacts and events as the customer's. A `presented` that the customer's ledger holds already is the same
 * one, as ever. An `unsubscribed` of the visitor withdraws the customer's consent where that is not younger.
 * `version`: of the state to come.
 */
export function joinVisitor(customer: CustomerValue, visitor: CustomerValue | null, { now, horizon, maxContacts, timings }: Joining, version: number): Joined | null {
  const own = trimLedger(customer.contacts, horizon, now);
  const theirs = trimLedger(visitor?.contacts ?? [], horizon, now).filter((contact) => contact.outcome !== 'presented' || !holdsOutcome(own, contact));
  const contacts = theirs.reduce<Ledger>(addContact, own);
  if (theirs.length > 0 && contacts.length > maxContacts) return null;
  const profile = theirs.reduce((before, { outcome, channel, occurredAt }) => (outcome === 'unsubscribed' ? unsubscribed(before, channel, occurredAt, now) : before), customer.profile);
  const events = visitor === null ? customer.events : joinEvents(customer.events, visitor.events, (trigger) => timings.get(trigger) ?? withoutEnd);
  return {
    customer: {
      profile, contacts,
      events: eventsUnder(profile, events),
      profileVersion: profile === customer.profile ? customer.profileVersion : version,
      ledgerVersion: version,
    },
    contacts: theirs.length,
    events: visitor?.events.trails.reduce((sum, { total }) => sum + total, 0) ?? 0,
  };
}

/** A consent without a time of its own may be the older one, and goes. */
function unsubscribed(profile: StoredProfile, channel: string, at: number, now: number): StoredProfile {
  const isYounger = profile.consentRecords?.some(({ purpose, status, givenAt, confirmedAt = givenAt }) => purpose === channel && status === 'confirmed' && confirmedAt > at) === true;
  return isYounger ? profile : withoutConsent(profile, channel, now);
}
