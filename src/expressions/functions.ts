import type { Calendar } from '../decision/calendar.js';
import type { EventHistory } from '../decision/event-history.js';
import { parseDay, weekdayOf } from '../decision/calendar.js';
import { formatDuration, parseDuration } from './durations.js';
import { sizeLimits } from './operators.js';
import { exact, finite, historic, partial, total, zoned, type Operation, type Overload } from './signature.js';
import { sizeOfText } from './text-order.js';
import { civilDate, civilTime, formatDay, formatTimestamp, inRange, localMsIn, parseTimestamp, type CivilTime } from './timestamps.js';
import { bool, date, double, duration, int, string, timestamp, type Type } from './types.js';

type Named = readonly [name: string, operation: Operation];
const method = (name: string, usage: string, ...overloads: readonly Overload[]): Named => [name, { usage, form: 'method', overloads }];
const plain = (name: string, usage: string, ...overloads: readonly Overload[]): Named => [name, { usage, form: 'function', overloads }];
const identity = (value: unknown): unknown => value;

const texts: readonly Named[] = [
  method('startsWith', 'text.startsWith("a")', total(['string', 'string'], bool, (text: string, start: string) => text.startsWith(start))),
  method('endsWith', 'text.endsWith("a")', total(['string', 'string'], bool, (text: string, end: string) => text.endsWith(end))),
  method('contains', 'text.contains("a")', total(['string', 'string'], bool, (text: string, part: string) => text.includes(part))),
  method('lowerAscii', 'text.lowerAscii()', total(['string'], string, (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))),
  method('upperAscii', 'text.upperAscii()', total(['string'], string, (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()))),
  ['size', { usage: 'size(x), of a text, a list or a map', form: 'both', overloads: [
    total(['string'], int, sizeOfText),
    total(['list'], int, (list: readonly unknown[]) => list.length),
    total(['map'], int, (map: object) => (map instanceof Map ? map.size : Object.keys(map).length)),
  ] }],
];

const wholeNumber = /^[+-]?\d{1,16}$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const truths: ReadonlyMap<string, boolean> = new Map([...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const), ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const)]);

const conversions: readonly Named[] = [
  plain('int', 'int(x), of a number, a text or a timestamp', total(['int'], int, identity), partial(['double'], int, (value: number) => exact(Math.trunc(value))),
    partial(['string'], int, (text: string) => (wholeNumber.test(text) ? exact(Number(text)) : undefined)), total(['timestamp'], int, (ms: number) => Math.floor(ms / 1000))),
  plain('double', 'double(x), of a number or a text', total(['double'], double, identity), partial(['string'], double, (text: string) => (text.length <= sizeLimits.text && decimal.test(text) ? finite(Number(text)) : undefined))),
  plain('string', 'string(x)', total(['string'], string, identity), total(['double'], string, String), total(['bool'], string, String),
    total(['timestamp'], string, formatTimestamp), total(['date'], string, formatDay), total(['duration'], string, formatDuration)),
  plain('bool', 'bool(x), of a text', total(['bool'], bool, identity), partial(['string'], bool, (text: string) => truths.get(text))),
  plain('timestamp', 'timestamp("2026-01-31T12:00:00Z")', partial(['string'], timestamp, parseTimestamp), total(['instant'], timestamp, identity), partial(['int'], timestamp, (seconds: number) => inRange(seconds * 1000))),
  plain('duration', 'duration("30d"), in w, d, h, m, s, ms', partial(['string'], duration, parseDuration), total(['duration'], duration, identity)),
  plain('date', 'date("2026-01-31")', partial(['string'], date, parseDay), total(['day'], date, identity)),
];

/** Halves go away from zero, as in CEL's math.round. */
const round = (value: number): number | undefined => exact(Math.sign(value) * Math.round(Math.abs(value)));
const numberType = (args: readonly Type[]): Type => (args.every((arg) => arg.kind === 'int') ? int : double);
const extremes = (pick: (...values: number[]) => number): readonly Overload[] => [
  total(['double'], numberType, pick), total(['date'], date, pick), total(['instant'], timestamp, pick), total(['duration'], duration, pick),
];
const numbers: readonly Named[] = [
  ['min', { usage: 'min(a, b, …)', form: 'function', variadic: true, overloads: extremes(Math.min) }],
  ['max', { usage: 'max(a, b, …)', form: 'function', variadic: true, overloads: extremes(Math.max) }],
  plain('abs', 'abs(number)', total(['int'], int, Math.abs), total(['double'], double, Math.abs), total(['duration'], duration, Math.abs)),
  plain('round', 'round(number), to the nearest integer', total(['int'], int, identity), partial(['double'], int, round)),
];

/** Completed months from one day to another, negative where `to` is before `from`. A month is completed on the day of
 *  the same number, or, where the month has none, on the first of the next. */
export function monthsBetween(from: number, to: number): number {
  if (to < from) return 0 - monthsBetween(to, from);
  const a = civilDate(from);
  const b = civilDate(to);
  return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
}

/** Completed years: an age. Who was born on 29 February completes a year on 1 March where there is no 29 February. */
export const yearsBetween = (from: number, to: number): number => Math.trunc(monthsBetween(from, to) / 12) + 0;

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const days: readonly Named[] = [
  plain('daysBetween', 'daysBetween(from, to), each a date or a timestamp', total(['day', 'day'], int, (from: number, to: number) => to - from)),
  plain('monthsBetween', 'monthsBetween(from, to), each a date or a timestamp', total(['day', 'day'], int, monthsBetween)),
  plain('yearsBetween', 'yearsBetween(from, to), each a date or a timestamp', total(['day', 'day'], int, yearsBetween)),
  plain('monthDay', 'monthDay(x), of a date or a timestamp: "12-31"', total(['day'], string, (day: number) => `${twoDigits(civilDate(day).month)}-${twoDigits(civilDate(day).day)}`)),
  plain('weekday', 'weekday(x), of a date or a timestamp: 1 is Monday', total(['day'], int, (day: number) => weekdayOf(day) + 1)),
  plain('localHour', 'localHour(now), of a timestamp: 0 to 23', zoned(total(['timestamp'], int, (calendar: Calendar, ms: number) => Math.floor(calendar.minuteOfDay(ms) / 60)))),
];

/** Of the customer's events, as far as a trail remembers them. */
const eventFunctions: readonly Named[] = [
  plain('eventCount', 'eventCount("purchase"), or within a time: eventCount("purchase", duration("30d"))',
    historic(total(['string'], int, (events: EventHistory, type: string) => events.count(type))),
    historic(total(['string', 'duration'], int, (events: EventHistory, type: string, windowMs: number) => events.count(type, windowMs)))),
  plain('sinceLastEvent', 'sinceLastEvent("purchase"), a duration', historic(partial(['string'], duration, (events: EventHistory, type: string) => events.sinceLast(type)))),
  plain('pauseRatio', 'pauseRatio("purchase"), how many usual intervals the present pause is long', historic(partial(['string'], double, (events: EventHistory, type: string) => events.pauseRatio(type)))),
  plain('usualInterval', 'usualInterval("purchase"), a duration', historic(partial(['string'], duration, (events: EventHistory, type: string) => events.usualInterval(type)))),
];

/** CEL's accessors: in UTC, unless a time zone is given. A date has its own fields whatever the zone. */
const dateField = (name: string, field: (time: CivilTime) => number): Named => method(name, `x.${name}(), of a date or a timestamp; or with a time zone: x.${name}("Europe/Stockholm")`,
  total(['timestamp'], int, (ms: number) => field(civilTime(ms))),
  partial(['timestamp', 'string'], int, (ms: number, zone: string) => inZone(ms, zone, field)),
  total(['date'], int, (day: number) => field(civilTime(day * 86_400_000))));
const clockField = (name: string, field: (time: CivilTime) => number, ofDuration: (ms: number) => number): Named => method(name, `x.${name}(), of a timestamp or a duration`,
  total(['timestamp'], int, (ms: number) => field(civilTime(ms))),
  partial(['timestamp', 'string'], int, (ms: number, zone: string) => inZone(ms, zone, field)),
  total(['duration'], int, (ms: number) => ofDuration(ms) + 0));

function inZone(ms: number, zone: string, field: (time: CivilTime) => number): number | undefined {
  const local = localMsIn(zone, ms);
  return local === undefined ? undefined : field(civilTime(local));
}

const accessors: readonly Named[] = [
  dateField('getFullYear', (time) => time.year),
  dateField('getMonth', (time) => time.month - 1),
  dateField('getDate', (time) => time.day),
  dateField('getDayOfMonth', (time) => time.day - 1),
  dateField('getDayOfWeek', (time) => time.weekday),
  dateField('getDayOfYear', (time) => time.dayOfYear),
  clockField('getHours', (time) => time.hour, (ms) => Math.trunc(ms / 3_600_000)),
  clockField('getMinutes', (time) => time.minute, (ms) => Math.trunc(ms / 60_000)),
  clockField('getSeconds', (time) => time.second, (ms) => Math.trunc(ms / 1000)),
  clockField('getMilliseconds', (time) => time.millisecond, (ms) => ms % 1000),
];

export const functions: ReadonlyMap<string, Operation> = new Map([...texts, ...conversions, ...numbers, ...days, ...eventFunctions, ...accessors]);

/** Functions that CEL, or another language, has and these expressions have not, and what to write in their place. */
export const unavailable: ReadonlyMap<string, string> = new Map([
  ['matches', 'a regular expression can hang the service; use startsWith, endsWith, contains'],
  ['dyn', 'every value has the type that the schema declares'],
  ['type', 'every value has the type that the schema declares'],
  ['uint', 'use int(x)'],
  ['bytes', 'use a text'],
  ['toLowerCase', 'use lowerAscii()'], ['lower', 'use lowerAscii()'], ['toUpperCase', 'use upperAscii()'], ['upper', 'use upperAscii()'],
  ['length', 'use size(x)'], ['len', 'use size(x)'], ['count', 'use size(x)'], ['includes', 'use contains for a text, in for a list'], ['some', 'use exists'], ['any', 'use exists'], ['every', 'use all'],
  ['isNull', 'use !has(customer.age)'], ['isEmpty', 'use !has(customer.age), or size(x) == 0 of a list'], ['isMissing', 'use !has(customer.age)'], ['isSet', 'use has(customer.age)'], ['isDefined', 'use has(customer.age)'],
  ['daysSince', 'use daysBetween(x, now)'], ['daysUntil', 'use daysBetween(now, x)'], ['yearsSince', 'use yearsBetween(x, now)'], ['dateDiff', 'use daysBetween(from, to)'], ['datediff', 'use daysBetween(from, to)'],
  ['today', 'use now'], ['age', 'use yearsBetween(customer.birthDate, now)'],
]);
