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

/** Splits a message into its fields, or into the wanted ones. Throws an Error for bytes that are no protobuf message. */
export type ReadFields = (message: Uint8Array, wanted?: readonly number[]) => WireField[];

/**
 * A reader for one file: it gives up after `maxFields` in all, since a file of a few megabytes can hold more fields
 * than fit into memory as objects. What is not wanted is skipped and does not count.
 */
export function createFieldReader(maxFields = 2_000_000): ReadFields {
  let count = 0;
  return (message, wanted) => {
    const reader = new BinaryReader(message);
    const fields: WireField[] = [];
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (wanted !== undefined && !wanted.includes(number)) {
        reader.skip(wireType, number);
        continue;
      }
      count += 1;
      if (count > maxFields) throw new Error('it has too many parts');
      fields.push({ number, wireType, bytes: wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, number) });
    }
    return fields;
  };
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

const maxIntegers = 1_000_000;

/** A field of varints, packed or not. */
export function integersOf(fields: readonly WireField[], number: number): bigint[] {
  const integers: bigint[] = [];
  for (const { wireType, bytes } of fields.filter((field) => field.number === number)) {
    if (wireType !== WireType.Varint && wireType !== WireType.LengthDelimited) continue;
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len && integers.length <= maxIntegers) integers.push(BigInt(reader.int64()));
    if (integers.length > maxIntegers) throw new Error('it has a list that is too long');
  }
  return integers;
}
