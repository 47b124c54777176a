import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, readCount, readNumber, readText, skipBytes, writeNumber, writeText } from './bytes.js';
import { textOfUuids, uuidBytes, uuidLength, writeUuids } from './uuid-text.js';

/** As the service makes decision ids, and others their ids: 16 bytes in place of 36. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The distinct strings of a value in the making, UUIDs apart. */
export interface StringTable {
  readonly texts: string[];
  readonly uuids: string[];
  readonly entries: Map<string, Entry>;
}

/** A text's place; of a UUID, which stand behind all texts, its place among them from the other side: -1, -2, … */
export type Entry = number;

export function createStringTable(): StringTable {
  return { texts: [], uuids: [], entries: new Map() };
}

export function enterString({ texts, uuids, entries }: StringTable, string: string): Entry {
  const known = entries.get(string);
  if (known !== undefined) return known;
  const entry = string.length === uuidLength && uuid.test(string) ? -uuids.push(string) : texts.push(string) - 1;
  entries.set(string, entry);
  return entry;
}

export function enterStrings(table: StringTable, strings: readonly (string | undefined)[]): void {
  for (const string of strings) if (string !== undefined) enterString(table, string);
}

export function writeStringTable(writer: Writer, { texts, uuids }: StringTable): void {
  writeNumber(writer, texts.length);
  for (const text of texts) writeNumber(writer, text.length);
  writeText(writer, texts.join(''));
  writeNumber(writer, uuids.length);
  writeUuids(writer, uuids);
}

/** Once all have been entered. */
export function writePlace(writer: Writer, { texts }: StringTable, entry: Entry): void {
  writeNumber(writer, entry < 0 ? texts.length - 1 - entry : entry);
}

export function writePlaceOf(writer: Writer, table: StringTable, string: string): void {
  writePlace(writer, table, table.entries.get(string)!);
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
