import { StoreError, type CustomerStore, type SharedState, type StoredState } from '../customers/customer-store.js';
import { eventsUnder } from '../customers/event-ledger.js';
import { currentPeriods, usageByLimit } from './limit-periods.js';
import type { Catalog, CustomerProfile, CustomerState, JsonObject } from '../decision/types.js';
import type { Deadline } from './deadline.js';
import type { DecisionRequest as Body } from './openapi-types.js';

/** What the store knew when it was asked, and the version that a claim must find again. */
export interface ReadCustomer {
  readonly state: CustomerState;
  /** `null`: there is nothing to write to (a visitor), or the store could not be read. */
  readonly ledgerVersion: number | null;
  readonly known: 'customer' | 'visitor' | 'unreadable';
}

/**
 * Reads what a decision needs in one step, and lays over it what the call brings. `at`: the time decided for, whose
 * later contacts are not seen. A store that is away or late makes everything stored unknown; it never fails a decision.
 */
export async function readCustomer(store: CustomerStore, catalog: Catalog, body: Body, at: number, now: number, deadline: Deadline): Promise<ReadCustomer> {
  const customerId = body.customerId ?? null;
  const periods = currentPeriods(catalog, at);
  const readsShared = catalog.readsShared;
  if (customerId === null && periods.length === 0 && !readsShared) return visitor(body, { customer: null, limitUsage: new Map() }, nothingShared, periods);
  let stored: StoredState;
  let shared: SharedState;
  try {
    // Asked for at the same time: one round trip.
    [stored, shared] = await deadline.cut(Promise.all([store.read(customerId, periods, now), readsShared ? store.shared(now) : nothingShared]));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return unreadable(body);
  }
  if (customerId === null || stored.customer === null) return visitor(body, stored, shared, periods);
  const { contacts, events, ledgerVersion } = stored.customer;
  const profile = overlay(stored.customer.profile, body.customer, stored.customer.profile.objection === true);
  return {
    state: {
      id: customerId,
      profile,
      contacts: body.at === undefined ? contacts : contacts.filter(({ occurredAt }) => occurredAt <= at),
      // A call that brings other consents is answered as under those.
      events: eventsUnder({ consents: profile.consents ?? [] }, events),
      ...sharedOf(shared),
      limitUsage: usageByLimit(periods, stored.limitUsage),
    },
    ledgerVersion,
    known: 'customer',
  };
}

const nothingShared: SharedState = { groupEvents: [], rhythms: new Map() };

function sharedOf({ groupEvents, rhythms }: SharedState): Pick<CustomerState, 'groupEvents' | 'rhythms'> {
  return { groupEvents, rhythms };
}

/** Nobody that we know: what the call itself brings, and no contacts yet. */
function visitor(body: Body, stored: StoredState, shared: SharedState, periods: ReturnType<typeof currentPeriods>): ReadCustomer {
  return {
    state: { profile: overlay({ attributes: {} }, body.customer), contacts: [], ...sharedOf(shared), limitUsage: usageByLimit(periods, stored.limitUsage) },
    ledgerVersion: null,
    known: 'visitor',
  };
}

export function unreadable(body: Body): ReadCustomer {
  // A visitor without an id has no contacts, store or not; only the limits are unknown then.
  const contacts = body.customerId === undefined ? [] : undefined;
  return {
    state: { id: body.customerId, profile: overlay({ attributes: {} }, body.customer), contacts, limitUsage: undefined },
    ledgerVersion: null,
    known: 'unreadable',
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
