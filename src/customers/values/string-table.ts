import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, readBytes, readCount, readNumber, readText, writeBytes, writeNumber, writeText } from './bytes.js';

/** As the service makes decision ids, and others their ids: 16 bytes in place of 36. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uuidBytes = 16;

/** Writes the distinct strings, UUIDs last; gives the place of each. */
export function writeStrings(writer: Writer, strings: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const distinct = [...new Set(strings)].filter((string) => string !== undefined);
  const uuids = distinct.filter((string) => uuid.test(string));
  const texts = uuids.length === 0 ? distinct : distinct.filter((string) => !uuid.test(string));
  writeNumber(writer, texts.length);
  for (const text of texts) writeNumber(writer, text.length);
  writeText(writer, texts.join(''));
  writeNumber(writer, uuids.length);
  writeBytes(writer, Buffer.from(uuids.join('').replaceAll('-', ''), 'hex'));
  return new Map([...texts, ...uuids].map((string, place) => [string, place]));
}

/** `withUuids: false`: of a format that had none apart. */
export function readStrings(reader: Reader, withUuids: boolean): readonly string[] {
  const count = readCount(reader);
  const lengths: number[] = [];
  for (let place = 0; place < count; place++) lengths.push(readNumber(reader));
  const joined = readText(reader);
  const strings: string[] = [];
  let start = 0;
  for (const length of lengths) strings.push(joined.slice(start, start += length));
  if (start !== joined.length) throw new UnreadableValue(`strings do not add up before byte ${reader.position}`);
  if (withUuids) readUuids(reader, strings);
  return strings;
}

function readUuids(reader: Reader, into: string[]): void {
  const count = readCount(reader);
  if (count === 0) return;
  const digits = readBytes(reader, count * uuidBytes).toString('hex');
  for (let at = 0; at < digits.length; at += 2 * uuidBytes) {
    into.push(`${digits.slice(at, at + 8)}-${digits.slice(at + 8, at + 12)}-${digits.slice(at + 12, at + 16)}-${digits.slice(at + 16, at + 20)}-${digits.slice(at + 20, at + 32)}`);
  }
}

/** The string whose place in the table comes next. Most tables are short: one byte is looked at before it is a number. */
export function readString(reader: Reader, strings: readonly string[]): string {
  const { bytes, end, position } = reader;
  const byte = position < end ? bytes[position]! : 0x80;
  if (byte < 0x80) reader.position = position + 1;
  const found = strings[byte < 0x80 ? byte : readNumber(reader)];
  if (found === undefined) throw new UnreadableValue(`no such string before byte ${reader.position}`);
  return found;
}
