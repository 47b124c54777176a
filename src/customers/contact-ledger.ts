import type { Contact, LedgerHorizon, Outcome } from '../decision/types.js';

/**
 * The contact ledger as a value: a customer's contacts, ascending by `occurredAt`, in order of recording where
 * equal. Every function gives a new list (or the same one where nothing changes); adapters write it.
 */
export type Ledger = readonly Contact[];

/** What the horizon keeps at `now`: contacts not older than the window, and for each outcome in `latestOf` the latest
 *  contact of each offer or activity in each channel, however old: a rule that never forgets may look at any of them. */
export function trimLedger(ledger: Ledger, horizon: LedgerHorizon, now: number): Ledger {
  const oldest = now - horizon.windowMs;
  const first = ledger[0];
  if (first === undefined || first.occurredAt >= oldest) return ledger;

  const latestOf = new Set<Outcome>(horizon.latestOf);
  const seen = new Set<string>();
  const kept: Contact[] = [];
  for (let place = ledger.length - 1; place >= 0; place--) {
    const contact = ledger[place]!;
    const isLatest = latestOf.has(contact.outcome) && isFirstSeen(seen, contact);
    if (contact.occurredAt >= oldest || isLatest) kept.push(contact);
  }
  return kept.length === ledger.length ? ledger : kept.reverse();
}

function isFirstSeen(seen: Set<string>, { outcome, offerId, activity, channel }: Contact): boolean {
  const subject = JSON.stringify([outcome, offerId ?? null, activity ?? null, channel]);
  if (seen.has(subject)) return false;
  seen.add(subject);
  return true;
}

/** The ledger with the contact in its place by time, after those of the same time. */
export function addContact(ledger: Ledger, contact: Contact): Ledger {
  let place = ledger.length;
  while (place > 0 && ledger[place - 1]!.occurredAt > contact.occurredAt) place--;
  return place === ledger.length ? [...ledger, contact] : [...ledger.slice(0, place), contact, ...ledger.slice(place)];
}

/** True where the ledger holds this outcome of the contact's decision and offer already. A contact that names no
 *  decision or no offer is never the same as another. */
export function holdsOutcome(ledger: Ledger, contact: Contact): boolean {
  const { decisionId, offerId, outcome } = contact;
  if (decisionId === undefined || offerId === undefined) return false;
  return ledger.some((other) => other.decisionId === decisionId && other.offerId === offerId && other.outcome === outcome);
}

/** Without the `presented` of these decisions, which did not come about; where anything else is known of one, it did. */
export function withoutPresented(ledger: Ledger, decisionIds: readonly string[]): Ledger {
  const meant = new Set(decisionIds);
  for (const { decisionId, outcome } of ledger) if (outcome !== 'presented' && decisionId !== undefined) meant.delete(decisionId);
  const kept = ledger.filter(({ decisionId }) => decisionId === undefined || !meant.has(decisionId));
  return kept.length === ledger.length ? ledger : kept;
}

/** Contacts in the ledger's order: for lists that come from outside. */
export function inLedgerOrder(contacts: readonly Contact[]): Ledger {
  return contacts.toSorted((one, other) => one.occurredAt - other.occurredAt);
}
