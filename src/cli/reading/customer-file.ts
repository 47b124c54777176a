import type { JsonObject } from '../../decision/types.js';
import { readCsvCustomers } from './csv-customers.js';
import type { CustomerRow } from './customer-row.js';
import { problems } from '../failure.js';
import { byteOrderMark, maxLineBytes, readJsonLines } from './json-lines.js';

export const customerFormats = ['ndjson', 'csv'] as const;
export type CustomerFormat = (typeof customerFormats)[number];

const sniffedBytes = 64 * 1024;

/**
 * The customers of a file in order, one at a time. `customerSchema` gives the values of a CSV file their types. Rejects
 * with a CommandFailure where the file as a whole is of no use (a CSV file without the column "id").
 */
export async function* readCustomerFile(chunks: AsyncIterable<Uint8Array>, name: string, format: CustomerFormat | null, customerSchema: JsonObject): AsyncGenerator<CustomerRow, void, undefined> {
  const { head, all } = await peek(chunks);
  const kind = format ?? formatOf(name, head);
  if (kind === 'csv') yield* readCsvCustomers(all, head, customerSchema, maxLineBytes);
  else yield* readJsonLines(all);
}

function formatOf(name: string, head: string): CustomerFormat {
  if (/\.csv$/i.test(name)) return 'csv';
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
  const [first] = head.replace(byteOrderMark, '').trimStart();
  if (first === '[') throw problems(`${name} is one JSON array; an import reads a customer per line. Convert it with: jq -c '.[]'`);
  return first === '{' || first === undefined ? 'ndjson' : 'csv';
}

/** The beginning of a stream as text, and the stream with its beginning still there. */
async function peek(chunks: AsyncIterable<Uint8Array>): Promise<{ head: string; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let length = 0;
  while (length < sniffedBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    seen.push(next.value);
    length += next.value.length;
  }
  const all = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* seen;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
  return { head: Buffer.concat(seen).subarray(0, sniffedBytes).toString(), all: all() };
}
