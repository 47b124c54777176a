/**
 * The primitives of the stored formats. A number is a varint of 7 bits a byte, lowest first, up to 2^53 - 1; a signed
 * one is zigzag; a text is a byte for its encoding, the byte length, and the bytes.
 */
export interface Writer { bytes: Buffer; length: number }
export interface Reader { readonly bytes: Buffer; readonly end: number; position: number }

/** The bytes do not read as the format says. Names a place in the value, never its content. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
}

/** All characters below 256: one byte each, the cheapest to read. */
const latin1 = 1;
const utf8 = 2;
/** Text that is not well-formed Unicode (a lone surrogate) survives only as its UTF-16 code units. */
const utf16 = 3;
const encodings = { [latin1]: 'latin1', [utf8]: 'utf8', [utf16]: 'utf16le' } as const;

export function createWriter(sizeHint: number): Writer {
  return { bytes: Buffer.allocUnsafe(sizeHint), length: 0 };
}

export function written(writer: Writer): Buffer {
  return writer.bytes.subarray(0, writer.length);
}

function reserve(writer: Writer, size: number): void {
  if (writer.length + size <= writer.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(writer.bytes.length * 2, writer.length + size));
  writer.bytes.copy(larger, 0, 0, writer.length);
  writer.bytes = larger;
}

export function writeByte(writer: Writer, byte: number): void {
  reserve(writer, 1);
  writer.bytes[writer.length++] = byte;
}

export function writeNumber(writer: Writer, number: number): void {
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`Only whole numbers from 0 to 2^53 - 1 can be stored here, not ${String(number)}.`);
  reserve(writer, 8);
  let rest = number;
  while (rest >= 0x80) {
    writer.bytes[writer.length++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  writer.bytes[writer.length++] = rest;
}

export function writeSigned(writer: Writer, number: number): void {
  writeNumber(writer, number < 0 ? -2 * number - 1 : 2 * number);
}

export function writeDouble(writer: Writer, number: number): void {
  reserve(writer, 8);
  writer.length = writer.bytes.writeDoubleLE(number, writer.length);
}

export function writeText(writer: Writer, text: string): void {
  const encoding = encodingOf(text);
  const size = Buffer.byteLength(text, encodings[encoding]);
  writeByte(writer, encoding);
  writeNumber(writer, size);
  reserve(writer, size);
  writer.length += writer.bytes.write(text, writer.length, encodings[encoding]);
}

/** Gives where so many bytes begin that the caller writes. */
export function takeRoom(writer: Writer, size: number): number {
  reserve(writer, size);
  const start = writer.length;
  writer.length += size;
  return start;
}

// eslint-disable-next-line no-control-regex -- the range is all of Latin-1, control characters too
const isLatin1 = /^[\u0000-\u00ff]*$/;

function encodingOf(text: string): keyof typeof encodings {
  if (isLatin1.test(text)) return latin1;
  return isWellFormed(text) ? utf8 : utf16;
}

/** False for text with half of a surrogate pair, which UTF-8 cannot say. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** LMDB gives a buffer that it uses again, or for large values a bare array over its memory map. */
export function createReader(bytes: Uint8Array): Reader {
  return { bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), end: bytes.length, position: 0 };
}

export function readByte(reader: Reader): number {
  if (reader.position >= reader.end) throw tooShort(reader);
  return reader.bytes[reader.position++]!;
}

/** In two halves of 28 bits: shifts of small integers instead of arithmetic with large ones. The position in a variable of
 *  its own, and one look at the end: a number is read a hundred times for each customer. */
export function readNumber(reader: Reader): number {
  const { bytes } = reader;
  let { position } = reader;
  let byte = bytes[position++]!;
  let low = byte & 0x7f;
  for (let shift = 7; byte >= 0x80 && shift < 28; shift += 7) {
    byte = bytes[position++]!;
    low |= (byte & 0x7f) << shift;
  }
  let high = 0;
  for (let shift = 0; byte >= 0x80 && shift < 28; shift += 7) {
    byte = bytes[position++]!;
    high |= (byte & 0x7f) << shift;
  }
  if (position > reader.end) throw tooShort(reader);
  reader.position = position;
  if (byte >= 0x80 || high >= 2 ** 25) throw new UnreadableValue(`number too large before byte ${position}`);
  return low + high * 2 ** 28;
}

/** Each counted thing takes a byte at least, so a corrupt count cannot ask for more memory than the value has. */
export function readCount(reader: Reader): number {
  const count = readNumber(reader);
  if (count > reader.end - reader.position) throw new UnreadableValue(`count too large before byte ${reader.position}`);
  return count;
}

export function readSigned(reader: Reader): number {
  const number = readNumber(reader);
  const half = Math.floor(number / 2);
  return half * 2 === number ? half : -half - 1;
}

export function readDouble(reader: Reader): number {
  if (reader.position + 8 > reader.end) throw tooShort(reader);
  const number = reader.bytes.readDoubleLE(reader.position);
  reader.position += 8;
  return number;
}

export function readText(reader: Reader): string {
  const encoding = readByte(reader);
  const size = readNumber(reader);
  const start = skipBytes(reader, size);
  if (encoding === latin1 || encoding === utf8 || encoding === utf16) return reader.bytes.toString(encodings[encoding], start, start + size);
  throw new UnreadableValue(`unknown text encoding before byte ${start}`);
}

/** Gives where a text ends, and goes on there. */
export function skipText(reader: Reader): number {
  readByte(reader);
  const size = readNumber(reader);
  return skipBytes(reader, size) + size;
}

/** Gives where so many bytes begin, and goes on behind them. */
export function skipBytes(reader: Reader, size: number): number {
  const start = reader.position;
  if (start + size > reader.end) throw tooShort(reader);
  reader.position += size;
  return start;
}

export function expectEnd(reader: Reader): void {
  if (reader.position !== reader.end) throw new UnreadableValue(`${reader.end - reader.position} bytes too many`);
}

/** The first byte of every stored value is the version of its format: the newest, or an older one from 1 on. */
export function readFormat(reader: Reader, newest: number): number {
  const found = readByte(reader);
  if (found > newest) throw new UnreadableValue(`format ${found}, which a newer version of the service wrote; this one reads up to ${newest}`);
  if (found === 0) throw new UnreadableValue('unknown format 0');
  return found;
}

/** For values that have had one format only. */
export function expectFormat(reader: Reader, format: number): void {
  if (readFormat(reader, format) !== format) throw new UnreadableValue(`not format ${format}`);
}

function tooShort(reader: Reader): UnreadableValue {
  return new UnreadableValue(`ends at byte ${reader.end}, in the middle`);
}
