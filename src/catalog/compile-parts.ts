import { parseDay, type Calendar } from '../decision/calendar.js';
import type { Stewardship } from '../decision/types.js';
import { parseDuration } from './duration.js';
import type { RawStewardship } from './schemas/parts.js';
import type { Spot } from './spot.js';

/** The day number of a date; `undefined` where there is none or no such date, which is reported. */
export function dayOf(text: string | undefined, spot: Spot): number | undefined {
  if (text === undefined) return undefined;
  const day = parseDay(text);
  if (day === undefined) spot.error(`there is no date "${text}": write it as 2026-11-23`);
  return day;
}

/** Inclusive dates as [fromMs, untilMs) in the catalog's time zone; open where not given. */
export function dateRange(raw: { readonly from?: string; readonly until?: string }, calendar: Calendar, spot: Spot): { readonly fromMs: number; readonly untilMs: number } {
  const from = dayOf(raw.from, spot.at('from'));
  const until = dayOf(raw.until, spot.at('until'));
  if (from !== undefined && until !== undefined && from > until) spot.at('until').error(`ends before it begins: from ${raw.from!} until ${raw.until!}`);
  return { fromMs: from === undefined ? -Infinity : calendar.startOfDay(from), untilMs: until === undefined ? Infinity : calendar.startOfDay(until + 1) };
}

/** Milliseconds; reported where it is no duration. */
export function durationMs(text: string | undefined, spot: Spot): number | undefined {
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined) spot.error(`"${text}" is no duration: write it as 90s, 15m, 12h, 30d or 2w`);
  return duration;
}

/** `today` is a day number; an overdue review is a warning. */
export function stewardshipOf(raw: RawStewardship, today: number, spot: Spot): Stewardship {
  const reviewBy = dayOf(raw.reviewBy, spot.at('reviewBy'));
  if (reviewBy !== undefined && reviewBy < today) spot.at('reviewBy').warn(`the review is overdue since ${raw.reviewBy!}${raw.owner === undefined ? '' : ` (owner: ${raw.owner})`}`);
  return { ...given('owner', raw.owner), ...given('goal', raw.goal), ...given('reviewBy', raw.reviewBy) };
}

/** The member where it is given: an absent one stays absent. */
export function given<K extends string, T>(name: K, value: T | undefined): { readonly [name in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [name in K]: T });
}
