import { createReader, createWriter, expectEnd, expectFormat, readText, writeByte, writeText, written } from './bytes.js';

const format = 1;

export function encodeSecret(secret: string): Buffer {
  const writer = createWriter(128);
  writeByte(writer, format);
  writeText(writer, secret);
  return written(writer);
}

/** Throws `UnreadableValue`. */
export function decodeSecret(bytes: Buffer): string {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const secret = readText(reader);
  expectEnd(reader);
  return secret;
}
