import type { Agenda } from '../agenda.js';
import { UnreadableValue } from './bytes.js';

/** Few customers have one, and it is small: JSON behind the byte of the format. */
const format = 1;

export function encodeAgenda({ notes, publications, sweep }: Agenda): Buffer {
  return encode([
    notes.map(({ trigger, startedAt, state, at, reason }) => [trigger, startedAt, state, at, ...(reason === undefined ? [] : [reason])]),
    publications.map(({ id, trigger, channel, event, validUntil, attempts, nextAt }) => [id, trigger, channel, event, validUntil, attempts, nextAt]),
    sweep === undefined ? null : [sweep.after, sweep.doneAt],
  ]);
}

/** Throws `UnreadableValue`. */
export function decodeAgenda(bytes: Uint8Array): Agenda {
  return agendaOf(decode(bytes));
}

/** An agenda with when it is due and who works on it: for a store that keeps them as one value. */
export interface AgendaEntry {
  /** `null`: not before something new happens. */
  readonly dueAt: number | null;
  readonly lease: { readonly token: string; readonly until: number } | null;
  readonly agenda: Agenda;
}

export function encodeEntry({ dueAt, lease, agenda }: AgendaEntry): Buffer {
  return encode([dueAt, lease === null ? null : [lease.token, lease.until], encodeAgenda(agenda).toString('utf8', 1)]);
}

/** Throws `UnreadableValue`. */
export function decodeEntry(bytes: Uint8Array): AgendaEntry {
  const parts = decode(bytes);
  if (!Array.isArray(parts) || parts.length !== 3) throw new UnreadableValue('no entry of an agenda');
  const [dueAt, lease, agenda] = parts as [number | null, [string, number] | null, string];
  return { dueAt, lease: lease === null ? null : { token: lease[0], until: lease[1] }, agenda: agendaOf(parse(agenda)) };
}

function agendaOf(value: unknown): Agenda {
  if (!Array.isArray(value) || value.length !== 3 || !value.slice(0, 2).every(isListOfLists)) throw new UnreadableValue('no agenda');
  const [notes, publications, sweep] = value as [[string, number, Agenda['notes'][number]['state'], number, string?][], [string, string, string, string, number, number, number][], [string | null, number | null] | null];
  return {
    notes: notes.map(([trigger, startedAt, state, at, reason]) => ({ trigger, startedAt, state, at, reason })),
    publications: publications.map(([id, trigger, channel, event, validUntil, attempts, nextAt]) => ({ id, trigger, channel, event, validUntil, attempts, nextAt })),
    ...(sweep !== null && { sweep: { after: sweep[0], doneAt: sweep[1] } }),
  };
}

function isListOfLists(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Array.isArray(each));
}

function encode(value: unknown): Buffer {
  return Buffer.concat([Buffer.of(format), Buffer.from(JSON.stringify(value))]);
}

function decode(bytes: Uint8Array): unknown {
  // Not `byteLength`: LMDB gives a longer buffer, with the length of the value.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer[0] !== format) throw new UnreadableValue(`unknown format ${String(buffer[0])}`);
  return parse(buffer.toString('utf8', 1));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableValue('no JSON');
  }
}
