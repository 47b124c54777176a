/** A UUID as 16 bytes and as the 36 characters that it is written in. */
export const uuidBytes = 16;
export const uuidLength = 36;

const digits = Buffer.from('0123456789abcdef');
const highDigit = Uint8Array.from({ length: 256 }, (_, byte) => digits[byte >> 4]!);
const lowDigit = Uint8Array.from({ length: 256 }, (_, byte) => digits[byte & 15]!);

/** The characters of the UUIDs that are being read, with the dashes in their places. */
let characters = Buffer.alloc(64 * uuidLength, '-');

/** The texts of UUIDs that lie one behind the other, as one text: made in one piece and cut up, which takes a third of the
 *  time of making each. */
export function textOfUuids(bytes: Buffer, start: number, count: number): string {
  const length = count * uuidLength;
  if (characters.length < length) characters = Buffer.alloc(2 * length, '-');
  let to = 0;
  for (let from = start; to < length; from += uuidBytes) {
    to = writeDigits(bytes, from, from + 4, to) + 1;
    to = writeDigits(bytes, from + 4, from + 6, to) + 1;
    to = writeDigits(bytes, from + 6, from + 8, to) + 1;
    to = writeDigits(bytes, from + 8, from + 10, to) + 1;
    to = writeDigits(bytes, from + 10, from + 16, to);
  }
  return characters.toString('latin1', 0, length);
}

function writeDigits(bytes: Buffer, from: number, until: number, at: number): number {
  let to = at;
  for (let place = from; place < until; place++) {
    const byte = bytes[place]!;
    characters[to++] = highDigit[byte]!;
    characters[to++] = lowDigit[byte]!;
  }
  return to;
}
