import { calendarOf, dayFromCivil, dayMs, type Calendar } from '../decision/calendar.js';

/** Points in time are epoch milliseconds, within the years 1 to 9999 as CEL has them. */
export const earliestMs = -62_135_596_800_000;
export const latestMs = 253_402_300_799_999;
export const inRange = (ms: number): number | undefined => (ms >= earliestMs && ms <= latestMs ? ms : undefined);

const pattern = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Reads an RFC 3339 timestamp ("2026-11-23T10:00:00Z", with an offset or Z) as epoch milliseconds; finer digits are
 *  cut off. `undefined` for anything else. */
export function parseTimestamp(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  const civil = dayFromCivil(Number(year), Number(month), Number(day));
  if (civil === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const localMs = civil * dayMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  return inRange(localMs - (sign === '-' ? -offsetMs : offsetMs));
}

/** Whether a timestamp is written with digits that a millisecond does not hold. */
export const isTimestampFinerThanMs = (text: string): boolean => /\.\d{3}\d*[1-9]/.test(text);

/** As CEL writes it: "2026-11-23T10:00:00Z", with milliseconds only where there are some. */
export const formatTimestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.000Z$/, 'Z').replace(/(\.\d*?)0+Z$/, '$1Z');

export const formatDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Civil time, field by field: `month` from 1, `weekday` 0 is Sunday, `dayOfYear` from 0. */
export interface CivilTime { readonly year: number; readonly month: number; readonly day: number; readonly weekday: number; readonly dayOfYear: number; readonly hour: number; readonly minute: number; readonly second: number; readonly millisecond: number }

/** The date of a day number, by Howard Hinnant's `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html):
 *  years that begin on 1 March, in eras of 400 years. */
export function civilDate(day: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1 };
}

/** `localMs`: milliseconds since 1970-01-01T00:00 by the local clock. */
export function civilTime(localMs: number): CivilTime {
  const utc = new Date(localMs);
  const year = utc.getUTCFullYear();
  const newYear = new Date(0).setUTCFullYear(year, 0, 1);
  return {
    year, month: utc.getUTCMonth() + 1, day: utc.getUTCDate(), weekday: utc.getUTCDay(), dayOfYear: Math.floor((localMs - newYear) / dayMs),
    hour: utc.getUTCHours(), minute: utc.getUTCMinutes(), second: utc.getUTCSeconds(), millisecond: utc.getUTCMilliseconds(),
  };
}

/** The local time of a zone: an IANA name ("Europe/Stockholm"), "UTC", or a fixed offset ("+02:00", "02:00", "-09:30").
 *  `undefined` where there is no such zone. */
export function localMsIn(zone: string, ms: number): number | undefined {
  const fixed = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (fixed !== null) {
    const offsetMs = (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000;
    return Number(fixed[2]) > 23 || Number(fixed[3]) > 59 ? undefined : ms + (fixed[1] === '-' ? -offsetMs : offsetMs);
  }
  let calendar: Calendar;
  try {
    calendar = calendarOf(zone);
  } catch {
    return undefined;
  }
  return calendar.dayOf(ms) * dayMs + calendar.minuteOfDay(ms) * 60_000 + (((ms % 60_000) + 60_000) % 60_000);
}
