import { calendarOf, dayMs, endOfPeriod, startOfPeriod } from '../decision/calendar.js';
import type { Catalog, Limit, LimitUsage } from '../decision/types.js';
import type { LimitPeriod } from '../customers/customer-store.js';

/**
 * The counter of the period of a limit that `at` lies in, named by the local day on which it began:
 * "home-insurance/accepted/month@2026-11-01". It is kept for as long as an outcome may still be dated back into it.
 */
export function periodOf(limit: Limit, catalog: Catalog, at: number): LimitPeriod {
  if (limit.per === 'total') return { limit: limit.key, counter: limit.key, endsAt: null };
  const calendar = calendarOf(catalog.timeZone);
  const firstDay = isoDate(calendar.dayOf(startOfPeriod(calendar, limit.per, at)));
  return { limit: limit.key, counter: `${limit.key}@${firstDay}`, endsAt: endOfPeriod(calendar, limit.per, at) + catalog.ledger.windowMs };
}

/** The period that `at` lies in, as people name it: "2026-11-23", "2026-W48" (ISO 8601), "2026-11"; `null` for a total. */
export function nameOfPeriod(per: Limit['per'], timeZone: string, at: number): string | null {
  if (per === 'total') return null;
  const calendar = calendarOf(timeZone);
  const firstDay = calendar.dayOf(startOfPeriod(calendar, per, at));
  return per === 'week' ? nameOfWeek(firstDay) : isoDate(firstDay).slice(0, per === 'month' ? 7 : 10);
}

/** A week is of the year that its Thursday lies in. */
function nameOfWeek(monday: number): string {
  const thursday = new Date((monday + 3) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

function isoDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The counters of every limit of the catalog at a time. They change only at midnight, so those of a day are kept. */
export function currentPeriods(catalog: Catalog, at: number): readonly LimitPeriod[] {
  const kept = periodsOfDay.get(catalog);
  if (kept !== undefined && at >= kept.fromMs && at < kept.untilMs) return kept.periods;
  const calendar = calendarOf(catalog.timeZone);
  const today = calendar.dayOf(at);
  const periods = catalog.offers.flatMap(({ limits }) => limits.map((limit) => periodOf(limit, catalog, at)));
  periodsOfDay.set(catalog, { fromMs: calendar.startOfDay(today), untilMs: calendar.startOfDay(today + 1), periods });
  return periods;
}
const periodsOfDay = new WeakMap<Catalog, { readonly fromMs: number; readonly untilMs: number; readonly periods: readonly LimitPeriod[] }>();

/** From usage by counter to usage by limit. */
export function usageByLimit(periods: readonly LimitPeriod[], usage: ReadonlyMap<string, number>): LimitUsage {
  return new Map(periods.map(({ limit, counter }) => [limit, usage.get(counter) ?? 0]));
}
