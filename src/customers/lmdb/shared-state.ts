import type { GroupEventResult, GroupEventWrite, SharedState } from '../customer-store.js';
import type { HeldShared } from '../store-holdings.js';
import { expectTimes } from '../store-values.js';
import { decodeGroupEvent, decodeRhythms, encodeGroupEvent, encodeRhythms, joinRhythms, sharedStateOf, type KeptGroupEvent } from '../values/group-event.js';
import type { Tables } from './environment.js';
import { groupEventKey, hashAtEnd, rhythmsKey, sharedVersionKey } from './keys.js';

/** What is over goes with other writes, so many looked at with each. */
const looksPerWrite = 4;

/** `CustomerStore.takeInForAll` within a transaction. Reading all of them for each that comes would stop the process for
 *  seconds where they come by the hundred: that is done only where there is no room, and not again before one ends. */
export function createGroupEventIntake(): (tables: Tables, write: GroupEventWrite, version: number) => GroupEventResult {
  let swept: Buffer | undefined;
  let full: { readonly version: Buffer | undefined; readonly until: number } | null = null;
  const hasRoom = (tables: Tables, most: number, now: number): boolean => {
    if (countOf(tables) < most) return true;
    const version = tables.shared.getBinary(sharedVersionKey);
    if (full !== null && now < full.until && version !== undefined && full.version?.equals(version) === true) return false;
    full = { version, until: removeOver(tables, now) };
    return countOf(tables) < most;
  };
  return (tables, { eventKey, body, event, now, keptUntil, most }, version) => {
    expectTimes([now, event.occurredAt, keptUntil]);
    const key = groupEventKey(eventKey);
    const stored = tables.shared.getBinary(key);
    const known = stored === undefined ? null : decodeGroupEvent(stored);
    if (known !== null && known.keptUntil > now) return known.body === body ? { type: 'repeated', occurredAt: known.event.occurredAt } : { type: 'other-body' };
    if (known === null && !hasRoom(tables, most, now)) return { type: 'full' };
    swept = removeSomeOver(tables, swept, now);
    void tables.shared.put(key, encodeGroupEvent({ event, body, keptUntil }));
    putVersion(tables, version);
    full = null;
    return { type: 'recorded' };
  };
}

/** Gives when the first of the others ends. */
function removeOver(tables: Tables, now: number): number {
  let until = Infinity;
  for (const { key, kept } of entries(tables)) {
    if (kept.keptUntil <= now) void tables.shared.remove(key);
    else until = Math.min(until, kept.keptUntil);
  }
  return until;
}

/** Gives the place where the next call goes on. */
function removeSomeOver(tables: Tables, after: Buffer | undefined, now: number): Buffer | undefined {
  let last: Buffer | undefined;
  for (const { key, kept } of entries(tables, after, looksPerWrite)) {
    last = key;
    if (kept.keptUntil <= now) void tables.shared.remove(key);
  }
  return last;
}

function countOf({ shared }: Tables): number {
  return shared.getKeysCount({ start: groupEventKey(null), end: rhythmsKey });
}

export function putRhythms(tables: Tables, rhythms: ReadonlyMap<string, number | null>, version: number): void {
  const stored = tables.shared.getBinary(rhythmsKey);
  void tables.shared.put(rhythmsKey, encodeRhythms(joinRhythms(stored === undefined ? new Map() : decodeRhythms(stored), rhythms)));
  putVersion(tables, version);
}

/** For moving to another store. */
export function heldShared(tables: Tables, now: number): HeldShared {
  const groupEvents = [...entries(tables)].filter(({ kept }) => kept.keptUntil > now).map(({ key, kept }) => ({ name: hashAtEnd(key).toString('hex'), value: encodeGroupEvent(kept) }));
  return { groupEvents, rhythms: tables.shared.getBinary(rhythmsKey) ?? null };
}

/** In place of what was there. */
export function takeShared(tables: Tables, { groupEvents, rhythms }: HeldShared, version: number): void {
  for (const { key } of entries(tables)) void tables.shared.remove(key);
  for (const { name, value } of groupEvents) void tables.shared.put(Buffer.concat([groupEventKey(null), Buffer.from(name, 'hex')]), value);
  if (rhythms === null) void tables.shared.remove(rhythmsKey);
  else void tables.shared.put(rhythmsKey, rhythms);
  putVersion(tables, version);
}

/** Reads everything only where a write came between; the version is that of the transaction that wrote last. */
export function createSharedReader(): (tables: Tables, now: number) => SharedState {
  let known: { readonly version: Buffer; readonly kept: readonly KeptGroupEvent[]; readonly rhythms: ReadonlyMap<string, number>; readonly state: SharedState; readonly until: number } | null = null;
  const empty: SharedState = { groupEvents: [], rhythms: new Map() };
  return (tables, now) => {
    const found = tables.shared.getBinaryFast(sharedVersionKey);
    if (found === undefined) return empty;
    if (known === null || !isSame(known.version, found)) {
      // Kept from call to call, so not the bytes that the next get writes over.
      const version = tables.shared.getBinary(sharedVersionKey)!;
      const rhythms = tables.shared.getBinary(rhythmsKey);
      known = withState([...entries(tables)].map(({ kept }) => kept), rhythms === undefined ? new Map() : decodeRhythms(rhythms), version, now);
    } else if (now >= known.until) known = withState(known.kept, known.rhythms, known.version, now);
    return known.state;
  };
}

/** Of the library's buffer only `length` says where the value ends. */
function isSame(version: Buffer, found: Uint8Array): boolean {
  if (version.length !== found.length) return false;
  for (let at = 0; at < version.length; at++) if (version[at] !== found[at]) return false;
  return true;
}

function withState(kept: readonly KeptGroupEvent[], rhythms: ReadonlyMap<string, number>, version: Buffer, now: number) {
  const until = Math.min(...kept.map(({ keptUntil }) => keptUntil).filter((end) => end > now));
  return { version, kept, rhythms, until, state: sharedStateOf(kept, rhythms, now) };
}

function* entries({ shared }: Tables, after: Buffer = groupEventKey(null), limit?: number): Generator<{ readonly key: Buffer; readonly kept: KeptGroupEvent }> {
  for (const { key, value } of Array.from(shared.getRange({ start: after, exclusiveStart: true, end: rhythmsKey, limit: limit ?? Infinity }))) yield { key, kept: decodeGroupEvent(value) };
}

function putVersion({ shared }: Tables, version: number): void {
  void shared.put(sharedVersionKey, Buffer.from(String(version)));
}
