/** Where a text is read. `at`: the next character; where a line's content begins, `column` is its place in the line, or
 *  `atEnd`. */
export interface Reader { readonly text: string; at: number; column: number }

/** Thrown at whatever must be left to the library. */
export const notPlain = new Error('is not plain YAML');
export const deepest = 30;

export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

export function skipSpaces(reader: Reader): void {
  while (reader.text[reader.at] === ' ') reader.at += 1;
}

/** A value that ends in its line: in quotes, in brackets, or as it stands. */
export function readInLine(reader: Reader, depth: number): unknown {
  return readBracketed(reader, depth) ?? readPlainLine(reader);
}

/** A text in quotes, a list or a mapping in brackets; `undefined`: none of them begins here. */
function readBracketed(reader: Reader, depth: number): unknown {
  if (depth > deepest) throw notPlain;
  switch (reader.text[reader.at]) {
    case '"': return doubleQuoted(reader);
    case "'": return taken(reader, singleQuotes).slice(1, -1).replaceAll("''", "'");
    case '[': return readFlowList(reader, depth);
    case '{': return readFlowMap(reader, depth);
    default: return undefined;
  }
}

const doubleQuotes = /"[^"\\\n]*(?:\\["\\/nt][^"\\\n]*)*"/y;
const singleQuotes = /'[^'\n]*(?:''[^'\n]*)*'/y;

function taken(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text)?.[0];
  if (match === undefined) throw notPlain;
  reader.at += match.length;
  return match;
}

function doubleQuoted(reader: Reader): string {
  const quoted = taken(reader, doubleQuotes);
  return quoted.includes('\\') ? JSON.parse(quoted) as string : quoted.slice(1, -1);
}

/** A text or number without quotes, up to the end of its line or a comment. */
function readPlainLine(reader: Reader): unknown {
  const line = reader.text.slice(reader.at, lineEnd(reader.text, reader.at));
  const comment = line.indexOf(' #');
  const text = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  if (!beginsPlain.test(text) || text.includes(': ') || text.endsWith(':')) throw notPlain;
  reader.at += text.length;
  return scalarOf(text);
}

const beginsPlain = /^(?:[\p{L}\p{N}_(/.+]|-\d)/u;

function readFlowList(reader: Reader, depth: number): unknown[] {
  const list: unknown[] = [];
  reader.at += 1;
  if (isClosed(reader, ']')) return list;
  do list.push(readFlow(reader, depth + 1)); while (goesOn(reader, ']'));
  return list;
}

const flowKey = /[A-Za-z_][\w-]{0,63}: /y;

function readFlowMap(reader: Reader, depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  reader.at += 1;
  if (isClosed(reader, '}')) return map;
  do {
    const name = taken(reader, flowKey).slice(0, -2);
    if (name in map) throw notPlain;
    skipSpaces(reader);
    map[name] = readFlow(reader, depth + 1);
  } while (goesOn(reader, '}'));
  return map;
}

function isClosed(reader: Reader, bracket: string): boolean {
  skipSpaces(reader);
  if (reader.text[reader.at] !== bracket) return false;
  reader.at += 1;
  return true;
}

/** Past a comma, or the bracket that ends it. */
function goesOn(reader: Reader, bracket: string): boolean {
  if (isClosed(reader, bracket)) return false;
  if (reader.text[reader.at] !== ',') throw notPlain;
  reader.at += 1;
  skipSpaces(reader);
  return true;
}

const flowText = /[^,[\]{}:#\n]+/y;

function readFlow(reader: Reader, depth: number): unknown {
  const bracketed = readBracketed(reader, depth);
  if (bracketed !== undefined) return bracketed;
  const text = taken(reader, flowText).trimEnd();
  if (!beginsPlain.test(text)) throw notPlain;
  return scalarOf(text);
}

const mayBeSpecial = /^[-+.\dnNtTfF]/;
const plainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
/** At least all that YAML's core schema reads as no text. */
const special = /^(?:null|true|false|0o[0-7]+|0x[\da-f]+|[-+]?(?:\.inf|\.nan|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?))$/i;

function scalarOf(text: string): unknown {
  if (!mayBeSpecial.test(text)) return text;
  if (plainNumber.test(text)) return Number(text);
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (special.test(text)) throw notPlain;
  return text;
}
