import type { Tombstone } from '../customers/customer-store.js';
import type { LedgerHorizon } from '../decision/types.js';
import { tokenLifetimeMs } from './token.js';

/** What stays of one who is erased, for as long as an outcome of before could come: by its token, or, without one, within
 *  the ledger's horizon. */
export function tombstoneAt(now: number, { windowMs }: Pick<LedgerHorizon, 'windowMs'>): Tombstone {
  return { erasedAt: now, keptUntil: now + Math.max(tokenLifetimeMs, windowMs) };
}

/** Events may be of any age. One that a tombstone may have outlived makes nobody: it could be of one who was erased. By the
 *  shortest time that a tombstone is kept, whatever the catalog's ledger was at the erasure. */
export function mayMakeSomebody(occurredAt: number, now: number): boolean {
  return occurredAt > now - tokenLifetimeMs;
}
