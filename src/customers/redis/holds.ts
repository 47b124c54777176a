import { createReader, createWriter, expectEnd, expectFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from '../values/bytes.js';

/** Where a customer's reservation is. The counter itself says whether it is live. */
export interface Hold { readonly counter: string; readonly heldUntil: number }

/** By holder, as hexadecimal; with the bytes that were read, so that only what was seen is removed. */
export type Holds = ReadonlyMap<string, Hold & { readonly bytes: Buffer }>;

const format = 1;

export function encodeHold({ counter, heldUntil }: Hold): Buffer {
  const writer = createWriter(128);
  writeByte(writer, format);
  writeNumber(writer, heldUntil);
  writeText(writer, counter);
  return written(writer);
}

/** Throws `UnreadableValue`. */
export function decodeHold(bytes: Buffer): Hold {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const heldUntil = readNumber(reader);
  const counter = readText(reader);
  expectEnd(reader);
  return { counter, heldUntil };
}

/** From HGETALL's list of fields and values. */
export function decodeHolds(fields: readonly Buffer[]): Holds {
  const holds = new Map<string, Hold & { readonly bytes: Buffer }>();
  for (let place = 0; place < fields.length; place += 2) {
    const bytes = fields[place + 1]!;
    holds.set(fields[place]!.toString('hex'), { ...decodeHold(bytes), bytes });
  }
  return holds;
}
