import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, readCount, readNumber, readText, writeNumber, writeText } from './bytes.js';

/** Writes the distinct strings; gives the place of each. */
export function writeStrings(writer: Writer, strings: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const string of strings) if (string !== undefined && !places.has(string)) places.set(string, places.size);
  writeNumber(writer, places.size);
  let joined = '';
  for (const string of places.keys()) {
    writeNumber(writer, string.length);
    joined += string;
  }
  writeText(writer, joined);
  return places;
}

export function readStrings(reader: Reader): readonly string[] {
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

/** The string whose place in the table comes next. Most tables are short: one byte is looked at before it is a number. */
export function readString(reader: Reader, strings: readonly string[]): string {
  const { bytes, end, position } = reader;
  const byte = position < end ? bytes[position]! : 0x80;
  if (byte < 0x80) reader.position = position + 1;
  const found = strings[byte < 0x80 ? byte : readNumber(reader)];
  if (found === undefined) throw new UnreadableValue(`no such string before byte ${reader.position}`);
  return found;
}
