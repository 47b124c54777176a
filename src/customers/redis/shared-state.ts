import { randomUUID } from 'node:crypto';
import type { GroupEventResult, GroupEventWrite, SharedState } from '../customer-store.js';
import { byBytes, type HeldShared } from '../store-holdings.js';
import { decodeGroupEvent, decodeRhythms, encodeGroupEvent, encodeRhythms, joinRhythms, sharedStateOf, type KeptGroupEvent } from '../values/group-event.js';
import type { RedisConnection } from './connection.js';
import { readable } from './customer-record.js';
import { heldSharedScript, takeSharedScript } from './holding-scripts.js';
import { outcomeField, sharedKeys } from './keys.js';
import { groupEventScript, rhythmsScript, sharedScript } from './shared-scripts.js';
import type { ReadValue } from './value-reads.js';

/** What concerns all customers: one slot. Every decision reads its version, with the customer; its content only where it has changed. */
export interface SharedStore {
  takeInForAll(write: GroupEventWrite): Promise<GroupEventResult>;
  putRhythms(rhythms: ReadonlyMap<string, number | null>): Promise<void>;
  read(now: number): Promise<SharedState>;
}

interface Known { readonly version: Buffer; readonly kept: readonly KeptGroupEvent[]; readonly rhythms: ReadonlyMap<string, number>; readonly state: SharedState; readonly until: number }

const results = { 1: 'recorded', 0: 'full' } as const;
const nothing: Known = { version: Buffer.alloc(0), kept: [], rhythms: new Map(), state: { groupEvents: [], rhythms: new Map() }, until: Infinity };

export function createSharedStore(connection: RedisConnection, prefix: string, readValue: ReadValue): SharedStore {
  const keys = keyList(prefix);
  const versionKey = sharedKeys(prefix).version;
  let known = nothing;
  return {
    takeInForAll: async ({ eventKey, body, event, now, keptUntil, most }) => {
      const answer = await connection.script(groupEventScript, keys, [outcomeField(eventKey), encodeGroupEvent({ event, body, keptUntil }), now, keptUntil, most, randomUUID()]) as number | Buffer;
      if (typeof answer === 'number') return { type: results[answer as 0 | 1] };
      const first = readable(() => decodeGroupEvent(answer));
      return first.body === body ? { type: 'repeated', occurredAt: first.event.occurredAt } : { type: 'other-body' };
    },
    putRhythms: async (rhythms) => {
      for (let written: unknown = 0; written !== 1;) {
        const stored = await connection.command('getex', sharedKeys(prefix).rhythms) as Buffer | null;
        const next = readable(() => joinRhythms(stored === null ? new Map() : decodeRhythms(stored), rhythms));
        // Where another process wrote in between, it got on: the same again, on what it wrote.
        written = await connection.script(rhythmsScript, keys, [stored ?? '', encodeRhythms(next), randomUUID()]);
      }
    },
    read: async (now) => {
      const current = await readValue(versionKey) ?? nothing.version;
      if (!current.equals(known.version)) {
        const [version, values, rhythms] = await connection.script(sharedScript, keys, []) as [Buffer | null, Buffer[], Buffer | null];
        known = readable(() => knownOf(version ?? nothing.version, values.map(decodeGroupEvent), rhythms === null ? new Map() : decodeRhythms(rhythms), now));
      } else if (now >= known.until) known = knownOf(known.version, known.kept, known.rhythms, now);
      return known.state;
    },
  };
}

function knownOf(version: Buffer, kept: readonly KeptGroupEvent[], rhythms: ReadonlyMap<string, number>, now: number): Known {
  const until = Math.min(...kept.map(({ keptUntil }) => keptUntil).filter((end) => end > now));
  return { version, kept, rhythms, until, state: sharedStateOf(kept, rhythms, now) };
}

/** For moving to another store. */
export async function heldShared(connection: RedisConnection, prefix: string, now: number): Promise<HeldShared> {
  const [fields, rhythms] = await connection.script(heldSharedScript, keyList(prefix), []) as [Buffer[], Buffer | null];
  const events = Array.from({ length: fields.length / 2 }, (_, place) => ({ name: fields[2 * place]!.toString('hex'), value: fields[2 * place + 1]! }));
  return {
    groupEvents: events.filter(({ value }) => readable(() => decodeGroupEvent(value)).keptUntil > now).sort((one, other) => byBytes(one.name, other.name)),
    rhythms,
  };
}

/** In place of what was there. */
export async function takeShared(connection: RedisConnection, prefix: string, { groupEvents, rhythms }: HeldShared): Promise<void> {
  const events = groupEvents.flatMap(({ name, value }) => [Buffer.from(name, 'hex'), value, readable(() => decodeGroupEvent(value)).keptUntil]);
  await connection.script(takeSharedScript, keyList(prefix), [randomUUID(), rhythms ?? '', ...events]);
}

function keyList(prefix: string): string[] {
  const { version, events, expiry, rhythms } = sharedKeys(prefix);
  return [version, events, expiry, rhythms];
}
