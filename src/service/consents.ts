import type { ConsentRecord, StoredProfile } from '../customers/customer-store.js';
import type { Detail } from '../errors.js';
import type { ConsentWrite } from './openapi-types.js';

/** What a profile holds of consent. `consents` are those in force; without records, they are from before there were any. */
export type ConsentState = Pick<StoredProfile, 'consents' | 'consentRecords' | 'objection'>;

/** What a call says of consent; `undefined`: nothing. */
export interface ConsentChange {
  readonly consents: readonly ConsentWrite[] | undefined;
  readonly objection: boolean | undefined;
}

export type ConsentResult = { readonly ok: true; readonly state: ConsentState } | { readonly ok: false; readonly errors: readonly Detail[] };

export const mostRecords = 200;
/** As many as a call can list, so that what GET gives can be sent back. */
const mostOpen = 100;
/** How far ahead of ours another system's clock may be; such a time counts as now. */
const clockSkewMs = 5 * 60_000;

/**
 * The consents after a call, with their history. What is listed is given, or confirmed where it was pending; what was
 * open and is not listed is withdrawn. Two things are not left out by not being listed, since nobody sees them listed:
 * a pending consent, and one that an objection suspends which the call itself states again.
 */
export function changeConsents(before: ConsentState, change: ConsentChange, now: number): ConsentResult {
  const objection = change.objection ?? before.objection === true;
  if (change.consents === undefined && objection === (before.objection === true)) return { ok: true, state: before };
  const read = readListed(change.consents ?? [], now);
  if (!read.ok) return read;
  const { listed } = read;
  const staysSuspended = before.objection === true && change.objection === true;

  const records: ConsentRecord[] = [];
  for (const record of adopted(before, now)) {
    const given = listed.get(record.purpose);
    const isKept = change.consents === undefined || record.status === 'pending' || staysSuspended;
    if (record.status === 'withdrawn') records.push(record);
    else if (given === undefined) records.push(isKept ? record : closed(record, now));
    else if (!continues(record, given)) records.push(closed(record, now));
    else {
      listed.delete(record.purpose);
      records.push(record.status === given.status ? record : { ...given, ...withoutAbsent(record), status: 'confirmed', confirmedAt: Math.max(record.givenAt, given.confirmedAt ?? now) });
    }
  }
  for (const given of listed.values()) records.push(opened(given, now));
  const errors = tooMany(records);
  if (errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    state: {
      consents: objection ? [] : inOrder(confirmedPurposes(records), change.consents ?? before.consents),
      consentRecords: records.toSorted((one, other) => one.givenAt - other.givenAt),
      objection: objection ? true : undefined,
    },
  };
}

/** A history that is brought as a whole. */
export interface BroughtConsents {
  readonly consentRecords: readonly ConsentRecord[];
  /** May be left out, or must be what is in force by what is brought. */
  readonly consents: readonly ConsentWrite[] | undefined;
  readonly objection: boolean | undefined;
}

/** A history that takes the place of another, as an export gives it. An objection that it does not speak of stays. */
export function restoreConsents(before: ConsentState, { consentRecords, consents, objection }: BroughtConsents, now: number): ConsentResult {
  const errors = [...tooMany(consentRecords)];
  const open = new Set<string>();
  consentRecords.forEach(({ purpose, status, givenAt, confirmedAt, withdrawnAt }, place) => {
    const at = (member: string, detail: string): number => errors.push({ pointer: `/consentRecords/${place}/${member}`, detail });
    if ((status === 'withdrawn') !== (withdrawnAt !== undefined)) at('withdrawnAt', 'belongs to a record that is withdrawn, and to no other');
    if (status === 'pending' && confirmedAt !== undefined) at('confirmedAt', 'does not go with a record that is pending');
    if (status === 'confirmed' && confirmedAt === undefined) at('confirmedAt', 'is missing in a record that is confirmed');
    for (const [member, time] of Object.entries({ givenAt, confirmedAt, withdrawnAt })) {
      if (time !== undefined && time < 0) at(member, 'lies before 1970');
      if (time !== undefined && time > now + clockSkewMs) at(member, 'lies in the future');
    }
    if (status !== 'withdrawn' && open.has(purpose)) at('purpose', `"${purpose}" has an open record before this one`);
    if (status !== 'withdrawn') open.add(purpose);
  });
  const inForce = objection === true ? [] : confirmedPurposes(consentRecords);
  const listed = consents?.map((each) => (typeof each === 'string' ? each : each.purpose)) ?? inForce;
  if (new Set(listed).size !== inForce.length || listed.some((purpose) => !inForce.includes(purpose))) {
    errors.push({ pointer: '/consents', detail: `does not fit consentRecords${objection === true ? ' and the objection' : ''}, by which there is in force: ${inForce.join(', ') || 'none'}; leave it out` });
  }
  if (errors.length > 0) return { ok: false, errors };
  const stands = objection ?? before.objection === true;
  return { ok: true, state: { consents: stands ? [] : inOrder(inForce, listed), consentRecords: consentRecords.toSorted((one, other) => one.givenAt - other.givenAt), objection: stands ? true : undefined } };
}

type Listed = Omit<ConsentRecord, 'givenAt' | 'withdrawnAt'> & { readonly givenAt?: number | undefined };

/** By purpose, in order; the same name twice is once, as ever. */
function readListed(items: readonly ConsentWrite[], now: number): { ok: true; listed: Map<string, Listed> } | { ok: false; errors: readonly Detail[] } {
  const listed = new Map<string, Listed>();
  const named = new Map<string, ConsentWrite>();
  const errors: Detail[] = [];
  for (const [place, item] of items.entries()) {
    const { purpose, status = 'confirmed', basis, textVersion, source, ...times } = typeof item === 'string' ? { purpose: item } : item;
    if (named.has(purpose) && (typeof item !== 'string' || typeof named.get(purpose) !== 'string')) errors.push({ pointer: `/consents/${place}${typeof item === 'string' ? '' : '/purpose'}`, detail: `"${purpose}" is listed twice` });
    named.set(purpose, item);
    const timeOf = (member: 'givenAt' | 'confirmedAt'): number | undefined => {
      const text = times[member];
      if (text === undefined) return undefined;
      const time = Date.parse(text);
      const problem = time < 0 ? 'lies before 1970' : time > now + clockSkewMs ? 'lies in the future' : null;
      if (problem !== null) errors.push({ pointer: `/consents/${place}/${member}`, detail: problem });
      return Math.min(time, now);
    };
    const [givenAt, confirmedAt] = [timeOf('givenAt'), timeOf('confirmedAt')];
    if (confirmedAt !== undefined && status === 'pending') errors.push({ pointer: `/consents/${place}/confirmedAt`, detail: 'does not go with a consent that is pending' });
    if (confirmedAt !== undefined && givenAt !== undefined && confirmedAt < givenAt) errors.push({ pointer: `/consents/${place}/confirmedAt`, detail: 'lies before givenAt' });
    listed.set(purpose, { purpose, status, basis, textVersion, source, givenAt, confirmedAt });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, listed };
}

/** True where what is listed is the consent of this open record: whatever is said of both is the same. A confirmed one
 *  says all of itself, so that its evidence is never changed afterwards. */
function continues(record: ConsentRecord, given: Listed): boolean {
  if (record.status === 'confirmed' && given.status === 'pending') return false;
  const confirms = record.status === 'pending' && given.status === 'confirmed';
  return (['basis', 'textVersion', 'source', 'givenAt', ...(confirms ? [] : ['confirmedAt'] as const)] as const).every((member) =>
    given[member] === undefined || given[member] === record[member] || (confirms && record[member] === undefined));
}

function opened(given: Listed, now: number): ConsentRecord {
  const { status, givenAt, confirmedAt } = given;
  return { ...given, givenAt: givenAt ?? confirmedAt ?? now, ...(status === 'confirmed' && { confirmedAt: confirmedAt ?? givenAt ?? now }) };
}

function closed(record: ConsentRecord, now: number): ConsentRecord {
  return { ...record, status: 'withdrawn', withdrawnAt: now };
}

/** The history; consents of before there was one get a record now. */
function adopted({ consents, consentRecords = [] }: ConsentState, now: number): readonly ConsentRecord[] {
  const known = new Set(confirmedPurposes(consentRecords));
  return [...consentRecords, ...[...new Set(consents)].filter((purpose) => !known.has(purpose)).map((purpose) => ({ purpose, status: 'confirmed', givenAt: now, confirmedAt: now } as const))];
}

function confirmedPurposes(records: readonly ConsentRecord[]): readonly string[] {
  return records.filter(({ status }) => status === 'confirmed').map(({ purpose }) => purpose);
}

/** Those in force, first in the order in which they were listed. */
function inOrder(inForce: readonly string[], listed: readonly ConsentWrite[]): readonly string[] {
  const wanted = new Set(inForce);
  return [...new Set([...listed.map((each) => (typeof each === 'string' ? each : each.purpose)).filter((purpose) => wanted.has(purpose)), ...inForce])];
}

function tooMany(records: readonly ConsentRecord[]): readonly Detail[] {
  if (records.length > mostRecords) return [{ pointer: '/consents', detail: `would make ${records.length} consent records; a customer has at most ${mostRecords}, withdrawn ones included` }];
  const open = records.filter(({ status }) => status !== 'withdrawn').length;
  return open > mostOpen ? [{ pointer: '/consents', detail: `would make ${open} open consents, pending and suspended ones included; a customer has at most ${mostOpen}` }] : [];
}

function withoutAbsent(record: ConsentRecord): ConsentRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as unknown as ConsentRecord;
}
