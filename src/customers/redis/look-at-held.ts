import { isVisitorKey } from '../visitor-id.js';
import { look, type Snapshot, type Wanted } from './customer-record.js';
import type { CustomerKeys } from './keys.js';
import { finishLink } from './link-visitor.js';
import type { Writing } from './write-with-room.js';

/** As `look`. A visitor who is on the way to a customer is brought there first. */
export async function lookAtHeld(writing: Writing, id: string, keys: CustomerKeys, now: number, wanted: Omit<Wanted, 'visitorAt'>): Promise<Snapshot> {
  for (;;) {
    const snapshot = await look(writing.connection, keys, { ...wanted, visitorAt: isVisitorKey(id) ? now : null });
    if (snapshot.seal === null) return snapshot;
    await finishLink(writing, id, snapshot.seal);
  }
}
