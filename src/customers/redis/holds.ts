import { createReader, createWriter, expectEnd, readFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from '../values/bytes.js';

/** Where a customer's reservation is. The counter itself says whether it is live. */
export interface Hold {
  readonly counter: string;
  readonly heldUntil: number;
  /** The visitor who made it, where it came to the customer by a link. */
  readonly heldBy?: string | undefined;
}

/** By holder, as hexadecimal; with the bytes that were read, so that only what was seen is removed. */
export type Holds = ReadonlyMap<string, Hold & { readonly bytes: Buffer }>;

/** 2: with who made it; 1 where the customer did, so that nodes of the version before can read it. */
const format = 2;

export function encodeHold({ counter, heldUntil, heldBy }: Hold): Buffer {
  const writer = createWriter(128);
  writeByte(writer, heldBy === undefined ? 1 : format);
  writeNumber(writer, heldUntil);
  writeText(writer, counter);
  if (heldBy !== undefined) writeText(writer, heldBy);
  return written(writer);
}

/** Throws `UnreadableValue`. */
export function decodeHold(bytes: Buffer): Hold {
  const reader = createReader(bytes);
  const itsFormat = readFormat(reader, format);
  const heldUntil = readNumber(reader);
  const counter = readText(reader);
  const heldBy = itsFormat === 1 ? undefined : readText(reader);
  expectEnd(reader);
  return { counter, heldUntil, ...(heldBy !== undefined && { heldBy }) };
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
