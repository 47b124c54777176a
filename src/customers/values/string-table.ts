import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, readCount, readNumber, readText, skipBytes, writeBytes, writeNumber, writeText } from './bytes.js';
import { textOfUuids, uuidBytes, uuidLength } from './uuid-text.js';

/** As the service makes decision ids, and others their ids: 16 bytes in place of 36. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

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
  const start = skipBytes(reader, count * uuidBytes);
  const text = textOfUuids(reader.bytes, start, count);
  for (let at = 0; at < text.length; at += uuidLength) into.push(text.slice(at, at + uuidLength));
}

/** The string whose place in the table comes next. Most tables are short, and a place is one byte. */
export function readString(reader: Reader, strings: readonly string[]): string {
  const { bytes, end, position } = reader;
  const byte = bytes[position]!;
  const isShort = byte < 0x80 && position < end;
  if (isShort) reader.position = position + 1;
  const found = strings[isShort ? byte : readNumber(reader)];
  if (found === undefined) throw new UnreadableValue(`no such string before byte ${reader.position}`);
  return found;
}
