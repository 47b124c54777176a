import { takeRoom, type Writer } from './bytes.js';

/** A UUID as 16 bytes and as the 36 characters that it is written in. */
export const uuidBytes = 16;
export const uuidLength = 36;

const digits = Buffer.from('0123456789abcdef');
const highDigit = Uint8Array.from({ length: 256 }, (_, byte) => digits[byte >> 4]!);
const lowDigit = Uint8Array.from({ length: 256 }, (_, byte) => digits[byte & 15]!);

/** The characters of the UUIDs that are being read, with the dashes in their places. */
let characters = Buffer.alloc(64 * uuidLength, '-');

/** The texts of UUIDs that lie one behind the other, as one text: made in one piece and cut up, which takes a third of the
 *  time of making each. Written out byte by byte it takes half the time of loops over the five groups. */
export function textOfUuids(bytes: Buffer, start: number, count: number): string {
  const length = count * uuidLength;
  if (characters.length < length) characters = Buffer.alloc(2 * length, '-');
  const into = characters;
  for (let from = start, to = 0; to < length; from += uuidBytes, to += uuidLength) {
    writeDigits(into, to, bytes[from]!);
    writeDigits(into, to + 2, bytes[from + 1]!);
    writeDigits(into, to + 4, bytes[from + 2]!);
    writeDigits(into, to + 6, bytes[from + 3]!);

    writeDigits(into, to + 9, bytes[from + 4]!);
    writeDigits(into, to + 11, bytes[from + 5]!);

    writeDigits(into, to + 14, bytes[from + 6]!);
    writeDigits(into, to + 16, bytes[from + 7]!);

    writeDigits(into, to + 19, bytes[from + 8]!);
    writeDigits(into, to + 21, bytes[from + 9]!);

    writeDigits(into, to + 24, bytes[from + 10]!);
    writeDigits(into, to + 26, bytes[from + 11]!);
    writeDigits(into, to + 28, bytes[from + 12]!);
    writeDigits(into, to + 30, bytes[from + 13]!);
    writeDigits(into, to + 32, bytes[from + 14]!);
    writeDigits(into, to + 34, bytes[from + 15]!);
  }
  return into.toString('latin1', 0, length);
}

function writeDigits(into: Buffer, at: number, byte: number): void {
  into[at] = highDigit[byte]!;
  into[at + 1] = lowDigit[byte]!;
}

const digitOf = Uint8Array.from({ length: 128 }, (_, character) => Math.max(0, digits.indexOf(character)));

/** UUIDs one behind the other: from one text of all of them, for the same reason. */
export function writeUuids(writer: Writer, uuids: readonly string[]): void {
  const length = uuids.length * uuidLength;
  if (characters.length < length) characters = Buffer.alloc(2 * length, '-');
  const from = characters;
  from.write(uuids.join(''), 0, 'latin1');
  let to = takeRoom(writer, uuids.length * uuidBytes);
  const into = writer.bytes;
  for (let start = 0; start < length; start += uuidLength, to += uuidBytes) {
    into[to] = readByteAt(from, start);
    into[to + 1] = readByteAt(from, start + 2);
    into[to + 2] = readByteAt(from, start + 4);
    into[to + 3] = readByteAt(from, start + 6);

    into[to + 4] = readByteAt(from, start + 9);
    into[to + 5] = readByteAt(from, start + 11);

    into[to + 6] = readByteAt(from, start + 14);
    into[to + 7] = readByteAt(from, start + 16);

    into[to + 8] = readByteAt(from, start + 19);
    into[to + 9] = readByteAt(from, start + 21);

    into[to + 10] = readByteAt(from, start + 24);
    into[to + 11] = readByteAt(from, start + 26);
    into[to + 12] = readByteAt(from, start + 28);
    into[to + 13] = readByteAt(from, start + 30);
    into[to + 14] = readByteAt(from, start + 32);
    into[to + 15] = readByteAt(from, start + 34);
  }
}

function readByteAt(from: Buffer, at: number): number {
  return (digitOf[from[at]!]! << 4) | digitOf[from[at + 1]!]!;
}
