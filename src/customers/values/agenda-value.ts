import type { TriggerNote } from '../../decision/outlook.js';
import { emptyAgenda, type Agenda } from '../agenda.js';
import { UnreadableValue, createReader, readFormat } from './bytes.js';
import { encodeJson, jsonTextOf, parseJson } from './json-value.js';

/** Few customers have one, and it is small: JSON. What hangs on partners' data stands in a
 *  second line (JSON has none in it), so that a store can take it off without reading the rest. */
const format = 1;

export function encodeAgenda({ notes, publications, sweep }: Agenda): Buffer {
  const part = (isPartners: boolean): readonly [readonly StoredNote[], readonly StoredPublication[]] => [
    notes.filter(({ fromPartner }) => (fromPartner === true) === isPartners).map(({ trigger, startedAt, state, at, until, reason }) => [trigger, startedAt, state, at, until ?? null, reason ?? null]),
    publications.filter(({ fromPartner }) => (fromPartner === true) === isPartners).map(storedPublication),
  ];
  const theirs = part(true);
  const own = encodeJson(format, [...part(false), ...(sweep === undefined ? [] : [[sweep.after, sweep.doneAt]])]);
  return theirs.every(({ length }) => length === 0) ? own : Buffer.concat([own, Buffer.from(`\n${JSON.stringify(theirs)}`)]);
}

function storedPublication({ id, trigger, channel, event, validUntil, attempts, nextAt, neverTaken }: Agenda['publications'][number]): StoredPublication {
  const stored = [id, trigger, channel, event, validUntil, attempts, nextAt] as const;
  return neverTaken === true ? [...stored, 1] : stored;
}

/** Throws `UnreadableValue`. */
export function decodeAgenda(bytes: Uint8Array): Agenda {
  return agendaOf(jsonTextOf(bytes, format));
}

/** What `encodeAgenda` made, without what hangs on partners' data; it need not be readable. */
export function ownPartOf(agenda: Buffer): Buffer {
  const end = agenda.indexOf('\n');
  return end < 0 ? agenda : agenda.subarray(0, end);
}

const empty = encodeAgenda(emptyAgenda);

export function holdsNothing(agenda: Buffer): boolean {
  return agenda.equals(empty);
}

/** An agenda with when it is due and who works on it: for a store that keeps them as one value. They stand in a line in front,
 *  so that an agenda that cannot be read can be set aside, replaced and removed all the same. */
export interface AgendaEntry {
  /** `null`: not before something new happens. */
  readonly dueAt: number | null;
  readonly lease: { readonly token: string; readonly until: number } | null;
  /** As `encodeAgenda` makes it. */
  readonly agenda: Buffer;
}

export function encodeEntry({ dueAt, lease, agenda }: AgendaEntry): Buffer {
  return Buffer.concat([encodeJson(format, [dueAt, lease === null ? null : [lease.token, lease.until]]), Buffer.from('\n'), agenda]);
}

/** Throws `UnreadableValue`, but not for the agenda. */
export function decodeEntry(bytes: Buffer): AgendaEntry {
  readFormat(createReader(bytes), format);
  const end = bytes.indexOf('\n');
  if (end < 0) throw new UnreadableValue('no entry of an agenda');
  const parts = parseJson(bytes.toString('utf8', 1, end));
  if (!isHead(parts)) throw new UnreadableValue('no entry of an agenda');
  const [dueAt, lease] = parts;
  return { dueAt, lease: lease === null ? null : { token: lease[0], until: lease[1] }, agenda: bytes.subarray(end + 1) };
}

type EntryHead = readonly [dueAt: number | null, lease: readonly [token: string, until: number] | null];

function isHead(value: unknown): value is EntryHead {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [dueAt, lease] = value as readonly unknown[];
  return (dueAt === null || isTime(dueAt)) && (lease === null || (Array.isArray(lease) && lease.length === 2 && typeof lease[0] === 'string' && isTime(lease[1])));
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

type StoredNote = readonly [trigger: string, startedAt: number, state: TriggerNote['state'], at: number, until: number | null, reason: string | null];
type StoredPublication = readonly [id: string, trigger: string, channel: string, event: string, validUntil: number, attempts: number, nextAt: number, neverTaken?: 1];
type StoredSweep = readonly [after: string | null, doneAt: number | null];

function agendaOf(text: string): Agenda {
  const [own, theirs, ...others] = text.split('\n').map(parseJson);
  if (others.length > 0) throw new UnreadableValue('no agenda');
  const ours = partOf(own, {});
  const partners = theirs === undefined ? { notes: [], publications: [], sweep: undefined } : partOf(theirs, { fromPartner: true });
  return {
    notes: [...ours.notes, ...partners.notes],
    publications: [...ours.publications, ...partners.publications],
    ...(ours.sweep !== undefined && { sweep: { after: ours.sweep[0], doneAt: ours.sweep[1] } }),
  };
}

function partOf(value: unknown, mark: { readonly fromPartner?: true }): Omit<Agenda, 'sweep'> & { readonly sweep: StoredSweep | undefined } {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 3) || !value.slice(0, 2).every(isListOfLists)) throw new UnreadableValue('no agenda');
  const [notes, publications, sweep] = value as [StoredNote[], StoredPublication[], StoredSweep?];
  return {
    notes: notes.map(([trigger, startedAt, state, at, until, reason]) => ({ trigger, startedAt, state, at, ...(until !== null && { until }), ...(reason !== null && { reason }), ...mark })),
    publications: publications.map(([id, trigger, channel, event, validUntil, attempts, nextAt, neverTaken]) => ({ id, trigger, channel, event, validUntil, attempts, nextAt, ...(neverTaken === 1 && { neverTaken: true as const }), ...mark })),
    sweep,
  };
}

function isListOfLists(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Array.isArray(each));
}
