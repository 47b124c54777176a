import type { Contact, CustomerEvents, Outcome } from '../../decision/types.js';
import type { CustomerVersions, StoredProfile } from '../customer-store.js';
import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, createReader, createWriter, expectEnd, readByte, readCount, readDouble, readFormat, readNumber, readSigned, readText, writeByte, writeDouble, writeNumber, writeSigned, writeText, written } from './bytes.js';
import { noEvents } from '../event-ledger.js';
import { enterEvents, readEvents, writeEvents } from './customer-events.js';
import { enterRecords, readRecords, writeRecords } from './consent-records.js';
import { createStringTable, enterString, readString, readStrings, writePlace, writeStringTable, type StringTable } from './string-table.js';

/**
 * A customer as one value, so that one get reads all that a decision needs.
 *
 *     5                         format
 *     profileVersion, ledgerVersion
 *     text                      profile as JSON, without the consent records
 *     count, lengths, text      the distinct strings of contacts and records, as one text cut by length (UTF-16 units):
 *                               one native call for all of them, against one for each
 *     count, 16 bytes each      the UUIDs among them
 *     count, contacts           flags, time since the contact before (the first: since 1970), places of its strings
 *     count + 1, records        0: there is no list of them; flags and status, places of its strings, givenAt, and the
 *                               other times since then
 *     trails, matches           what is kept of the customer's events: customer-events.ts
 *
 * 50 contacts of 25 decisions with UUIDs are 2.1 kB and decode in 7 µs, where JSON has 8.6 kB and takes 27 µs. Format 1
 * ends after the contacts, format 2 after the records; both have the UUIDs among the texts. In format 3 no match has an end, in
 * format 4 no contact a trigger.
 */
export interface CustomerValue {
  readonly profile: StoredProfile;
  readonly contacts: readonly Contact[];
  readonly events: CustomerEvents;
  readonly profileVersion: number;
  readonly ledgerVersion: number;
}

/** Of whom nothing is known yet: a visitor, or a customer who came by an event. */
export function bareCustomer(version: number): CustomerValue {
  return { profile: { attributes: {}, consents: [], holdings: [] }, contacts: [], events: noEvents, profileVersion: version, ledgerVersion: version };
}

const format = 5;
const hasDecision = 1;
const hasOffer = 2;
const hasKind = 4;
const hasActivity = 8;
const hasPlacement = 16;
const hasReason = 32;
const hasValue = 64;
const hasTrigger = 128;

export function encodeCustomer({ profile, contacts, events, profileVersion, ledgerVersion }: CustomerValue): Buffer {
  const writer = createWriter(512 + contacts.length * 64);
  writeByte(writer, format);
  writeNumber(writer, profileVersion);
  writeNumber(writer, ledgerVersion);
  const { attributes, consents, holdings, timeZone, locale, objection, consentRecords } = profile;
  writeText(writer, JSON.stringify({ attributes, consents, holdings, timeZone, locale, objection }));

  const table = createStringTable();
  const entries = enterContacts(table, contacts);
  enterRecords(table, consentRecords);
  enterEvents(table, events);
  writeStringTable(writer, table);
  writeContacts(writer, contacts, table, entries);
  writeRecords(writer, consentRecords, table);
  writeEvents(writer, events, table);
  return written(writer);
}

const mostStrings = 9;

/** Gives the entries of all their strings, one behind the other: asked for each string once, not again when it is written. */
function enterContacts(table: StringTable, contacts: readonly Contact[]): Int32Array {
  const entries = new Int32Array(contacts.length * mostStrings);
  let count = 0;
  // In the order of the format.
  for (const { outcome, channel, decisionId, offerId, kind, activity, placement, reason, trigger } of contacts) {
    entries[count++] = enterString(table, outcome);
    entries[count++] = enterString(table, channel);
    if (decisionId !== undefined) entries[count++] = enterString(table, decisionId);
    if (offerId !== undefined) entries[count++] = enterString(table, offerId);
    if (kind !== undefined) entries[count++] = enterString(table, kind);
    if (activity !== undefined) entries[count++] = enterString(table, activity);
    if (placement !== undefined) entries[count++] = enterString(table, placement);
    if (reason !== undefined) entries[count++] = enterString(table, reason);
    if (trigger !== undefined) entries[count++] = enterString(table, trigger);
  }
  return entries;
}

function writeContacts(writer: Writer, contacts: readonly Contact[], table: StringTable, entries: Int32Array): void {
  writeNumber(writer, contacts.length);
  let before = 0;
  let place = 0;
  for (const { decisionId, offerId, kind, activity, placement, occurredAt, reason, value, trigger } of contacts) {
    const flags =
      (decisionId === undefined ? 0 : hasDecision) | (offerId === undefined ? 0 : hasOffer) | (kind === undefined ? 0 : hasKind) |
      (activity === undefined ? 0 : hasActivity) | (placement === undefined ? 0 : hasPlacement) | (reason === undefined ? 0 : hasReason) |
      (value === undefined ? 0 : hasValue) | (trigger === undefined ? 0 : hasTrigger);
    writeByte(writer, flags);
    writeSigned(writer, occurredAt - before);
    before = occurredAt;
    // Outcome and channel, and one for each flag but that of the value.
    for (let left = 2 + countOfBits(flags & ~hasValue); left > 0; left--) writePlace(writer, table, entries[place++]!);
    if (value !== undefined) writeDouble(writer, value);
  }
}

function countOfBits(flags: number): number {
  let count = 0;
  for (let rest = flags; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** What stands in every format behind its byte, and in no two states of a customer alike. */
export function versionBytes({ profileVersion, ledgerVersion }: CustomerVersions): Buffer {
  const writer = createWriter(16);
  writeNumber(writer, profileVersion);
  writeNumber(writer, ledgerVersion);
  return written(writer);
}

/** Whether a stored customer is in that state. */
export function isInState(stored: Uint8Array, versions: CustomerVersions): boolean {
  const wanted = versionBytes(versions);
  return wanted.equals(stored.subarray(1, 1 + wanted.length));
}

/** Throws `UnreadableValue`. The bytes may be reused after it returns. */
export function decodeCustomer(bytes: Buffer): CustomerValue {
  const reader = createReader(bytes);
  const itsFormat = readFormat(reader, format);
  const profileVersion = readNumber(reader);
  const ledgerVersion = readNumber(reader);
  const profile = parseProfile(readText(reader), reader);
  const strings = readStrings(reader, itsFormat >= 3);
  const contacts = readContacts(reader, strings);
  const consentRecords = itsFormat === 1 ? undefined : readRecords(reader, strings);
  // Into the profile that was just made: a copy of it would cost every read.
  if (consentRecords !== undefined) profile.consentRecords = consentRecords;
  const events = itsFormat < 3 ? noEvents : readEvents(reader, strings);
  expectEnd(reader);
  return { profile, contacts, events, profileVersion, ledgerVersion };
}

type ProfileInTheMaking = { -readonly [member in keyof StoredProfile]: StoredProfile[member] };

function parseProfile(text: string, reader: Reader): ProfileInTheMaking {
  try {
    const profile = JSON.parse(text) as ProfileInTheMaking;
    if (typeof profile.attributes === 'object' && Array.isArray(profile.consents) && Array.isArray(profile.holdings)) return profile;
  } catch { /* the same end */ }
  throw new UnreadableValue(`no profile before byte ${reader.position}`);
}

function readContacts(reader: Reader, strings: readonly string[]): Contact[] {
  const count = readCount(reader);
  const contacts: Contact[] = [];
  let occurredAt = 0;
  for (let place = 0; place < count; place++) {
    const flags = readByte(reader);
    occurredAt += readSigned(reader);
    const outcome = readString(reader, strings) as Outcome;
    const channel = readString(reader, strings);
    // Members in one order and always there, so that all contacts have one hidden class.
    contacts.push({
      decisionId: (flags & hasDecision) === 0 ? undefined : readString(reader, strings),
      offerId: (flags & hasOffer) === 0 ? undefined : readString(reader, strings),
      kind: (flags & hasKind) === 0 ? undefined : readString(reader, strings),
      activity: (flags & hasActivity) === 0 ? undefined : readString(reader, strings),
      channel,
      placement: (flags & hasPlacement) === 0 ? undefined : readString(reader, strings),
      outcome,
      occurredAt,
      reason: (flags & hasReason) === 0 ? undefined : readString(reader, strings),
      trigger: (flags & hasTrigger) === 0 ? undefined : readString(reader, strings),
      value: (flags & hasValue) === 0 ? undefined : readDouble(reader),
    });
  }
  return contacts;
}
