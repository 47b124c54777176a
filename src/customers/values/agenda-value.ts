import type { TriggerNote } from '../../decision/outlook.js';
import type { Agenda } from '../agenda.js';
import { UnreadableValue } from './bytes.js';
import { decodeJson, encodeJson, jsonTextOf, parseJson } from './json-value.js';

/** Few customers have one, and it is small: JSON. What hangs on partners' data stands in a
 *  second line (JSON has none in it), so that a store can take it off without reading the rest. */
const format = 1;

export function encodeAgenda({ notes, publications, sweep }: Agenda): Buffer {
  const part = (isPartners: boolean): readonly [readonly StoredNote[], readonly StoredPublication[]] => [
    notes.filter(({ fromPartner }) => (fromPartner === true) === isPartners).map(({ trigger, startedAt, state, at, until, reason }) => [trigger, startedAt, state, at, until ?? null, reason ?? null]),
    publications.filter(({ fromPartner }) => (fromPartner === true) === isPartners).map(({ id, trigger, channel, event, validUntil, attempts, nextAt }) => [id, trigger, channel, event, validUntil, attempts, nextAt]),
  ];
  const theirs = part(true);
  const own = encodeJson(format, [...part(false), ...(sweep === undefined ? [] : [[sweep.after, sweep.doneAt]])]);
  return theirs.every(({ length }) => length === 0) ? own : Buffer.concat([own, Buffer.from(`\n${JSON.stringify(theirs)}`)]);
}

/** Throws `UnreadableValue`. */
export function decodeAgenda(bytes: Uint8Array): Agenda {
  return agendaOf(jsonTextOf(bytes, format));
}

/** An agenda with when it is due and who works on it: for a store that keeps them as one value. */
export interface AgendaEntry {
  /** `null`: not before something new happens. */
  readonly dueAt: number | null;
  readonly lease: { readonly token: string; readonly until: number } | null;
  readonly agenda: Agenda;
}

export function encodeEntry({ dueAt, lease, agenda }: AgendaEntry): Buffer {
  return encodeJson(format, [dueAt, lease === null ? null : [lease.token, lease.until], encodeAgenda(agenda).toString('utf8', 1)]);
}

/** Throws `UnreadableValue`. */
export function decodeEntry(bytes: Uint8Array): AgendaEntry {
  const parts = decodeJson(bytes, format);
  if (!Array.isArray(parts) || parts.length !== 3) throw new UnreadableValue('no entry of an agenda');
  const [dueAt, lease, agenda] = parts as [number | null, [string, number] | null, string];
  return { dueAt, lease: lease === null ? null : { token: lease[0], until: lease[1] }, agenda: agendaOf(agenda) };
}

type StoredNote = readonly [trigger: string, startedAt: number, state: TriggerNote['state'], at: number, until: number | null, reason: string | null];
type StoredPublication = readonly [id: string, trigger: string, channel: string, event: string, validUntil: number, attempts: number, nextAt: number];
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
    publications: publications.map(([id, trigger, channel, event, validUntil, attempts, nextAt]) => ({ id, trigger, channel, event, validUntil, attempts, nextAt, ...mark })),
    sweep,
  };
}

function isListOfLists(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Array.isArray(each));
}
