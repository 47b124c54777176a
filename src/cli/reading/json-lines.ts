import { ServiceError } from '../../errors.js';
import { parseJsonBody } from '../../http/json-body.js';
import type { CustomerRow } from './customer-row.js';
import { readLines } from './lines.js';

/** What a line may have, and a CSV record with its quoted line breaks. */
export const maxLineBytes = 1_000_000;
export const tooLong = `is longer than ${maxLineBytes / 1_000_000} MB`;
export const byteOrderMark = /^\ufeff/;

/** NDJSON: the values of a file's lines in order, blank ones left out, and what is wrong with those that are none. */
export async function* readJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CustomerRow, void, undefined> {
  for await (const { number: line, bytes } of readLines(chunks, maxLineBytes)) {
    if (bytes === null) {
      yield { line, reason: tooLong };
      continue;
    }
    if (isBlank(bytes)) continue;
    try {
      yield { line, value: parseJsonBody(bytes), bytes: bytes.length };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // A line is one line: its place in the file says more than "line 1" of itself.
      const { pointer, detail } = error.errors[0] ?? { pointer: '', detail: error.message };
      yield { line, reason: `${pointer} ${detail.replace('line 1, ', '')}`.trimStart() };
    }
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 64 && bytes.toString().replace(byteOrderMark, '').trim() === '';
}
