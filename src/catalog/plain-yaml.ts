import { deepest, lineEnd, notPlain, readInLine, skipSpaces, type Reader } from './plain-yaml-line.js';

/**
 * A reader for the YAML that nearly all entries of a catalog are written in: mappings and lists in block style, texts
 * and numbers within a line, [ ] and { } within a line, comments. It is some thirty times as fast as the library, which
 * makes a large catalog quick to load, and it judges nothing: at whatever else it meets, and at all that is doubtful or
 * wrong, it gives up, and the library reads the text. What it does read has the library's value (a property test).
 */
export function readPlainItem(text: string): { readonly value: unknown } | null {
  if (unusual.test(text)) return null;
  try {
    const reader: Reader = { text, at: 0, column: 0 };
    toContent(reader);
    if (reader.column !== 0 || !isDash(reader)) return null;
    const items = readList(reader, 0);
    return reader.at === text.length && items.length === 1 ? { value: items[0] } : null;
  } catch (error) {
    if (error === notPlain) return null;
    throw error;
  }
}

const atEnd = -1;
/** Control characters other than line feeds, and what is blank or a line's end to some and not to others. */
const unusual = /[^\n\P{Cc}]|[\u00A0\u2028\u2029\uFEFF]/u;

/** From the beginning of a line to the next content, past empty lines and comments. */
function toContent(reader: Reader): void {
  const { text } = reader;
  for (let start = reader.at; start < text.length;) {
    let at = start;
    while (text[at] === ' ') at += 1;
    if (at < text.length && text[at] !== '\n' && text[at] !== '#') {
      reader.at = at;
      reader.column = at - start;
      return;
    }
    start = lineEnd(text, at) + 1;
  }
  reader.at = text.length;
  reader.column = atEnd;
}

/** Past the rest of a line on which nothing but a comment may follow. */
function endLine(reader: Reader): void {
  const before = reader.at;
  skipSpaces(reader);
  const next = reader.text[reader.at];
  if (next !== undefined && next !== '\n' && (next !== '#' || reader.at === before)) throw notPlain;
  reader.at = lineEnd(reader.text, reader.at) + 1;
  toContent(reader);
}

const isDash = ({ text, at }: Reader): boolean => text[at] === '-' && text[at + 1] === ' ';

/** What stands below, in block style. */
function readBlock(reader: Reader, depth: number): unknown {
  return isDash(reader) ? readList(reader, depth) : readMap(reader, depth);
}

function readList(reader: Reader, depth: number): unknown[] {
  if (depth > deepest) throw notPlain;
  const { column } = reader;
  const list: unknown[] = [];
  do {
    const dash = reader.at;
    reader.at += 1;
    skipSpaces(reader);
    if (keyAt(reader) !== undefined) {
      reader.column = column + reader.at - dash;
      list.push(readMap(reader, depth + 1));
    } else {
      list.push(readInLine(reader, depth + 1));
      endLine(reader);
    }
  } while (reader.column === column && isDash(reader));
  if (reader.column > column) throw notPlain;
  return list;
}

function readMap(reader: Reader, depth: number): Record<string, unknown> {
  if (depth > deepest) throw notPlain;
  const { column } = reader;
  const map: Record<string, unknown> = {};
  do {
    const key = keyAt(reader);
    // Given twice, or a name that every object has.
    if (key === undefined || key in map) throw notPlain;
    reader.at += key.length + 1;
    const colon = reader.at;
    skipSpaces(reader);
    const next = reader.text[reader.at];
    if (next === '\n' || next === undefined || next === '#') {
      reader.at = colon;
      endLine(reader);
      if (reader.column < column || (reader.column === column && !isDash(reader))) throw notPlain;      // it has no value
      map[key] = readBlock(reader, depth + 1);
    } else {
      map[key] = readInLine(reader, depth + 1);
      endLine(reader);
    }
  } while (reader.column === column);
  if (reader.column > column) throw notPlain;
  return map;
}

const key = /([A-Za-z_][\w-]{0,63}):(?=[ \n]|$)/y;

function keyAt({ text, at }: Reader): string | undefined {
  key.lastIndex = at;
  return key.exec(text)?.[1];
}
