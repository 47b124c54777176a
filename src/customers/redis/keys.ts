import { createHmac, hash } from 'node:crypto';
import { isVisitorKey } from '../visitor-id.js';

/**
 * Names of keys. All keys of a customer are in one slot: that of the customer's bucket, one of 256, whose tag stands in
 * braces before anything else, so that no character of a name can change the slot. A bucket has an index of its
 * customers' ids, which is thereby written in the same step as they are. A counter of a limit has a slot of its own.
 *
 * Ids are hashed in keys; in clear they stand in the bucket's index, a customer's list of visitors, and a visitor's link,
 * which go with the customer. A visitor has the same keys, but for the index and the list, and a value under another name,
 * with the id in it, by which visitors are found among all keys (`visitorValues`) when everything is moved.
 */
export interface CustomerKeys {
  /** The customer, as customer-value.ts. */
  readonly value: string;
  /** Hash: answered outcomes by the hash of their id; and a sorted set of the same by their expiry. */
  readonly outcomes: string;
  readonly outcomeExpiry: string;
  /** Hash: in which counter the customer's reservations are, by holder. */
  readonly holds: string;
  /** Hashes by attempt: contacts written whose limits are not confirmed yet, and attempts that must not be written. */
  readonly committed: string;
  readonly aborted: string;
  /** Hashes: the customer's visitors, by their id; and links by theirs that must not be made. */
  readonly links: string;
  readonly calledOff: string;
  /** The bucket's ids: a sorted set in the order of their bytes. */
  readonly ids: string;
  /** What we have to say by ourselves, as agenda-value.ts. */
  readonly agenda: string;
  readonly due: DueKeys;
}

/** Of a bucket: its customers' ids by the time at which somebody must look (when they are due; while they are leased, when
 *  the lease ends); hashes by id: who holds the lease, and when a leased one became due meanwhile. */
export interface DueKeys { readonly at: string; readonly leases: string; readonly woken: string }

export interface CounterKeys {
  /** How many are confirmed. */
  readonly confirmed: string;
  /** Sorted set of holders by the end of their reservation. */
  readonly reserved: string;
  /** Sorted set of entries that are being confirmed, by the time from which on anybody may find out what became of them;
   *  and what is known of each, with the counter's name and the end of its period. */
  readonly pending: string;
  readonly details: string;
}

const hashBytes = 16;
const hashCharacters = 22;
const slots = 16_384;
const buckets = 256;

/** One tag for each bucket, spread evenly over the slots: whatever nodes a cluster has, each gets its share. */
export const bucketTags: readonly string[] = evenTags();

/** The only key that a read needs. */
export function valueKey(prefix: string, customerId: string): string {
  return keyAt(prefix, placeOf(customerId), isVisitorKey(customerId) ? 'v' : 'c');
}

export function customerKeys(prefix: string, customerId: string): CustomerKeys {
  return { ...customerKeysOf(prefix, placeOf(customerId)), value: valueKey(prefix, customerId) };
}

/** A pattern (SCAN) of all visitors' values. */
export function visitorValues(prefix: string): string {
  return `${prefix}:{*}:${'?'.repeat(hashCharacters)}:v`;
}

/** What stands for a customer in a counter: enough to find the customer's keys, and no id. */
export function placeOf(customerId: string): string {
  const name = hash('sha256', customerId, 'base64url');
  // The first 8 bits are the first character's 6 and 2 of the next: cheaper than a buffer.
  const bucket = (digitOf(name, 0) << 2) | (digitOf(name, 1) >> 4);
  return `{${bucketTags[bucket]!}}:${name.slice(0, hashCharacters)}`;
}

/** Where a customer's tombstone is: under a name that only who has the salt can tell from the id (HMAC-SHA-256, RFC 2104).
 *  `moved`: `null` where none came from another store. */
export interface TombstoneKeys {
  /** In the customer's slot. */
  readonly own: string;
  readonly moved: string | null;
}

export function tombstoneKeys(prefix: string, salt: string, hasMoved: boolean, customerId: string): TombstoneKeys {
  const place = placeOf(customerId);
  const name = createHmac('sha256', salt).update(customerId).digest();
  return {
    own: `${prefix}:${place.slice(0, place.indexOf('}') + 1)}:${name.toString('base64url')}:t`,
    moved: hasMoved ? movedTombstoneKey(prefix, name.toString('hex')) : null,
  };
}

/** A tombstone that came from another store, which names no slot of its customer. */
export function movedTombstoneKey(prefix: string, name: string): string {
  return `${prefix}:moved:${Buffer.from(name, 'hex').toString('base64url')}:t`;
}

/** Says that there are such tombstones. */
export function movedTombstonesKey(prefix: string): string {
  return `${prefix}:moved`;
}

/** A pattern (SCAN) of all tombstones' keys, and the name of one, in hexadecimal. */
export function tombstoneKeysOf(prefix: string): string {
  return `${prefix}:*:t`;
}

export function tombstoneNameOf(key: string): string {
  return Buffer.from(key.split(':').at(-2)!, 'base64url').toString('hex');
}

export function customerKeysOf(prefix: string, place: string): CustomerKeys {
  const key = (name: string): string => keyAt(prefix, place, name);
  return {
    value: key('c'), outcomes: key('o'), outcomeExpiry: key('x'), holds: key('h'), committed: key('k'), aborted: key('a'), links: key('l'), calledOff: key('u'),
    ids: idsKey(prefix, place.slice(1, place.indexOf('}'))), agenda: key('g'), due: dueKeys(prefix, place.slice(1, place.indexOf('}'))),
  };
}

function keyAt(prefix: string, place: string, name: string): string {
  return `${prefix}:${place}:${name}`;
}

export function idsKey(prefix: string, tag: string): string {
  return `${prefix}:{${tag}}:i`;
}

export function dueKeys(prefix: string, tag: string): DueKeys {
  const key = (name: string): string => `${prefix}:{${tag}}:${name}`;
  return { at: key('w'), leases: key('l'), woken: key('n') };
}

export function counterKeys(prefix: string, counter: string): CounterKeys {
  return counterKeysAt(`${prefix}:{${hashOf(['counter', counter]).toString('base64url')}}`);
}

/** `tag`: what the keys of a counter begin with. */
export function counterKeysAt(tag: string): CounterKeys {
  return { confirmed: `${tag}:n`, reserved: `${tag}:r`, pending: `${tag}:p`, details: `${tag}:d` };
}

/** A pattern (SCAN) of all counters' keys, and the tag of one. */
export function counterKeysOf(prefix: string): string {
  return `${prefix}:{${'?'.repeat(hashCharacters)}}:[nrpd]`;
}

export function counterTagOf(key: string): string {
  return key.slice(0, -2);
}

export function secretKey(prefix: string, name: string): string {
  return `${prefix}:secret:${hashOf(['secret', name]).toString('base64url')}`;
}

/** What concerns all customers, in one slot: group events by key and by the end of their keeping, the population's rhythms,
 *  and a version that every write changes; and which catalog speaks by itself. */
export function sharedKeys(prefix: string): { readonly version: string; readonly events: string; readonly expiry: string; readonly rhythms: string; readonly catalogs: string } {
  const key = (name: string): string => `${prefix}:{shared}:${name}`;
  return { version: key('v'), events: key('e'), expiry: key('x'), rhythms: key('r'), catalogs: key('c') };
}

export function formatKey(prefix: string): string {
  return `${prefix}:format`;
}

/** Who holds a reservation. */
export function holderOf(customerId: string, limit: string, decisionId: string, offerId: string): Buffer {
  return hashOf([customerId, limit, decisionId, offerId]);
}

/** Who holds it for a customer: that, or a visitor who became the customer. `holds`: the customer's. */
export function holderFor(customerId: string, holds: ReadonlyMap<string, { readonly heldBy?: string | undefined }>, limit: string, decisionId: string, offerId: string): Buffer {
  const visitors = new Set(Array.from(holds.values(), ({ heldBy }) => heldBy ?? customerId));
  const holders = [customerId, ...visitors].map((each) => holderOf(each, limit, decisionId, offerId));
  return holders.find((holder) => holds.has(holder.toString('hex'))) ?? holders[0]!;
}

/** Who takes room without a decision, so that a second try of the same outcome knows the first. */
export function taker(customerId: string, limit: string, outcomeId: string): Buffer {
  return hashOf([customerId, limit, outcomeId]);
}

export function outcomeField(outcomeId: string): Buffer {
  return hashOf([outcomeId]);
}

/** 128 bits of SHA-256: a collision needs 2^64 tries. JSON keeps the parts apart, and ill-formed text distinct. */
function hashOf(parts: readonly string[]): Buffer {
  return hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, hashBytes);
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function digitOf(text: string, place: number): number {
  return digits.indexOf(text[place]!);
}

function evenTags(): readonly string[] {
  const tags: string[] = Array.from({ length: buckets }, () => '');
  let missing = buckets;
  for (let number = 0; missing > 0; number++) {
    const bucket = Math.floor(slotOf(String(number)) / (slots / buckets));
    if (tags[bucket] !== '') continue;
    tags[bucket] = String(number);
    missing--;
  }
  return tags;
}

/** CRC-16/XMODEM of an ASCII text, as the Redis Cluster specification has it. */
function slotOf(text: string): number {
  let crc = 0;
  for (let place = 0; place < text.length; place++) {
    crc ^= text.charCodeAt(place) << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  }
  return (crc & 0xffff) % slots;
}
