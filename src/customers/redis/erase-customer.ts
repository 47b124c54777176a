import type { Tombstone } from '../customer-store.js';
import { isVisitorKey, visitorIdOf, visitorKey } from '../visitor-id.js';
import { decodeLink, type VisitorLink } from '../values/visitor-link.js';
import { clockGraceMs, readable } from './customer-record.js';
import { decodeHolds } from './holds.js';
import { customerKeys, placeOf } from './keys.js';
import { decodeEntries } from './limit-counters.js';
import { finishLink } from './link-visitor.js';
import { unlinkScript } from './link-scripts.js';
import { eraseScript } from './customer-scripts.js';
import { lookAtVisitor } from './visitor-record.js';
import type { Writing } from './write-with-room.js';

/** `CustomerStore.erase`. What waits to be confirmed is confirmed first: it stays counted, without a name. What was
 *  reserved is free when this resolves, or, where the process dies before, when it ends. The visitors that were linked go
 *  before the customer, so that the same again finds those that are left. */
export async function eraseCustomer(writing: Writing, customerId: string, tombstone: Tombstone): Promise<boolean> {
  if (isVisitorKey(customerId)) return eraseVisitor(writing, customerId, tombstone);
  for (;;) {
    const erased = await eraseHeld(writing, customerId, tombstone, null);
    if (typeof erased === 'boolean') return erased;
    for (const link of erased.links) await eraseLinked(writing, customerId, link, tombstone);
  }
}

/** What was joined stays with the customer. */
async function eraseVisitor(writing: Writing, visitor: string, tombstone: Tombstone): Promise<boolean> {
  for (;;) {
    const { head, visitor: seen } = await lookAtVisitor(writing, visitor, 0);
    if (seen?.state === 'sealed') {
      await finishLink(writing, visitor, seen.seal);
      continue;
    }
    const erased = await eraseHeld(writing, visitor, tombstone, head);
    if (typeof erased !== 'boolean') continue;
    if (seen?.state === 'linked') await unlink(writing, seen.customerId, { visitorId: visitorIdOf(visitor), linkId: seen.linkId });
    return erased;
  }
}

/** One who is the customer's by this link; by another, or none, it is nobody's, or somebody else's. */
async function eraseLinked(writing: Writing, customerId: string, link: VisitorLink, tombstone: Tombstone): Promise<void> {
  const visitor = visitorKey(link.visitorId);
  for (;;) {
    const { head, visitor: seen } = await lookAtVisitor(writing, visitor, 0);
    const itsLink = seen?.state === 'linked' ? seen.linkId : seen?.state === 'sealed' ? seen.seal.linkId : null;
    if (itsLink !== link.linkId || typeof await eraseHeld(writing, visitor, tombstone, head) === 'boolean') break;
  }
  await unlink(writing, customerId, link);
}

async function unlink({ connection, prefix }: Writing, customerId: string, { visitorId, linkId }: Pick<VisitorLink, 'visitorId' | 'linkId'>): Promise<void> {
  await connection.script(unlinkScript, [customerKeys(prefix, customerId).links], [visitorId, linkId]);
}

/** Whether there was anything; or the links that stand in the way, none where the value is not (any more) the one with this
 *  head. */
async function eraseHeld({ connection, counters, prefix, tombstoneOf }: Writing, id: string, { erasedAt, keptUntil }: Tombstone, head: Buffer | null): Promise<boolean | { readonly links: readonly VisitorLink[] }> {
  const { value, outcomes, outcomeExpiry, holds, committed, aborted, ids, links, agenda, due } = customerKeys(prefix, id);
  const { own: tombstone } = await tombstoneOf(id);
  for (;;) {
    const [there, fields] = await connection.script(eraseScript, [value, outcomes, outcomeExpiry, holds, committed, aborted, tombstone, ids, links, agenda, due.at, due.leases, due.woken],
      [id, erasedAt, keptUntil, Math.max(0, keptUntil - erasedAt) + clockGraceMs, head === null ? 0 : 1, head ?? '']) as [number, Buffer[]];
    if (there === -1) {
      for (let place = 0; place < fields.length; place += 2) await counters.finish(placeOf(id), fields[place]!, decodeEntries(String(fields[place + 1])), erasedAt);
    } else if (there < 0) {
      return { links: readable(() => fields.map(decodeLink)) };
    } else {
      await Promise.all(Array.from(decodeHolds(fields), ([holder, { counter }]) => counters.hold(counter, Buffer.from(holder, 'hex'), null)));
      return there === 1;
    }
  }
}
