import { createHash } from 'node:crypto';
import { expectId } from '../store-values.js';
import { isWellFormed } from '../values/bytes.js';

/**
 * Keys are bytes and compare as bytes, a shorter one before what it begins. A part that others follow carries its
 * length, so that no character can pass for a separator. LMDB takes keys of up to 1,978 bytes.
 */
const longestNameBytes = 1024;
const hashBytes = 16;

/** A customer's id as its UTF-8 bytes. Throws a `StoreError`. */
export function customerKey(customerId: string): Buffer {
  expectId(customerId);
  return Buffer.from(customerId);
}

/** What every key of things that belong to a customer begins with. */
export function customerPrefix(customerId: string): Buffer {
  return withLength(customerKey(customerId));
}

export function outcomeKey(customerId: string, outcomeId: string): Buffer {
  return Buffer.concat([customerPrefix(customerId), hashOf([outcomeId])]);
}

/** Of any text: long or ill-formed ones by their hash. */
export function counterKey(counter: string): Buffer {
  const bytes = Buffer.from(counter);
  if (bytes.length <= longestNameBytes && isWellFormed(counter)) return Buffer.concat([Buffer.of(1), bytes]);
  return Buffer.concat([Buffer.of(2), hashOf([counter])]);
}

/** `heldBy`: who made the reservation; a visitor's is the customer's once they are linked. */
export function reservationKey(customerId: string, limit: string, decisionId: string, offerId: string, heldBy: string = customerId): Buffer {
  return Buffer.concat([customerPrefix(customerId), hashOf([heldBy, limit, decisionId, offerId])]);
}

/** The same reservation, or outcome, of another customer. */
export function movedTo(customerId: string, key: Buffer): Buffer {
  return Buffer.concat([customerPrefix(customerId), key.subarray(-hashBytes)]);
}

export function linkKey(customerId: string, visitor: string): Buffer {
  return Buffer.concat([customerPrefix(customerId), hashOf([visitor])]);
}

/** Of one whose customer nobody knows: an id has a byte at least, so no customer's keys begin so. */
export function ownerlessReservationKey(holder: Buffer): Buffer {
  return Buffer.concat([withLength(Buffer.alloc(0)), holder]);
}

/** What stands at the end of a reservation's key, and of its key by end; and of an outcome's key. */
export function hashAtEnd(key: Buffer): Buffer {
  return key.subarray(-hashBytes);
}

/** The name of a counter by its key; `null`: the key does not tell. */
export function counterNameOf(key: Buffer): string | null {
  return key[0] === 1 ? key.toString('utf8', 1) : null;
}

/** Orders a counter's reservations by the time that they end. */
export function reservationEndKey(counter: string, heldUntil: number, reservation: Buffer): Buffer {
  return Buffer.concat([withLength(counterKey(counter)), timeKey(heldUntil), reservation.subarray(-hashBytes)]);
}

/** A counter's reservations that end at `now` or before are [start, end). */
export function endedBy(counter: string, now: number): { readonly start: Buffer; readonly end: Buffer } {
  const start = withLength(counterKey(counter));
  return { start, end: Buffer.concat([start, timeKey(now + 1)]) };
}

export function timeOfReservationEnd(key: Buffer): number {
  return readTime(key.subarray(-hashBytes - 8));
}

/** Orders keys of other tables by the time at which what they name expires. */
export function expiryKey(expiresAt: number, key: Buffer): Buffer {
  return Buffer.concat([timeKey(expiresAt), key]);
}

export function timeOfExpiry(key: Buffer): number {
  return readTime(key);
}

/** Of what concerns all customers: group events first, by the hash of their key; `null`: where they begin. */
export function groupEventKey(eventKey: string | null): Buffer {
  return eventKey === null ? Buffer.of(1) : Buffer.concat([Buffer.of(1), hashOf([eventKey])]);
}
export const rhythmsKey = Buffer.of(2);
export const sharedVersionKey = Buffer.of(3);
export const speakingCatalogsKey = Buffer.of(4);

/** What expires at `now` or before has expiry keys below this one. */
export function expiredBy(now: number): Buffer {
  return timeKey(now + 1);
}

/** The least key above all that begin with the prefix, which begins with a length and is never all 0xff. */
export function afterPrefix(prefix: Buffer): Buffer {
  const after = Buffer.from(prefix);
  let last = after.length - 1;
  while (after[last] === 0xff) last--;
  after[last]!++;
  return after.subarray(0, last + 1);
}

function withLength(part: Buffer): Buffer {
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(part.length);
  return Buffer.concat([length, part]);
}

/** A time as 8 bytes that order as the times do: whole milliseconds, none before 1970. */
function timeKey(timeMs: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeBigUInt64BE(BigInt(timeMs));
  return key;
}

function readTime(key: Buffer): number {
  return Number(key.readBigUInt64BE(0));
}

/** 128 bits of SHA-256: a collision needs 2^64 tries. JSON keeps the parts apart, and ill-formed text distinct. */
function hashOf(parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, hashBytes);
}
