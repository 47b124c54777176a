import type { ClaimWrite, ConsentRecord, ContactWrite, CustomerStore, GroupEventWrite, LimitRoom, StoredCustomer, StoredProfile, Tombstone } from '../../src/customers/customer-store.js';
import type { Contact, GroupEvent, LedgerHorizon, Outcome } from '../../src/decision/types.js';

export const dayMs = 86_400_000;
export const now = Date.UTC(2026, 10, 23, 10);
export const horizon: LedgerHorizon = { windowMs: 90 * dayMs, latestOf: ['accepted'] };

/** Of an erasure a moment before the tests' `now`. */
export const tombstone: Tombstone = { erasedAt: now - 1, keptUntil: now + 90 * dayMs };

export const profile: StoredProfile = { attributes: { age: 41, region: 'north' }, consents: ['web', 'email', 'call-center'], holdings: ['card'] };

export function confirmed(purpose: string, members: Partial<ConsentRecord> = {}): ConsentRecord {
  return { purpose, status: 'confirmed', givenAt: now - dayMs, confirmedAt: now - dayMs, ...members };
}

export function pending(purpose: string, members: Partial<ConsentRecord> = {}): ConsentRecord {
  return { purpose, status: 'pending', givenAt: now - dayMs, ...members };
}

/** One of every kind. */
export const records: readonly ConsentRecord[] = [
  confirmed('email', { status: 'withdrawn', withdrawnAt: now - 50 }),
  confirmed('email', { basis: 'consent', textVersion: '2026-03 é', source: 'web form', givenAt: now - 40, confirmedAt: now - 30 }),
  pending('sms', { source: '', givenAt: 0 }),
  confirmed('partner-data', { status: 'withdrawn', confirmedAt: now - 2 * dayMs, withdrawnAt: now - 3 * dayMs, basis: '\ud800' }),
];

export function contact(outcome: Outcome, members: Partial<Contact> = {}): Contact {
  return { decisionId: 'd-1', offerId: 'home-insurance', kind: 'cross-sell', channel: 'web', outcome, occurredAt: now, ...members };
}

export function recordOf(customerId: string, of: Contact, members: Partial<ContactWrite> = {}): ContactWrite {
  return { customerId, contact: of, beganAt: of.occurredAt, now, horizon, maxContacts: 2000, confirm: [], release: [], ...members };
}

export function claimOf(customerId: string, ledgerVersion: number, contacts: readonly Contact[], members: Partial<ClaimWrite> = {}): ClaimWrite {
  return { customerId, ledgerVersion, contacts, now, horizon, maxContacts: 2000, reserve: [], ...members };
}

export function room(max: number, counter = 'home-insurance/accepted/month/2026-11', limit = 'home-insurance/accepted/month', endsAt: number | null = null): LimitRoom {
  return { limit, counter, max, endsAt };
}

export function idempotency(outcomeId: string, body = 'body-1', answer = '{"status":201}', expiresAt = now + dayMs): NonNullable<ContactWrite['idempotency']> {
  return { outcomeId, body, answer, expiresAt, mostKept: 100 };
}

export async function customerIn(store: CustomerStore, customerId: string): Promise<NonNullable<Awaited<ReturnType<CustomerStore['read']>>['customer']>> {
  const { customer } = await store.read(customerId, [], now);
  if (customer === null) throw new Error(`The test expects a customer ${customerId}.`);
  return customer;
}

export async function contactsIn(store: CustomerStore, customerId: string): Promise<readonly Contact[]> {
  return (await customerIn(store, customerId)).contacts;
}

export async function usageIn(store: CustomerStore, counter = room(0).counter, at = now): Promise<number | undefined> {
  return (await store.read(null, [{ limit: room(0).limit, counter, endsAt: null }], at)).limitUsage?.get(counter);
}

export async function idsIn(store: CustomerStore, after?: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of store.ids(after)) ids.push(id);
  return ids;
}

export function storedCustomer(id: string, contacts: readonly Contact[] = []): StoredCustomer {
  return { id, profile, contacts };
}

/** A storm, e-1, for ten days. */
export function groupEventOf({ now: at = now, body = 'body-1', keptUntil = at + 10 * dayMs, most = 500, ...members }: Partial<GroupEvent & Pick<GroupEventWrite, 'body' | 'keptUntil' | 'most' | 'now'>> = {}): GroupEventWrite {
  const event = { id: 'e-1', source: '/weather', type: 'weather.warning', occurredAt: at, data: { region: 'norr ä', level: [1, null] }, ...members };
  return { eventKey: JSON.stringify([event.source, event.id]), body, event, now: at, keptUntil, most };
}
