import type { ConsentRecord } from '../customer-store.js';
import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, readByte, readNumber, readSigned, writeByte, writeNumber, writeSigned } from './bytes.js';
import { enterStrings, readString, writePlaceOf, type StringTable } from './string-table.js';

const statuses = ['pending', 'confirmed', 'withdrawn'] as const;
const statusBits = 3;
const hasBasis = 4;
const hasTextVersion = 8;
const hasSource = 16;
const hasConfirmedAt = 32;
const hasWithdrawnAt = 64;

/** A record's strings in the order of the format. */
function stringsOfRecord({ purpose, basis, textVersion, source }: ConsentRecord): (string | undefined)[] {
  return [purpose, basis, textVersion, source];
}

export function enterRecords(table: StringTable, records: readonly ConsentRecord[] | undefined): void {
  for (const record of records ?? []) enterStrings(table, stringsOfRecord(record));
}

/** `table` has all their strings. */
export function writeRecords(writer: Writer, records: readonly ConsentRecord[] | undefined, table: StringTable): void {
  writeNumber(writer, records === undefined ? 0 : records.length + 1);
  for (const record of records ?? []) writeRecord(writer, record, table);
}

function writeRecord(writer: Writer, record: ConsentRecord, table: StringTable): void {
  const { status, basis, textVersion, source, givenAt, confirmedAt, withdrawnAt } = record;
  writeByte(writer,
    statuses.indexOf(status) | (basis === undefined ? 0 : hasBasis) | (textVersion === undefined ? 0 : hasTextVersion) | (source === undefined ? 0 : hasSource) |
    (confirmedAt === undefined ? 0 : hasConfirmedAt) | (withdrawnAt === undefined ? 0 : hasWithdrawnAt));
  for (const string of stringsOfRecord(record)) if (string !== undefined) writePlaceOf(writer, table, string);
  writeNumber(writer, givenAt);
  if (confirmedAt !== undefined) writeSigned(writer, confirmedAt - givenAt);
  if (withdrawnAt !== undefined) writeSigned(writer, withdrawnAt - givenAt);
}

export function readRecords(reader: Reader, strings: readonly string[]): readonly ConsentRecord[] | undefined {
  const count = readNumber(reader) - 1;
  if (count < 0) return undefined;
  if (count > reader.end - reader.position) throw new UnreadableValue(`count too large before byte ${reader.position}`);
  const records: ConsentRecord[] = [];
  for (let place = 0; place < count; place++) {
    const flags = readByte(reader);
    const status = statuses[flags & statusBits];
    if (status === undefined) throw new UnreadableValue(`no such status before byte ${reader.position}`);
    const purpose = readString(reader, strings);
    const basis = (flags & hasBasis) === 0 ? undefined : readString(reader, strings);
    const textVersion = (flags & hasTextVersion) === 0 ? undefined : readString(reader, strings);
    const source = (flags & hasSource) === 0 ? undefined : readString(reader, strings);
    const givenAt = readNumber(reader);
    records.push({
      purpose, status, basis, textVersion, source, givenAt,
      confirmedAt: (flags & hasConfirmedAt) === 0 ? undefined : givenAt + readSigned(reader),
      withdrawnAt: (flags & hasWithdrawnAt) === 0 ? undefined : givenAt + readSigned(reader),
    });
  }
  return records;
}
