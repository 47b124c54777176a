/**
 * A time zone's civil calendar: which local day and minute an instant is, and at which instant a local day begins,
 * across daylight saving. A day is a number: days since 1970-01-01 in the proleptic Gregorian calendar.
 */
export interface Calendar {
  readonly timeZone: string;
  /** The local day of an instant. */
  dayOf(instantMs: number): number;
  /** Minutes since local midnight by the wall clock, 0..1439. */
  minuteOfDay(instantMs: number): number;
  /** The first instant of a local day; where midnight does not exist (a clock put forward), the first after it. */
  startOfDay(day: number): number;
}

export const dayMs = 86_400_000;
const quarterMs = 900_000;        // zones change their offset on quarters of an hour, nearly all: an offset is good for its quarter
const cacheLimit = 4096;

const calendars = new Map<string, Calendar>();

/** The calendar of an IANA zone ("Europe/Stockholm"). Throws a RangeError for a zone that does not exist. */
export function calendarOf(timeZone: string): Calendar {
  let calendar = calendars.get(timeZone);
  if (calendar === undefined) {
    calendar = createCalendar(timeZone);
    if (calendars.size >= 1024) calendars.clear();
    calendars.set(timeZone, calendar);
  }
  return calendar;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    calendarOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

function createCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  /** By quarter of an hour; NaN where the offset changes within it, as in St John's until 2011 (at 00:01). */
  const offsets = new Map<number, number>();

  /** The quarter asked for last: most questions of a request are about `now`. */
  let latestQuarter = Number.NaN;
  let latestOffset = 0;
  const starts = new Map<number, number>();

  const offsetAt = (instantMs: number): number => {
    const quarter = Math.floor(instantMs / quarterMs);
    if (quarter === latestQuarter) return latestOffset;
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      offset = readOffset(quarter * quarterMs);
      if (offset !== readOffset((quarter + 1) * quarterMs - 1000)) offset = Number.NaN;
      if (offsets.size >= cacheLimit) offsets.clear();
      offsets.set(quarter, offset);
    }
    if (Number.isNaN(offset)) return readOffset(Math.floor(instantMs / 1000) * 1000);
    latestQuarter = quarter;
    latestOffset = offset;
    return offset;
  };
  /** Of a whole second. */
  const readOffset = (atMs: number): number => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(atMs)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const localMs = Date.UTC(2000, Number(part['month']) - 1, Number(part['day']), Number(part['hour']), Number(part['minute']), Number(part['second']));
    const shifted = new Date(localMs);
    shifted.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
    return shifted.getTime() - atMs;
  };
  const dayOf = (instantMs: number): number => Math.floor((instantMs + offsetAt(instantMs)) / dayMs);

  return {
    timeZone,
    dayOf,
    minuteOfDay: (instantMs) => {
      const localMs = instantMs + offsetAt(instantMs);
      return Math.floor((localMs - Math.floor(localMs / dayMs) * dayMs) / 60_000);
    },
    startOfDay: (day) => {
      let start = starts.get(day);
      if (start === undefined) {
        start = findStart(day, offsetAt, dayOf);
        if (starts.size >= cacheLimit) starts.clear();
        starts.set(day, start);
      }
      return start;
    },
  };
}

function findStart(day: number, offsetAt: (ms: number) => number, dayOf: (ms: number) => number): number {
  const localMs = day * dayMs;
  const before = offsetAt(localMs - dayMs / 2);
  const after = offsetAt(localMs + dayMs / 2);
  // Both offsets may fit around a change: the earliest instant that is in this day is its start.
  for (const candidate of [localMs - Math.max(before, after), localMs - Math.min(before, after)]) {
    if (dayOf(candidate) === day) return dayOf(candidate - 1) === day ? firstInstantOf(day, candidate - dayMs / 2, candidate, dayOf) : candidate;
  }
  return firstInstantOf(day, localMs - dayMs, localMs + dayMs, dayOf);
}

/** Bisection for the zones that leave out midnight (or, once, a whole day): the first instant whose local day is at least `day`. */
function firstInstantOf(day: number, lowMs: number, highMs: number, dayOf: (ms: number) => number): number {
  let low = lowMs;
  let high = highMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(middle) >= day) high = middle;
    else low = middle;
  }
  return high;
}

/** The day number of a civil date, or `undefined` where there is no such date. Months count from 1. */
export function dayFromCivil(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / dayMs;
}

/** Reads a date as "2026-11-23"; `undefined` for anything else. */
export function parseDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match === null ? undefined : dayFromCivil(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** 0 is Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Where the calendar period (day, week from Monday, month) that `instantMs` lies in begins. */
export function startOfPeriod(calendar: Calendar, period: 'day' | 'week' | 'month', instantMs: number): number {
  const today = calendar.dayOf(instantMs);
  if (period === 'day') return calendar.startOfDay(today);
  if (period === 'week') return calendar.startOfDay(today - weekdayOf(today));
  return calendar.startOfDay(today - new Date(today * dayMs).getUTCDate() + 1);
}

/** Where that period ends and the next begins. */
export function endOfPeriod(calendar: Calendar, period: 'day' | 'week' | 'month', instantMs: number): number {
  const today = calendar.dayOf(instantMs);
  if (period === 'day') return calendar.startOfDay(today + 1);
  if (period === 'week') return calendar.startOfDay(today - weekdayOf(today) + 7);
  const next = new Date(today * dayMs);
  next.setUTCMonth(next.getUTCMonth() + 1, 1);
  return calendar.startOfDay(next.getTime() / dayMs);
}
