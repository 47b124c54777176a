import type { TriggerTiming } from '../decision/event-intake.js';
import type { CustomerEvents, TriggerMatch } from '../decision/types.js';
import { meansForMs } from './trigger-matches.js';
import { dayMs } from '../decision/calendar.js';

/** Of a trigger that is gone, and of which nobody can tell how long it would have lasted. */
const unknownMs = 366 * dayMs;

/** When a match will mean nothing any more; in whole days, for the stored format. */
export function endOf(occurredAt: number, timing: TriggerTiming, whole: boolean): number | undefined {
  const forMs = meansForMs(timing, whole);
  return forMs === Infinity ? undefined : occurredAt + Math.ceil(forMs / dayMs) * dayMs;
}

/**
 * Without the matches of triggers that have been over for a while: no decision can tell whether they are there. Those of
 * one trigger go together. A trigger of the catalog is over by its own timing; one that is not in it (any more) by what
 * its timing was, so that a catalog that lacks it for a while, on one node or on all, takes nothing away.
 *
 * `asOf` is the time of an event that came, and not the clock's: a history that is taken in from its beginning is kept as
 * if it had come when it happened.
 */
export function withoutOver(events: CustomerEvents, timings: ReadonlyMap<string, TriggerTiming>, asOf: number): CustomerEvents {
  const kept: TriggerMatch[] = [];
  const { matches } = events;
  for (let from = 0, until = 0; from < matches.length; from = until) {
    const { trigger } = matches[from]!;
    while (matches[until]?.trigger === trigger) until++;
    const own = matches.slice(from, until);
    if (overAt(own, timings.get(trigger)) > asOf) kept.push(...own);
  }
  return kept.length === matches.length ? events : { trails: events.trails, matches: kept };
}

function overAt(matches: readonly TriggerMatch[], timing: TriggerTiming | undefined): number {
  const ends = matches.map((match) => endUnder(match, timing));
  return ends.reduce((latest, end) => Math.max(latest, end));
}

function endUnder({ occurredAt, event, endsAt }: TriggerMatch, timing: TriggerTiming | undefined): number {
  return timing === undefined ? endsAt ?? occurredAt + unknownMs : occurredAt + meansForMs(timing, event !== undefined);
}
