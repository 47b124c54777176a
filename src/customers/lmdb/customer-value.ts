import type { Contact, Outcome } from '../../decision/types.js';
import type { StoredProfile } from '../customer-store.js';
import type { Reader } from './bytes.js';
import { UnreadableValue, createReader, createWriter, expectEnd, expectFormat, readByte, readDouble, readNumber, readSigned, readText, writeByte, writeDouble, writeNumber, writeSigned, writeText, written } from './bytes.js';

/**
 * A customer as one value, so that one get reads all that a decision needs.
 *
 *     1                         format
 *     profileVersion, ledgerVersion
 *     text                      profile as JSON
 *     count, lengths, text      the distinct strings of the contacts, as one text cut by length (UTF-16 units):
 *                               one native call for all of them, against one for each
 *     count, contacts           flags, time since the contact before (the first: since 1970), places of its strings
 *
 * 50 contacts of 25 decisions with UUIDs are 2.1 kB and decode in 7 µs, where JSON has 8.6 kB and takes 27 µs.
 */
export interface CustomerValue {
  readonly profile: StoredProfile;
  readonly contacts: readonly Contact[];
  readonly profileVersion: number;
  readonly ledgerVersion: number;
}

const format = 1;
const hasDecision = 1;
const hasOffer = 2;
const hasKind = 4;
const hasActivity = 8;
const hasPlacement = 16;
const hasReason = 32;
const hasValue = 64;

export function encodeCustomer({ profile, contacts, profileVersion, ledgerVersion }: CustomerValue): Buffer {
  const writer = createWriter(512 + contacts.length * 64);
  writeByte(writer, format);
  writeNumber(writer, profileVersion);
  writeNumber(writer, ledgerVersion);
  const { attributes, consents, holdings, timeZone, locale } = profile;
  writeText(writer, JSON.stringify({ attributes, consents, holdings, timeZone, locale }));

  const places = distinctStrings(contacts);
  writeNumber(writer, places.size);
  let joined = '';
  for (const string of places.keys()) {
    writeNumber(writer, string.length);
    joined += string;
  }
  writeText(writer, joined);

  writeNumber(writer, contacts.length);
  let before = 0;
  for (const contact of contacts) {
    const { decisionId, offerId, kind, activity, placement, reason, value } = contact;
    writeByte(writer,
      (decisionId === undefined ? 0 : hasDecision) | (offerId === undefined ? 0 : hasOffer) | (kind === undefined ? 0 : hasKind) |
      (activity === undefined ? 0 : hasActivity) | (placement === undefined ? 0 : hasPlacement) | (reason === undefined ? 0 : hasReason) |
      (value === undefined ? 0 : hasValue));
    writeSigned(writer, contact.occurredAt - before);
    before = contact.occurredAt;
    for (const string of stringsOf(contact)) if (string !== undefined) writeNumber(writer, places.get(string)!);
    if (value !== undefined) writeDouble(writer, value);
  }
  return written(writer);
}

/** A contact's strings in the order of the format. */
function stringsOf({ outcome, channel, decisionId, offerId, kind, activity, placement, reason }: Contact): (string | undefined)[] {
  return [outcome, channel, decisionId, offerId, kind, activity, placement, reason];
}

function distinctStrings(contacts: readonly Contact[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const contact of contacts) {
    for (const string of stringsOf(contact)) {
      if (string !== undefined && !places.has(string)) places.set(string, places.size);
    }
  }
  return places;
}

/** Throws `UnreadableValue`. The bytes may be reused after it returns. */
export function decodeCustomer(bytes: Buffer): CustomerValue {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const profileVersion = readNumber(reader);
  const ledgerVersion = readNumber(reader);
  const profile = parseProfile(readText(reader), reader);
  const contacts = readContacts(reader, readStrings(reader));
  expectEnd(reader);
  return { profile, contacts, profileVersion, ledgerVersion };
}

function parseProfile(text: string, reader: Reader): StoredProfile {
  try {
    const profile = JSON.parse(text) as StoredProfile;
    if (typeof profile.attributes === 'object' && Array.isArray(profile.consents) && Array.isArray(profile.holdings)) return profile;
  } catch { /* the same end */ }
  throw new UnreadableValue(`no profile before byte ${reader.position}`);
}

function readStrings(reader: Reader): readonly string[] {
  const count = readCount(reader);
  const lengths: number[] = [];
  for (let place = 0; place < count; place++) lengths.push(readNumber(reader));
  const joined = readText(reader);
  const strings: string[] = [];
  let start = 0;
  for (const length of lengths) strings.push(joined.slice(start, start += length));
  if (start !== joined.length) throw new UnreadableValue(`strings do not add up before byte ${reader.position}`);
  return strings;
}

function readContacts(reader: Reader, strings: readonly string[]): Contact[] {
  const string = (): string => {
    const found = strings[readNumber(reader)];
    if (found === undefined) throw new UnreadableValue(`no such string before byte ${reader.position}`);
    return found;
  };
  const count = readCount(reader);
  const contacts: Contact[] = [];
  let occurredAt = 0;
  for (let place = 0; place < count; place++) {
    const flags = readByte(reader);
    occurredAt += readSigned(reader);
    const outcome = string() as Outcome;
    const channel = string();
    // Members in one order and always there, so that all contacts have one hidden class.
    contacts.push({
      decisionId: (flags & hasDecision) === 0 ? undefined : string(),
      offerId: (flags & hasOffer) === 0 ? undefined : string(),
      kind: (flags & hasKind) === 0 ? undefined : string(),
      activity: (flags & hasActivity) === 0 ? undefined : string(),
      channel,
      placement: (flags & hasPlacement) === 0 ? undefined : string(),
      outcome,
      occurredAt,
      reason: (flags & hasReason) === 0 ? undefined : string(),
      value: (flags & hasValue) === 0 ? undefined : readDouble(reader),
    });
  }
  return contacts;
}

/** Each counted thing takes a byte at least, so a corrupt count cannot ask for more memory than the value has. */
function readCount(reader: Reader): number {
  const count = readNumber(reader);
  if (count > reader.end - reader.position) throw new UnreadableValue(`count too large before byte ${reader.position}`);
  return count;
}
