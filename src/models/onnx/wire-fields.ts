import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * A protobuf message as the list of its fields, undecoded, so that a message can be changed in one place and written
 * back with all else as it was, fields that we do not know included.
 */
export interface WireField {
  readonly number: number;
  readonly wireType: WireType;
  /** What follows the tag; of a length-delimited field without its length. */
  readonly bytes: Uint8Array;
}

const utf8 = new TextDecoder();

/** Throws an Error for bytes that are no protobuf message. */
export function readFields(message: Uint8Array): WireField[] {
  const reader = new BinaryReader(message);
  const fields: WireField[] = [];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    fields.push({ number, wireType, bytes: wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, number) });
  }
  return fields;
}

export function writeFields(fields: readonly WireField[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { number, wireType, bytes } of fields) {
    writer.tag(number, wireType);
    if (wireType === WireType.LengthDelimited) writer.bytes(bytes);
    else writer.raw(bytes);
  }
  return writer.finish();
}

export function messageField(number: number, fields: readonly WireField[]): WireField {
  return { number, wireType: WireType.LengthDelimited, bytes: writeFields(fields) };
}

export function textField(number: number, text: string): WireField {
  return { number, wireType: WireType.LengthDelimited, bytes: new TextEncoder().encode(text) };
}

export function varintField(number: number, value: number): WireField {
  return { number, wireType: WireType.Varint, bytes: new BinaryWriter().uint32(value).finish() };
}

/** The embedded messages (or texts, or packed numbers) of one field, in order. */
export function partsOf(fields: readonly WireField[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number && field.wireType === WireType.LengthDelimited).map(({ bytes }) => bytes);
}

export function textsOf(fields: readonly WireField[], number: number): string[] {
  return partsOf(fields, number).map((bytes) => utf8.decode(bytes));
}

/** The last one counts, as protobuf has it; "" where there is none. */
export function textOf(fields: readonly WireField[], number: number): string {
  return textsOf(fields, number).at(-1) ?? '';
}

/** A field of varints, packed or not. */
export function integersOf(fields: readonly WireField[], number: number): bigint[] {
  const integers: bigint[] = [];
  for (const { wireType, bytes } of fields.filter((field) => field.number === number)) {
    if (wireType !== WireType.Varint && wireType !== WireType.LengthDelimited) continue;
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) integers.push(BigInt(reader.int64()));
  }
  return integers;
}
