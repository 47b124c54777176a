import { createReader, createWriter, expectEnd, expectFormat, readNumber, readText, writeByte, writeNumber, writeText, written } from './bytes.js';

/** What a customer keeps of a visitor that was linked: whose it is, and what was answered. */
export interface VisitorLink {
  /** 36 characters, so that scripts find it at bytes 4 to 39. */
  readonly linkId: string;
  readonly visitorId: string;
  readonly linkedAt: number;
  readonly contacts: number;
  readonly events: number;
}

const format = 1;

export function encodeLink({ linkId, visitorId, linkedAt, contacts, events }: VisitorLink): Buffer {
  const writer = createWriter(128);
  writeByte(writer, format);
  writeText(writer, linkId);
  writeText(writer, visitorId);
  for (const number of [linkedAt, contacts, events]) writeNumber(writer, number);
  return written(writer);
}

/** Throws `UnreadableValue`. */
export function decodeLink(bytes: Buffer): VisitorLink {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const linkId = readText(reader);
  const visitorId = readText(reader);
  const [linkedAt, contacts, events] = [readNumber(reader), readNumber(reader), readNumber(reader)];
  expectEnd(reader);
  return { linkId, visitorId, linkedAt, contacts, events };
}

export function inLinkOrder(links: readonly VisitorLink[]): readonly VisitorLink[] {
  return links.toSorted((one, other) => one.linkedAt - other.linkedAt || (one.visitorId < other.visitorId ? -1 : 1));
}
