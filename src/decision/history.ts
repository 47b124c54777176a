import type { Catalog, Contact, FunnelStage, Outcome, Scope } from './types.js';

/**
 * A customer's contacts, indexed for the questions that rules ask: how often, and when last, an outcome came
 * within a scope. Times are ascending, so a count is a binary search. Contacts beyond the ledger's horizon are
 * not seen, whether the store has trimmed them yet or not; only the latest of what is never forgotten stays.
 */
export interface ContactHistory {
  /** How many contacts with this outcome since `sinceMs` (inclusive), up to now. `key`: the offer's id, its kind, or the channel. */
  count(outcome: Outcome, scope: Scope, key: string, sinceMs: number): number;
  /** When the latest was; `undefined` where there is none. */
  latest(outcome: Outcome, scope: Scope, key: string): number | undefined;
  stageOf(offerId: string): FunnelStage;
}

export function openHistory(contacts: readonly Contact[], catalog: Catalog, now: number): ContactHistory {
  let index: Map<string, number[]> | undefined;
  const times = (outcome: Outcome, scope: Scope, key: string): readonly number[] => {
    index ??= indexContacts(contacts, catalog, now);
    return index.get(indexKey(outcome, scope, scope === 'customer' ? '' : key)) ?? [];
  };
  const forgottenBefore = now - catalog.ledger.windowMs;
  const withinHorizon = (outcome: Outcome, scope: Scope, key: string, sinceMs: number): number => {
    const list = times(outcome, scope, key);
    return list.length - firstAtOrAfter(list, Math.max(sinceMs, forgottenBefore + 1));
  };

  return {
    count: withinHorizon,
    latest: (outcome, scope, key) => times(outcome, scope, key).at(-1),
    stageOf: (offerId) => {
      if (contacts.length === 0) return 'inspire';
      const seen = (outcome: Outcome): number => withinHorizon(outcome, 'offer', offerId, -Infinity);
      const clicks = seen('clicked');
      if (clicks >= 2) return 'act';
      return clicks === 1 || seen('not-now') > 0 || seen('presented') > 0 ? 'explain' : 'inspire';
    },
  };
}

function indexKey(outcome: Outcome, scope: Scope, key: string): string {
  return `${outcome}\n${scope}\n${key}`;
}

function indexContacts(contacts: readonly Contact[], catalog: Catalog, now: number): Map<string, number[]> {
  const index = new Map<string, number[]>();
  const add = (outcome: Outcome, scope: Scope, key: string, occurredAt: number): void => {
    const at = indexKey(outcome, scope, key);
    const list = index.get(at);
    if (list === undefined) index.set(at, [occurredAt]);
    else list.push(occurredAt);
  };
  const forgottenBefore = now - catalog.ledger.windowMs;
  for (const { outcome, occurredAt, offerId, channel, kind } of contacts) {
    if (occurredAt <= forgottenBefore && !catalog.ledger.latestOf.includes(outcome)) continue;
    add(outcome, 'customer', '', occurredAt);
    add(outcome, 'channel', channel, occurredAt);
    if (offerId === undefined) continue;
    add(outcome, 'offer', offerId, occurredAt);
    const kindThen = kind ?? catalog.offersById.get(offerId)?.kind;
    if (kindThen !== undefined) add(outcome, 'kind', kindThen, occurredAt);
  }
  return index;
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
