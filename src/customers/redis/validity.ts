import { StoreError } from '../customer-store.js';
import { isWellFormed } from '../lmdb/bytes.js';

const longestIdBytes = 1024;

/** Text that is not well-formed has no UTF-8, and two such ids would be one. */
export function expectId(customerId: string): void {
  const bytes = Buffer.byteLength(customerId);
  if (bytes === 0 || bytes > longestIdBytes || !isWellFormed(customerId)) throw new StoreError(`A customer's id must be well-formed Unicode of 1 to ${longestIdBytes} bytes.`);
}

/** Whole milliseconds from 1970 on. */
export function expectTimes(timesMs: readonly (number | null | undefined)[]): void {
  for (const timeMs of timesMs) {
    if (timeMs === null || timeMs === undefined) continue;
    if (!Number.isSafeInteger(timeMs) || timeMs < 0) throw new StoreError(`A time must be a whole number of milliseconds since 1970, not ${String(timeMs)}.`);
  }
}
