import { StoreError } from './customer-store.js';
import { isVisitorKey } from './visitor-id.js';
import { isWellFormed } from './values/bytes.js';

/** 128 characters of Unicode are 512 bytes at most. */
const longestIdBytes = 1024;

/** Text that is not well-formed has no UTF-8, and two such ids would be one. Throws a `StoreError`. */
export function expectId(customerId: string): void {
  const bytes = Buffer.byteLength(customerId);
  if (bytes === 0 || bytes > longestIdBytes || !isWellFormed(customerId)) throw new StoreError(`A customer's id must be well-formed Unicode of 1 to ${longestIdBytes} bytes.`);
}

/** Throws a `StoreError`. */
export function expectVisitorUntil(id: string, until: number | undefined): void {
  if (!isVisitorKey(id)) return;
  if (until === undefined) throw new StoreError('A write for a visitor must say until when the visitor is kept.');
  expectTimes([until]);
}

/** Stored times are whole milliseconds from 1970 on; asked before anything is written. Throws a `StoreError`. */
export function expectTimes(timesMs: readonly number[]): void {
  for (const timeMs of timesMs) {
    if (!Number.isSafeInteger(timeMs) || timeMs < 0) throw new StoreError(`A time must be a whole number of milliseconds since 1970, not ${String(timeMs)}.`);
  }
}

/** The ends of the periods that end. */
export function endsOf(periods: readonly { readonly endsAt: number | null }[]): readonly number[] {
  return periods.flatMap(({ endsAt }) => endsAt ?? []);
}
