import { calendarOf, endOfPeriod, startOfPeriod } from '../decision/calendar.js';
import type { Catalog, Limit, LimitUsage } from '../decision/types.js';
import type { LimitPeriod } from '../customers/customer-store.js';

/**
 * The counter of the period of a limit that `at` lies in, named by the local day on which it began:
 * "home-insurance/accepted/month@2026-11-01". It is kept for as long as an outcome may still be dated back into it.
 */
export function periodOf(limit: Limit, catalog: Catalog, at: number): LimitPeriod {
  if (limit.per === 'total') return { limit: limit.key, counter: limit.key, endsAt: null };
  const calendar = calendarOf(catalog.timeZone);
  const firstDay = new Date(calendar.dayOf(startOfPeriod(calendar, limit.per, at)) * 86_400_000).toISOString().slice(0, 10);
  return { limit: limit.key, counter: `${limit.key}@${firstDay}`, endsAt: endOfPeriod(calendar, limit.per, at) + catalog.ledger.windowMs };
}

/** The counters of every limit of the catalog, now. */
export function currentPeriods(catalog: Catalog, now: number): readonly LimitPeriod[] {
  return catalog.offers.flatMap(({ limits }) => limits.map((limit) => periodOf(limit, catalog, now)));
}

/** From usage by counter to usage by limit. */
export function usageByLimit(periods: readonly LimitPeriod[], usage: ReadonlyMap<string, number>): LimitUsage {
  return new Map(periods.map(({ limit, counter }) => [limit, usage.get(counter) ?? 0]));
}
