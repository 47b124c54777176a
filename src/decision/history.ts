import type { Catalog, Contact, FunnelStage, Outcome, Scope } from './types.js';

/**
 * A customer's contacts, indexed for the questions that rules ask: how often, and when last, an outcome came
 * within a scope. Times are ascending, so a count is a binary search. Contacts beyond the ledger's horizon are
 * not seen, whether the store has trimmed them yet or not; only the latest of what is never forgotten stays.
 */
export interface ContactHistory {
  /** How many contacts with this outcome since `sinceMs()` (inclusive), up to now; it is asked only where there are any.
   *  `key`: the offer's id, its kind, the channel; "" for the customer. */
  count(outcome: Outcome, scope: Scope, key: string, sinceMs: () => number): number;
  /** When the latest was; `undefined` where there is none. */
  latest(outcome: Outcome, scope: Scope, key: string): number | undefined;
  /** The times of all contacts with this outcome, ascending, by what the scope counts together. */
  within(outcome: Outcome, scope: Scope): Times;
  stageOf(offerId: string): FunnelStage;
}

/** Times by what a scope counts together. */
type Times = ReadonlyMap<string, readonly number[]>;
const none: readonly number[] = [];
const nowhere: Times = new Map();

export function openHistory(contacts: readonly Contact[], catalog: Catalog, now: number): ContactHistory {
  let byOutcome: ReadonlyMap<Outcome, OfOutcome> | undefined;
  const within: ContactHistory['within'] = (outcome, scope) => {
    byOutcome ??= sortByOutcome(contacts, catalog, now);
    const ofOutcome = byOutcome.get(outcome);
    return ofOutcome === undefined ? nowhere : ofOutcome.times[scope] ??= indexBy(scope, ofOutcome.contacts, catalog);
  };
  const times = (outcome: Outcome, scope: Scope, key: string): readonly number[] => within(outcome, scope).get(key) ?? none;
  const forgottenBefore = now - catalog.ledger.windowMs;
  const withinHorizon = (list: readonly number[], sinceMs: number): number => list.length - firstAtOrAfter(list, Math.max(sinceMs, forgottenBefore + 1));
  const seen = (outcome: Outcome, offerId: string): number => withinHorizon(times(outcome, 'offer', offerId), -Infinity);

  return {
    count: (outcome, scope, key, sinceMs) => {
      const list = times(outcome, scope, key);
      return list.length === 0 ? 0 : withinHorizon(list, sinceMs());
    },
    latest: (outcome, scope, key) => times(outcome, scope, key).at(-1),
    within,
    stageOf: (offerId) => {
      if (contacts.length === 0) return 'inspire';
      const clicks = seen('clicked', offerId);
      if (clicks >= 2) return 'act';
      return clicks === 1 || seen('not-now', offerId) > 0 || seen('presented', offerId) > 0 ? 'explain' : 'inspire';
    },
  };
}

/** The contacts with one outcome; a scope is indexed when a rule first asks for it. */
interface OfOutcome { readonly contacts: Contact[]; readonly times: { [scope in Scope]?: Times } }

function sortByOutcome(contacts: readonly Contact[], catalog: Catalog, now: number): ReadonlyMap<Outcome, OfOutcome> {
  const sorted = new Map<Outcome, OfOutcome>();
  const forgottenBefore = now - catalog.ledger.windowMs;
  for (const contact of contacts) {
    const { outcome, occurredAt } = contact;
    if (occurredAt <= forgottenBefore && !catalog.ledger.latestOf.includes(outcome)) continue;
    const ofOutcome = sorted.get(outcome);
    if (ofOutcome === undefined) sorted.set(outcome, { contacts: [contact], times: {} });
    else ofOutcome.contacts.push(contact);
  }
  return sorted;
}

function indexBy(scope: Scope, contacts: readonly Contact[], catalog: Catalog): Times {
  const times = new Map<string, number[]>();
  for (const contact of contacts) {
    const key = keyOf(contact, scope, catalog);
    if (key === undefined) continue;
    const list = times.get(key);
    if (list === undefined) times.set(key, [contact.occurredAt]);
    else list.push(contact.occurredAt);
  }
  return times;
}

/** `undefined`: the scope does not count it. */
function keyOf({ offerId, channel, kind }: Contact, scope: Scope, { offersById }: Catalog): string | undefined {
  switch (scope) {
    case 'customer': return '';
    case 'channel': return channel;
    case 'offer': return offerId;
    case 'kind': return offerId === undefined ? undefined : kind ?? offersById.get(offerId)?.kind;
  }
}

function firstAtOrAfter(ascending: readonly number[], atMs: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
