import type { Catalog, Contact, FunnelStage, Outcome, Scope } from './types.js';

/**
 * A customer's contacts, indexed for the questions that rules ask: how often, and when last, an outcome came
 * within a scope. Times are ascending, so a count is a binary search. Contacts beyond the ledger's horizon are
 * not seen, whether the store has trimmed them yet or not; only the latest of what is never forgotten stays.
 */
export interface ContactHistory {
  /** How many contacts with this outcome since `sinceMs()` (inclusive), up to now; it is asked only where there are any.
   *  `key`: the offer's id, its kind, or the channel. */
  count(outcome: Outcome, scope: Scope, key: string, sinceMs: () => number): number;
  /** When the latest was; `undefined` where there is none. */
  latest(outcome: Outcome, scope: Scope, key: string): number | undefined;
  stageOf(offerId: string): FunnelStage;
}

/** The times of one outcome, ascending, within each scope. */
interface Times { readonly customer: number[]; readonly channel: Map<string, number[]>; readonly offer: Map<string, number[]>; readonly kind: Map<string, number[]> }
const none: readonly number[] = [];

export function openHistory(contacts: readonly Contact[], catalog: Catalog, now: number): ContactHistory {
  let index: Map<Outcome, Times> | undefined;
  const times = (outcome: Outcome, scope: Scope, key: string): readonly number[] => {
    index ??= indexContacts(contacts, catalog, now);
    const ofOutcome = index.get(outcome);
    if (ofOutcome === undefined) return none;
    return scope === 'customer' ? ofOutcome.customer : ofOutcome[scope].get(key) ?? none;
  };
  const forgottenBefore = now - catalog.ledger.windowMs;
  const withinHorizon = (list: readonly number[], sinceMs: number): number => list.length - firstAtOrAfter(list, Math.max(sinceMs, forgottenBefore + 1));
  const seen = (outcome: Outcome, offerId: string): number => withinHorizon(times(outcome, 'offer', offerId), -Infinity);

  return {
    count: (outcome, scope, key, sinceMs) => {
      const list = times(outcome, scope, key);
      return list.length === 0 ? 0 : withinHorizon(list, sinceMs());
    },
    latest: (outcome, scope, key) => times(outcome, scope, key).at(-1),
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
    if (times === undefined) index.set(outcome, times = { customer: [], channel: new Map(), offer: new Map(), kind: new Map() });
    times.customer.push(occurredAt);
    add(times.channel, channel, occurredAt);
    if (offerId === undefined) continue;
    add(times.offer, offerId, occurredAt);
    const kindThen = kind ?? catalog.offersById.get(offerId)?.kind;
    if (kindThen !== undefined) add(times.kind, kindThen, occurredAt);
  }
  return index;
}

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
