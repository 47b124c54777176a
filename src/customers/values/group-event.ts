import type { GroupEvent } from '../../decision/types.js';
import type { SharedState } from '../customer-store.js';
import { UnreadableValue } from './bytes.js';
import { decodeJson, encodeJson } from './json-value.js';

/** A group event with what its repetition is told by. There are few, so they are JSON behind the byte of the format. */
export interface KeptGroupEvent { readonly event: GroupEvent; readonly body: string; readonly keptUntil: number }

const format = 1;

export function encodeGroupEvent({ event: { id, source, type, occurredAt, data }, body, keptUntil }: KeptGroupEvent): Buffer {
  return encodeJson(format, [id, source, type, occurredAt, data, body, keptUntil]);
}

/** Throws `UnreadableValue`. */
export function decodeGroupEvent(bytes: Uint8Array): KeptGroupEvent {
  const parts = decodeJson(bytes, format);
  if (!Array.isArray(parts) || parts.length !== 7 || typeof parts[3] !== 'number' || typeof parts[6] !== 'number') throw new UnreadableValue('no group event');
  const [id, source, type, occurredAt, data, body, keptUntil] = parts as [string, string, string, number, GroupEvent['data'], string, number];
  return { event: { id, source, type, occurredAt, data }, body, keptUntil };
}

export function encodeRhythms(rhythms: ReadonlyMap<string, number>): Buffer {
  return encodeJson(format, [...rhythms]);
}

/** Throws `UnreadableValue`. */
export function decodeRhythms(bytes: Uint8Array): ReadonlyMap<string, number> {
  const entries = decodeJson(bytes, format);
  if (!Array.isArray(entries) || !entries.every((entry: unknown) => Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number')) throw new UnreadableValue('no rhythms');
  return new Map(entries as [string, number][]);
}

/** What is stored, with what was measured anew; `null`: nothing is said of that type any more. */
export function joinRhythms(stored: ReadonlyMap<string, number>, measured: ReadonlyMap<string, number | null>): ReadonlyMap<string, number> {
  const joined = new Map(stored);
  for (const [type, usualMs] of measured) {
    if (usualMs === null) joined.delete(type);
    else joined.set(type, usualMs);
  }
  return joined;
}

/** What is stored, in the order of the port, without what is over. */
export function sharedStateOf(kept: readonly KeptGroupEvent[], rhythms: ReadonlyMap<string, number>, now: number): SharedState {
  const groupEvents = kept.filter(({ keptUntil }) => keptUntil > now).map(({ event }) => event);
  return { groupEvents: groupEvents.sort((a, b) => a.occurredAt - b.occurredAt || compare(a.source, b.source) || compare(a.id, b.id)), rhythms };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
