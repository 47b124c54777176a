import type { Calendar } from '../decision/calendar.js';
import { dayMs } from '../decision/calendar.js';
import { longestMs } from './durations.js';
import { exact, finite, partial, total, zoned, type Operation, type Overload } from './signature.js';
import { compareText } from './text-order.js';
import { earliestMs, inRange, latestMs } from './timestamps.js';
import { bool, date, double, duration, int, listOf, never, string, timestamp, unify, type Type } from './types.js';

/** What a loop may build up: longer texts and lists have no result, so that no expression can fill the memory. */
export const sizeLimits = { text: 65_536, list: 10_000 } as const;

const dayInRange = (day: number): number | undefined => (day * dayMs >= earliestMs && day * dayMs <= latestMs ? day : undefined);
const durationInRange = (ms: number): number | undefined => (Math.abs(ms) <= longestMs ? ms + 0 : undefined);
const joined = ([a, b]: readonly Type[]): Type => unify(a ?? never, b ?? never) ?? listOf(never);

/** A date moved by whole days stays a date; by anything else it is a point in time from the start of that day. The
 *  checker picks `dateByDays` where the duration is a constant of whole days. */
export const dateByDays = (sign: 1 | -1): Overload => partial(['date', 'duration'], date, (day: number, ms: number) => dayInRange(day + (sign * ms) / dayMs));

const order = (holds: (order: number) => boolean, number: (a: number, b: number) => boolean): readonly Overload[] => [
  total(['double', 'double'], bool, number),
  total(['string', 'string'], bool, (a: string, b: string) => holds(compareText(a, b))),
  total(['date', 'date'], bool, number),
  total(['instant', 'instant'], bool, number),
  total(['duration', 'duration'], bool, number),
  total(['bool', 'bool'], bool, (a: boolean, b: boolean) => number(Number(a), Number(b))),
];

const binary = (usage: string, overloads: readonly Overload[]): Operation => ({ usage, form: 'function', overloads });

/** All operators but ==, !=, in, && and ||, which are checked by rules of their own. */
export const operators: ReadonlyMap<string, Operation> = new Map([
  ['<', binary('a < b', order((o) => o < 0, (a, b) => a < b))],
  ['<=', binary('a <= b', order((o) => o <= 0, (a, b) => a <= b))],
  ['>', binary('a > b', order((o) => o > 0, (a, b) => a > b))],
  ['>=', binary('a >= b', order((o) => o >= 0, (a, b) => a >= b))],
  ['+', binary('a + b', [
    partial(['int', 'int'], int, (a: number, b: number) => exact(a + b)),
    partial(['double', 'double'], double, (a: number, b: number) => finite(a + b)),
    partial(['string', 'string'], string, (a: string, b: string) => (a.length + b.length > sizeLimits.text ? undefined : a + b)),
    partial(['list', 'list'], joined, (a: readonly unknown[], b: readonly unknown[]) => (a.length + b.length > sizeLimits.list ? undefined : [...a, ...b])),
    partial(['duration', 'duration'], duration, (a: number, b: number) => durationInRange(a + b)),
    partial(['timestamp', 'duration'], timestamp, (a: number, b: number) => inRange(a + b)),
    partial(['duration', 'timestamp'], timestamp, (a: number, b: number) => inRange(a + b)),
    zoned(partial(['date', 'duration'], timestamp, (calendar: Calendar, a: number, b: number) => inRange(calendar.startOfDay(a) + b))),
    zoned(partial(['duration', 'date'], timestamp, (calendar: Calendar, a: number, b: number) => inRange(calendar.startOfDay(b) + a))),
  ])],
  ['-', binary('a - b', [
    partial(['int', 'int'], int, (a: number, b: number) => exact(a - b)),
    partial(['double', 'double'], double, (a: number, b: number) => finite(a - b)),
    partial(['duration', 'duration'], duration, (a: number, b: number) => durationInRange(a - b)),
    partial(['timestamp', 'duration'], timestamp, (a: number, b: number) => inRange(a - b)),
    partial(['date', 'date'], duration, (a: number, b: number) => durationInRange((a - b) * dayMs)),
    partial(['instant', 'instant'], duration, (a: number, b: number) => durationInRange(a - b)),
    zoned(partial(['date', 'duration'], timestamp, (calendar: Calendar, a: number, b: number) => inRange(calendar.startOfDay(a) - b))),
  ])],
  ['*', binary('a * b', [
    partial(['int', 'int'], int, (a: number, b: number) => exact(a * b)),
    partial(['double', 'double'], double, (a: number, b: number) => finite(a * b)),
  ])],
  ['/', binary('a / b', [
    partial(['int', 'int'], int, (a: number, b: number) => (b === 0 ? undefined : exact((a - (a % b)) / b))),
    partial(['double', 'double'], double, (a: number, b: number) => finite(a / b)),
  ])],
  ['%', binary('a % b, both integers', [partial(['int', 'int'], int, (a: number, b: number) => (b === 0 ? undefined : exact(a % b)))])],
]);

export const unaryOperators: ReadonlyMap<string, Operation> = new Map([
  ['!', { usage: '!condition', form: 'function', overloads: [total(['bool'], bool, (a: boolean) => !a)] }],
  ['-', { usage: '-a', form: 'function', overloads: [total(['int'], int, (a: number) => 0 - a), total(['double'], double, (a: number) => -a), total(['duration'], duration, (a: number) => 0 - a)] }],
]);
