import { UnreadableValue, createReader, readFormat } from './bytes.js';

/** JSON behind the byte of its format, for values of which there are few. */
export function encodeJson(format: number, value: unknown): Buffer {
  return Buffer.concat([Buffer.of(format), Buffer.from(JSON.stringify(value))]);
}

/** Throws `UnreadableValue`. */
export function decodeJson(bytes: Uint8Array, newest: number): unknown {
  return parseJson(jsonTextOf(bytes, newest));
}

/** What stands behind the format. Throws `UnreadableValue`. */
export function jsonTextOf(bytes: Uint8Array, newest: number): string {
  // Not `byteLength`: LMDB gives a longer buffer, with the length of the value.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const reader = createReader(buffer);
  readFormat(reader, newest);
  return buffer.toString('utf8', reader.position);
}

/** Throws `UnreadableValue`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableValue('no JSON');
  }
}
