import type { Tombstone } from '../customer-store.js';
import { clockGraceMs } from './customer-record.js';
import { decodeHolds } from './holds.js';
import { customerKeys, placeOf } from './keys.js';
import { decodeEntries } from './limit-counters.js';
import { eraseScript } from './scripts.js';
import type { Writing } from './write-with-room.js';

/** `CustomerStore.erase`. What waits to be confirmed is confirmed first: it stays counted, without a name. What was
 *  reserved is free when this resolves, or, where the process dies before, when it ends. `tombstone`: its key. */
export async function eraseCustomer({ connection, counters, prefix }: Writing, customerId: string, { erasedAt, keptUntil }: Tombstone, tombstone: string): Promise<boolean> {
  const { value, outcomes, outcomeExpiry, holds, committed, aborted, ids } = customerKeys(prefix, customerId);
  for (;;) {
    const [there, fields] = await connection.script(eraseScript, [value, outcomes, outcomeExpiry, holds, committed, aborted, tombstone, ids],
      [customerId, erasedAt, keptUntil, Math.max(0, keptUntil - erasedAt) + clockGraceMs]) as [number, Buffer[]];
    if (there !== -1) {
      await Promise.all(Array.from(decodeHolds(fields), ([holder, { counter }]) => counters.hold(counter, Buffer.from(holder, 'hex'), null)));
      return there === 1;
    }
    for (let place = 0; place < fields.length; place += 2) await counters.finish(placeOf(customerId), fields[place]!, decodeEntries(String(fields[place + 1])), erasedAt);
  }
}
