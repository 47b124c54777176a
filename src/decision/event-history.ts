import { dayMs } from './calendar.js';
import { usualInterval } from './rhythm.js';
import type { Catalog, CustomerEvents, CustomerState, EventTrail } from './types.js';

/** What conditions ask of a customer's events. Times are epoch milliseconds, durations milliseconds. */
export interface EventHistory {
  /** How many of a type, up to the moment; with `windowMs` those of (moment − window, moment]. Of more than the trail
   *  remembers, the whole days within the window count. */
  count(type: string, windowMs?: number): number;
  /** How long since the last one; for an event that is being judged, since the one before it. */
  sinceLast(type: string): number | undefined;
  /** How many usual intervals the present pause is long. */
  pauseRatio(type: string): number | undefined;
  /** The customer's usual interval; with too little history the population's, else the declared one. */
  usualInterval(type: string): number | undefined;
  /** Only the customer's own. */
  ownInterval(type: string): number | undefined;
}

/** A customer's events as seen at a moment. `judged`: an event of that type at that moment is being judged, so that "the
 *  last one" is the one before. */
export function openEventHistory({ events, rhythms }: Pick<CustomerState, 'events' | 'rhythms'>, catalog: Pick<Catalog, 'events'>, at: number, judged: string | null = null): EventHistory {
  const sinceLast = (type: string): number | undefined => {
    const last = lastTime(trailOf(events, type), at, type === judged);
    return last === undefined ? undefined : at - last;
  };
  // Several triggers ask of the same type, and at most one answer is kept: a condition's history is opened for each event.
  let asked: string | undefined;
  let answered: number | undefined;
  const own = (type: string): number | undefined => {
    if (type === asked) return answered;
    const trail = trailOf(events, type);
    [asked, answered] = [type, trail === undefined ? undefined : usualInterval(knownAt(trail, at))];
    return answered;
  };
  const usual = (type: string): number | undefined => own(type) ?? rhythms?.get(type) ?? catalog.events.get(type)?.usualIntervalMs ?? undefined;
  return {
    count: (type, windowMs) => {
      const trail = trailOf(events, type);
      return trail === undefined ? 0 : windowMs === undefined ? countUntil(trail, at) : countWithin(trail, at, windowMs);
    },
    sinceLast,
    pauseRatio: (type) => {
      const [pause, interval] = [sinceLast(type), usual(type)];
      return pause === undefined || interval === undefined ? undefined : pause / interval;
    },
    usualInterval: usual,
    ownInterval: own,
  };
}

export function trailOf(events: CustomerEvents | undefined, type: string): EventTrail | undefined {
  if (events !== undefined) for (const trail of events.trails) if (trail.type === type) return trail;
  return undefined;
}

/** The trail without the days that were still to come. */
function knownAt(trail: EventTrail, at: number): EventTrail {
  const latest = trail.recent.at(-1);
  if (latest === undefined || latest <= at) return trail;
  const today = Math.floor(at / dayMs);
  const timesToday = trail.recent.filter((time) => Math.floor(time / dayMs) === today);
  const hadToday = timesToday.length === 0 || timesToday[0]! <= at;
  return { ...trail, days: trail.days.filter(({ day }) => day < today || (day === today && hadToday)) };
}

/** The latest at or before the moment; `before`: leaving out one that is exactly then. */
export function lastTime(trail: EventTrail | undefined, at: number, before = false): number | undefined {
  if (trail === undefined) return undefined;
  const last = trail.recent.findLastIndex((time) => time <= at);
  const time = trail.recent[last];
  if (time === undefined || !before || time < at) return time;
  return trail.recent[last - 1];
}

function countUntil({ total, recent }: EventTrail, at: number): number {
  let later = 0;
  while (later < recent.length && recent[recent.length - 1 - later]! > at) later += 1;
  return total - later;
}

function countWithin({ total, recent, days }: EventTrail, at: number, windowMs: number): number {
  const from = at - windowMs;
  const exact = recent.filter((time) => time > from && time <= at).length;
  const oldest = recent[0];
  if (oldest === undefined || oldest <= from || recent.length === total) return exact;
  // Before the oldest time that is kept, days stand in for times.
  const firstDay = Math.ceil(from / dayMs);
  const oldestDay = Math.floor(oldest / dayMs);
  const onOldestDay = recent.filter((time) => Math.floor(time / dayMs) === oldestDay).length;
  let count = exact;
  for (const { day, count: ofDay } of days) {
    if (day >= firstDay && day < oldestDay) count += ofDay;
    else if (day === oldestDay && day >= firstDay) count += Math.max(0, ofDay - onOldestDay);
  }
  return count;
}
