import { createReader, createWriter, expectEnd, expectFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from './bytes.js';

/** What was answered to an outcome id of a customer, so that the same again gets the same. */
export interface AnsweredOutcome { readonly body: string; readonly answer: string; readonly expiresAt: number }

const format = 1;

export function encodeAnswered({ expiresAt, body, answer }: AnsweredOutcome): Buffer {
  const writer = createWriter(256);
  writeByte(writer, format);
  writeNumber(writer, expiresAt);
  writeText(writer, body);
  writeText(writer, answer);
  return written(writer);
}

/** Throws `UnreadableValue`. */
export function decodeAnswered(bytes: Buffer): AnsweredOutcome {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const expiresAt = readNumber(reader);
  const body = readText(reader);
  const answer = readText(reader);
  expectEnd(reader);
  return { expiresAt, body, answer };
}
