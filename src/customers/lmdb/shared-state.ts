import type { GroupEventResult, GroupEventWrite, SharedState } from '../customer-store.js';
import type { HeldShared } from '../store-holdings.js';
import { expectTimes } from '../store-values.js';
import { decodeGroupEvent, decodeRhythms, encodeGroupEvent, encodeRhythms, sharedStateOf, type KeptGroupEvent } from '../values/group-event.js';
import type { Tables } from './environment.js';
import { groupEventKey, hashAtEnd, rhythmsKey, sharedVersionKey } from './keys.js';

/** `CustomerStore.takeInForAll` within a transaction. What is over goes first. */
export function takeInForAll(tables: Tables, { eventKey, body, event, now, keptUntil, most }: GroupEventWrite, version: number): GroupEventResult {
  expectTimes([now, event.occurredAt, keptUntil]);
  const key = groupEventKey(eventKey);
  let count = 0;
  for (const { key: other, kept } of entries(tables)) {
    if (kept.keptUntil <= now) void tables.shared.remove(other);
    else if (other.equals(key)) return { type: kept.body === body ? 'repeated' : 'other-body' };
    else count++;
  }
  if (count >= most) return { type: 'full' };
  void tables.shared.put(key, encodeGroupEvent({ event, body, keptUntil }));
  putVersion(tables, version);
  return { type: 'recorded' };
}

export function putRhythms(tables: Tables, rhythms: ReadonlyMap<string, number>, version: number): void {
  void tables.shared.put(rhythmsKey, encodeRhythms(rhythms));
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
    // Kept from call to call, so not the bytes that the next get writes over.
    const version = tables.shared.getBinary(sharedVersionKey);
    if (version === undefined) return empty;
    if (known === null || !known.version.equals(version)) {
      const rhythms = tables.shared.getBinary(rhythmsKey);
      known = withState([...entries(tables)].map(({ kept }) => kept), rhythms === undefined ? new Map() : decodeRhythms(rhythms), version, now);
    } else if (now >= known.until) known = withState(known.kept, known.rhythms, known.version, now);
    return known.state;
  };
}

function withState(kept: readonly KeptGroupEvent[], rhythms: ReadonlyMap<string, number>, version: Buffer, now: number) {
  const until = Math.min(...kept.map(({ keptUntil }) => keptUntil).filter((end) => end > now));
  return { version, kept, rhythms, until, state: sharedStateOf(kept, rhythms, now) };
}

function* entries({ shared }: Tables): Generator<{ readonly key: Buffer; readonly kept: KeptGroupEvent }> {
  for (const { key, value } of Array.from(shared.getRange({ start: groupEventKey(null), end: rhythmsKey }))) yield { key, kept: decodeGroupEvent(value) };
}

function putVersion({ shared }: Tables, version: number): void {
  void shared.put(sharedVersionKey, Buffer.from(String(version)));
}
