import { Readable } from 'node:stream';
import { parse, type CsvError, type InfoRecord } from 'csv-parse';
import { didYouMean } from '../../suggestion.js';
import type { Json, JsonObject } from '../../decision/types.js';
import { readCsvValue } from './csv-value.js';
import type { CustomerRow } from './customer-row.js';
import { problems } from '../failure.js';

const listColumns = ['consents', 'holdings'];
const textColumns = ['id', 'timeZone', 'locale'];
const booleanColumns = ['objection'];

/** A record of the file by the line that it begins on. */
type CsvRecord = { readonly line: number; readonly fields: readonly string[]; readonly bytes: number };

/**
 * CSV with a header (RFC 4180; delimiter comma, semicolon or tab). `head` is the file's beginning. A column is `id`,
 * `consents`, `objection`, `holdings`, `timeZone`, `locale`, or an attribute of the schema; an empty value is a missing one.
 */
export async function* readCsvCustomers(chunks: AsyncIterable<Uint8Array>, head: string, customerSchema: JsonObject, maxRecordBytes: number): AsyncGenerator<CustomerRow, void, undefined> {
  const delimiter = delimiterOf(head);
  const properties = (customerSchema['properties'] ?? {}) as JsonObject;
  let header: readonly string[] | undefined;
  for await (const row of readRecords(chunks, delimiter, maxRecordBytes)) {
    if ('reason' in row) {
      if (header === undefined) throw problems(`The header, line ${row.line}: ${row.reason}.`);
      yield row;
    } else if (header === undefined) {
      header = checkHeader(row.fields, properties);
    } else if (row.fields.some((field) => field !== '')) {
      yield toCustomer(row, header, customerSchema, properties);
    }
  }
  if (header === undefined) throw problems('The file is empty; a CSV file begins with a header that names the columns.');
}

function toCustomer({ line, fields, bytes }: CsvRecord, header: readonly string[], schema: JsonObject, properties: JsonObject): CustomerRow {
  if (fields.length !== header.length) return { line, reason: `has ${fields.length} values, where the header has ${header.length} columns` };
  const customer = new Map<string, Json>();
  const attributes = new Map<string, Json>();
  for (const [index, name] of header.entries()) {
    const text = fields[index]!;
    if (text === '') continue;
    if (textColumns.includes(name)) customer.set(name, text);
    else if (listColumns.includes(name)) customer.set(name, text.split(/[|;]/).map((item) => item.trim()).filter((item) => item !== ''));
    else {
      const isOwn = booleanColumns.includes(name);
      const read = readCsvValue(text, isOwn ? { type: 'boolean' } : properties[name], schema);
      if (!read.ok) return { line, reason: `${name} ${read.reason}` };
      (isOwn ? customer : attributes).set(name, read.value);
    }
  }
  return { line, value: Object.fromEntries([...customer, ['attributes', Object.fromEntries(attributes)]]), bytes };
}

function checkHeader(names: readonly string[], properties: JsonObject): readonly string[] {
  const known = [...textColumns, ...listColumns, ...booleanColumns, ...Object.keys(properties)];
  const found: string[] = [];
  names.forEach((name, index) => {
    if (name === '') found.push(`Column ${index + 1} has no name in the header.`);
    else if (names.indexOf(name) !== index) found.push(`The column "${name}" is there twice.`);
    else if (!known.includes(name)) found.push(`The column "${name}" is no attribute of the catalog's schema${didYouMean(name, known)}${found.length === 0 ? ` There are: ${known.join(', ')}.` : ''}`);
  });
  if (!names.includes('id')) found.push('There is no column "id".');
  if (found.length > 0) throw problems(...found);
  return names;
}

/** The delimiter that the first line has most of, outside quotes. */
function delimiterOf(head: string): string {
  const firstLine = /^[^\r\n]*/.exec(head)![0].replace(/"[^"]*"/g, '');
  const countOf = (delimiter: string): number => firstLine.split(delimiter).length;
  return [';', '\t'].reduce((best, delimiter) => (countOf(delimiter) > countOf(best) ? delimiter : best), ',');
}

const neverClosed = 'opens a quote that is never closed; everything after it was taken for one value';

/** Records and what is wrong with others, in order. Rejects at one that is too long: what follows cannot be trusted. */
async function* readRecords(chunks: AsyncIterable<Uint8Array>, delimiter: string, maxRecordBytes: number): AsyncGenerator<CsvRecord | { line: number; reason: string }, void, undefined> {
  const found: (CsvRecord | { line: number; reason: string })[] = [];       // what the parser is ahead of the reader
  let last = { lines: 0, empty_lines: 0, bytes: 0 };
  // Lines without anything are skipped, and only counted.
  const beginsOn = (info: { readonly empty_lines: number }): number => last.lines + 1 + info.empty_lines - last.empty_lines;
  const parser = parse({
    delimiter, bom: true, relax_column_count: true, skip_empty_lines: true,
    relax_quotes: true,       // a quote inside a value is itself; to refuse it, the parser would lose its place
   
    max_record_size: maxRecordBytes, skip_records_with_error: true,
    on_record: (fields: string[], info: InfoRecord): string[] => {
      found.push({ line: beginsOn(info), fields: fields.map((field) => field.trim()), bytes: info.bytes - last.bytes });
      last = info;
      return fields;
    },
    on_skip: (error: CsvError | undefined) => {
      if (error === undefined) return undefined;
      const info = error as unknown as InfoRecord;       // the library puts its place into the error
      const line = beginsOn(info);
      // The parser loses its place after such a record, so the import ends there.
      if (error.code === 'CSV_MAX_RECORD_SIZE') throw problems(`The record that begins on line ${line} is longer than ${maxRecordBytes / 1_000_000} MB: is a quote opened there, or later, and never closed? Nothing after it was read.`);
      found.push({ line, reason: error.code === 'CSV_QUOTE_NOT_CLOSED' ? neverClosed : error.message });
      last = info;
      return undefined;
    },
  });
  const source = Readable.from(chunks, { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    const parsed = parser[Symbol.asyncIterator]();       // its records are in `found`, too, among what was skipped
    while ((await parsed.next()).done !== true) yield* found.splice(0);
    yield* found.splice(0);
  } finally {
    source.destroy();
    parser.destroy();
  }
}
