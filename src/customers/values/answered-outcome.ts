import { createReader, createWriter, expectEnd, expectFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from './bytes.js';

/** What was answered to an outcome id of a customer, so that the same again gets the same. */
export interface AnsweredOutcome { readonly body: string; readonly answer: string; readonly expiresAt: number }

/** Of an event in place of an answer. A partner's is forgotten with the consent to partners' data, and tells so itself: the
 *  id under which it is kept is a hash. An outcome's answer is JSON, so none is mistaken for it. */
export const ownEventAnswer = '';
export const partnerEventAnswer = 'partner';

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
