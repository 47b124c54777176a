import { StoreError, type CustomerStore, type LimitPeriod, type SharedState, type StoredState } from '../customers/customer-store.js';
import { eventsUnder } from '../customers/event-ledger.js';
import { currentPeriods, usageByLimit } from './limit-periods.js';
import type { Catalog, CustomerProfile, CustomerState, JsonObject, LimitUsage } from '../decision/types.js';
import type { Deadline } from './deadline.js';
import type { DecisionRequest as Body } from './openapi-types.js';
import { heldAs, type Named } from './visitors.js';

/** What the store knew when it was asked, and the version that a claim must find again. */
export interface ReadCustomer {
  readonly state: CustomerState;
  /** Whom the call means; a visitor who was linked is the customer. */
  readonly named: Named;
  /** `null`: there is nothing to write to (an unknown visitor), or the store could not be read. */
  readonly ledgerVersion: number | null;
  readonly known: 'customer' | 'visitor' | 'unreadable';
  /** Nothing that was asked of the store was answered. */
  readonly isStoreAway: boolean;
}

/**
 * Reads what a decision needs in one step, and lays over it what the call brings. `at`: the time decided for, whose
 * later contacts are not seen. A store that is away or late makes everything stored unknown; it never fails a decision.
 */
export async function readCustomer(store: CustomerStore, catalog: Catalog, body: Body, at: number, now: number, deadline: Deadline): Promise<ReadCustomer> {
  const id = heldAs(body) ?? null;
  const periods = currentPeriods(catalog, at);
  const readsNothing = id === null && periods.length === 0;
  // Asked for at the same time: one round trip. Each may fail by itself: in a cluster they lie on different machines.
  const [stored, shared] = await Promise.all([
    readsNothing ? nothingStored : ifReadable(deadline.cut(readFollowing(store, id, periods, now))),
    catalog.readsShared ? ifReadable(deadline.cut(store.shared(now))) : nothingShared,
  ]);
  if (stored === null && id !== null) return unreadable(body);
  if (stored?.customer == null) {
    // Of a visitor without an id nothing was asked but the limits, and what concerns everybody.
    const asked = [...(readsNothing ? [] : [stored]), ...(catalog.readsShared ? [shared] : [])];
    const isStoreAway = asked.length > 0 && asked.every((answer) => answer === null);
    return visitor(body, stored ?? { customer: null, limitUsage: null }, shared, periods, isStoreAway);
  }
  const named: Named = { customerId: stored.linkedTo ?? body.customerId, visitorId: body.visitorId };
  const { contacts, events, ledgerVersion } = stored.customer;
  // Of a visitor, nothing is stored but contacts and events: consents and holdings are not none, but unknown.
  const profile = named.customerId === undefined ? overlay({ attributes: {} }, body.customer) : overlay(stored.customer.profile, body.customer, stored.customer.profile.objection === true);
  return {
    state: {
      id: named.customerId,
      profile,
      contacts: body.at === undefined ? contacts : contacts.filter(({ occurredAt }) => occurredAt <= at),
      // A call that brings other consents is answered as under those.
      events: eventsUnder({ consents: profile.consents ?? [] }, events),
      ...sharedOf(shared),
      limitUsage: usageOf(stored, periods),
    },
    named,
    ledgerVersion,
    known: 'customer',
    isStoreAway: false,
  };
}

const nothingStored: StoredState = { customer: null, limitUsage: new Map() };
const nothingShared: SharedState = { groupEvents: [], rhythms: new Map() };

/** Of a visitor who was linked, the customer. */
async function readFollowing(store: CustomerStore, id: string | null, periods: readonly LimitPeriod[], now: number): Promise<StoredState> {
  const stored = await store.read(id, periods, now);
  return stored.linkedTo === undefined ? stored : { ...stored, customer: (await store.read(stored.linkedTo, [], now)).customer };
}

/** `null`: the store could not be read. */
async function ifReadable<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

function sharedOf(shared: SharedState | null): Pick<CustomerState, 'groupEvents' | 'rhythms'> {
  return shared === null ? { groupEvents: null } : { groupEvents: shared.groupEvents, rhythms: shared.rhythms };
}

function usageOf({ limitUsage }: StoredState, periods: readonly LimitPeriod[]): LimitUsage | undefined {
  return limitUsage === null ? undefined : usageByLimit(periods, limitUsage);
}

/** Nobody that we know: what the call itself brings, and no contacts yet. */
function visitor(body: Body, stored: StoredState, shared: SharedState | null, periods: readonly LimitPeriod[], isStoreAway: boolean): ReadCustomer {
  return {
    state: { profile: overlay({ attributes: {} }, body.customer), contacts: [], ...sharedOf(shared), limitUsage: usageOf(stored, periods) },
    named: { customerId: body.customerId, visitorId: body.visitorId },
    // A visitor with an id is made by the first write.
    ledgerVersion: body.visitorId === undefined ? null : 0,
    known: 'visitor',
    isStoreAway,
  };
}

/** Somebody of whom nothing is known but what the call brings. */
export function unreadable(body: Body): ReadCustomer {
  // A visitor without an id has no contacts, store or not.
  const contacts = heldAs(body) === undefined ? [] : undefined;
  return {
    state: { id: body.customerId, profile: overlay({ attributes: {} }, body.customer), contacts, limitUsage: undefined },
    named: { customerId: body.customerId, visitorId: body.visitorId },
    ledgerVersion: null,
    known: 'unreadable',
    isStoreAway: true,
  };
}

/** Each member that the call gives overrides the stored one; of the attributes, each attribute. An objection to
 *  marketing stands whatever the call says of consents. The history of the consents is nothing that a rule sees. */
function overlay({ attributes, consents, holdings, timeZone, locale }: CustomerProfile, given: Body['customer'], objects = false): CustomerProfile {
  const stored: CustomerProfile = { attributes, consents: objects ? [] : consents, holdings, timeZone, locale };
  if (given === undefined) return stored;
  return {
    ...stored,
    attributes: given.attributes === undefined ? stored.attributes : { ...stored.attributes, ...(given.attributes as JsonObject) },
    ...(given.consents !== undefined && !objects && { consents: given.consents }),
    ...(given.holdings !== undefined && { holdings: given.holdings }),
  };
}
