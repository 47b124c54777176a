import type { CustomerEvents, EventTrail, JsonObject, TriggerMatch } from '../../decision/types.js';
import type { Reader, Writer } from './bytes.js';
import { UnreadableValue, readByte, readCount, readNumber, readSigned, readText, skipText, writeByte, writeNumber, writeSigned, writeText } from './bytes.js';
import { enterString, readString, writePlace, writePlaceOf, type Entry, type StringTable } from './string-table.js';
import { dayMs } from '../../decision/calendar.js';

const isFromPartner = 1;
const hasEvent = 2;
const hasEnd = 4;

/** In the order of the format. A trigger's matches stand together, and may be many: its name once. */
export function enterEvents(table: StringTable, { trails, matches }: CustomerEvents): void {
  for (const { type } of trails) enterString(table, type);
  let before: string | undefined;
  for (const { trigger } of matches) {
    if (trigger !== before) enterString(table, trigger);
    before = trigger;
  }
}

/** `table` has all their strings. */
export function writeEvents(writer: Writer, { trails, matches }: CustomerEvents, table: StringTable): void {
  writeNumber(writer, trails.length);
  for (const { type, fromPartner, total, recent, days } of trails) {
    writePlaceOf(writer, table, type);
    writeByte(writer, fromPartner ? isFromPartner : 0);
    writeNumber(writer, total);
    writeRising(writer, recent, (time) => time);
    writeRising(writer, days, ({ day }) => day, ({ count }) => writeNumber(writer, count));
  }
  writeNumber(writer, matches.length);
  let before = 0;
  let [of, entry]: [string | undefined, Entry] = [undefined, 0];
  for (const { trigger, fromPartner, occurredAt, event, endsAt } of matches) {
    if (trigger !== of) [of, entry] = [trigger, table.entries.get(trigger)!];
    writePlace(writer, table, entry);
    writeByte(writer, (fromPartner ? isFromPartner : 0) | (event === undefined ? 0 : hasEvent) | (endsAt === undefined ? 0 : hasEnd));
    writeSigned(writer, occurredAt - before);
    before = occurredAt;
    if (event !== undefined) writeText(writer, JSON.stringify([event.source, event.data]));
    if (endsAt !== undefined) writeNumber(writer, (endsAt - occurredAt) / dayMs);
  }
}

/** Each as its distance from the one before. */
function writeRising<T>(writer: Writer, items: readonly T[], numberOf: (item: T) => number, writeRest: (item: T) => void = () => undefined): void {
  writeNumber(writer, items.length);
  let before = 0;
  for (const item of items) {
    writeNumber(writer, numberOf(item) - before);
    before = numberOf(item);
    writeRest(item);
  }
}

export function readEvents(reader: Reader, strings: readonly string[]): CustomerEvents {
  const trails: EventTrail[] = [];
  for (let left = readCount(reader); left > 0; left--) {
    const type = readString(reader, strings);
    const fromPartner = (readByte(reader) & isFromPartner) !== 0;
    const total = readNumber(reader);
    const recent = readRising(reader, (time) => time);
    const days = readRising(reader, (day) => ({ day, count: readNumber(reader) }));
    trails.push({ type, fromPartner, total, recent, days });
  }
  return { trails, matches: readMatches(reader, strings) };
}

function readMatches(reader: Reader, strings: readonly string[]): TriggerMatch[] {
  const count = readCount(reader);
  const matches = new Array<TriggerMatch>(count);
  let occurredAt = 0;
  let [before, start]: [TriggerMatch['event'], number] = [undefined, 0];
  for (let place = 0; place < count; place++) {
    const trigger = readString(reader, strings);
    const flags = readByte(reader);
    occurredAt += readSigned(reader);
    let event: TriggerMatch['event'];
    if ((flags & hasEvent) !== 0) {
      const at = reader.position;
      event = before !== undefined && skipRepeated(reader, start) ? before : readEvent(reader);
      [before, start] = [event, at];
    }
    const endsAt = (flags & hasEnd) === 0 ? undefined : occurredAt + readNumber(reader) * dayMs;
    matches[place] = { trigger, fromPartner: (flags & isFromPartner) !== 0, occurredAt, event, endsAt };
  }
  return matches;
}

/** Whether the text that comes is, byte for byte, the one at `start`, which was read before: the events that a trigger waits
 *  for often say the same, and comparing is ten times as quick as parsing. Goes on behind it if so. */
function skipRepeated(reader: Reader, start: number): boolean {
  const { bytes, position, end } = reader;
  // Both begin with their encoding and their size.
  const size = skipText({ bytes, position: start, end }) - start;
  if (position + size > end) return false;
  for (let at = 0; at < size; at++) if (bytes[start + at] !== bytes[position + at]) return false;
  reader.position = position + size;
  return true;
}

function readRising<T>(reader: Reader, read: (number: number) => T): T[] {
  const items: T[] = [];
  let number = 0;
  for (let left = readCount(reader); left > 0; left--) {
    number += readNumber(reader);
    items.push(read(number));
  }
  return items;
}

function readEvent(reader: Reader): NonNullable<TriggerMatch['event']> {
  try {
    const [source, data] = JSON.parse(readText(reader)) as [unknown, unknown];
    if (typeof source === 'string' && typeof data === 'object' && data !== null && !Array.isArray(data)) return { source, data: data as JsonObject };
  } catch { /* the same end */ }
  throw new UnreadableValue(`no event before byte ${reader.position}`);
}
