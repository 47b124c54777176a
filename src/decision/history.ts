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
  within(outcome: Outcome, scope: Scope): ReadonlyMap<string, readonly number[]>;
  stageOf(offerId: string): FunnelStage;
}

/** The times of one outcome, ascending, within each scope. */
type Times = Readonly<Record<Scope, Map<string, number[]>>>;
const none: readonly number[] = [];
const nowhere: ReadonlyMap<string, readonly number[]> = new Map();

export function openHistory(contacts: readonly Contact[], catalog: Catalog, now: number): ContactHistory {
  let index: Map<Outcome, Times> | undefined;
  const within: ContactHistory['within'] = (outcome, scope) => {
    index ??= indexContacts(contacts, catalog, now);
    return index.get(outcome)?.[scope] ?? nowhere;
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

function indexContacts(contacts: readonly Contact[], catalog: Catalog, now: number): Map<Outcome, Times> {
  const index = new Map<Outcome, Times>();
  const forgottenBefore = now - catalog.ledger.windowMs;
  for (const { outcome, occurredAt, offerId, channel, kind } of contacts) {
    if (occurredAt <= forgottenBefore && !catalog.ledger.latestOf.includes(outcome)) continue;
    let times = index.get(outcome);
    if (times === undefined) index.set(outcome, times = { customer: new Map(), channel: new Map(), offer: new Map(), kind: new Map() });
    add(times.customer, everyone, occurredAt);
    add(times.channel, channel, occurredAt);
    if (offerId === undefined) continue;
    add(times.offer, offerId, occurredAt);
    const kindThen = kind ?? catalog.offersById.get(offerId)?.kind;
    if (kindThen !== undefined) add(times.kind, kindThen, occurredAt);
  }
  return index;
}

/** The key of all contacts, in the scope `customer`. */
const everyone = '';

function add(times: Map<string, number[]>, key: string, occurredAt: number): void {
  const list = times.get(key);
  if (list === undefined) times.set(key, [occurredAt]);
  else list.push(occurredAt);
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
