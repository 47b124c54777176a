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
