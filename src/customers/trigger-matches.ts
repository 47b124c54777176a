import { activating } from '../decision/activation.js';
import { matchesOfTrigger } from '../decision/matches-of-trigger.js';
import type { TriggerTiming } from '../decision/event-intake.js';
import type { TriggerMatch } from '../decision/types.js';
import { dayMs } from '../decision/calendar.js';

/**
 * The events that a trigger waited for, as far as they still matter to when it is active. Kept are:
 *
 * - those since one that began or prolonged an activation, and whose own window and rest are over. What is active follows
 *   from the events since such a one; cut anywhere else, in a rest, it would seem a beginning, and with events that come
 *   often a rest would never end;
 * - of those, the first and the last of each cell of time, a 32nd of the window with its rest. So where events are many an
 *   activation may begin, or its end be prolonged, by so much later than it should, and no more;
 * - where the window is shorter than that, also the latest 32 of the first and last of each window of time. Of events that
 *   each came while the trigger was active none may be left out but between such: it would seem to have ended, and to rest.
 *   Where it opens later, there are as many more as may wait to open, at most 256 in all, but of those kept whole: each
 *   opens a window of its own;
 * - of events that a condition has yet to read, which are kept whole, cells four times as long, and the latest 16.
 *
 * All of it is a function of the set of events, in whatever order they came within `latenessMs`.
 */
const latenessMs = 7 * dayMs;
const cells = 32;
const cellsOfWhole = 8;
const latestWhole = 16;
const latestInWindows = 32;
const mostInWindows = 256;
/** Stands in for a window without an end, so that what is older is forgotten, too. */
const longWindowMs = 30 * dayMs;

/** Matches (ascending by trigger, then in order of time) with one more; the same where it changes nothing. */
export function withMatch(matches: readonly TriggerMatch[], match: TriggerMatch, timing: TriggerTiming): readonly TriggerMatch[] {
  // Of a thousand triggers on one type of event, none may look at the matches of the others.
  const { from, until } = matchesOfTrigger(matches, match.trigger);
  const mine = matches.slice(from, until);
  const kept = withOwnMatch(mine, match, timing);
  return kept === mine ? matches : matches.toSpliced(from, until - from, ...kept);
}

/** The same for one trigger: `mine` are its own. */
export function withOwnMatch(mine: readonly TriggerMatch[], match: TriggerMatch, timing: TriggerTiming): readonly TriggerMatch[] {
  const key = orderOf(match);
  if (mine.some((other) => other.occurredAt === match.occurredAt && orderOf(other) === key)) return mine;
  const times = bounded(timing);
  const cellMs = cellOf(times, match.event !== undefined);
  const forgetsMs = forgetsAfterMs(times, match.event !== undefined);
  const newest = Math.max(match.occurredAt, mine.at(-1)?.occurredAt ?? 0);
  // It comes again, or far too late: what it could have begun is over.
  if (mine.length > 0 && match.occurredAt < mine[0]!.occurredAt && match.occurredAt <= newest - forgetsMs) return mine;
  const all = mine.toSpliced(placeOf(match, mine), 0, match);
  const begin = activating(times, all.map(({ occurredAt }) => occurredAt)).findLast((time) => time <= newest - forgetsMs) ?? 0;
  return thinned(all.filter(({ occurredAt }) => occurredAt >= begin), cellMs, times, match.event !== undefined);
}

/** A match so long after another tells all that the other tells. `Infinity`: only another match can say that it is over. */
export function meansForMs(timing: TriggerTiming, whole: boolean): number {
  return timing.windowMs === Infinity ? Infinity : forgetsAfterMs(timing, whole);
}

function forgetsAfterMs(timing: TriggerTiming, whole: boolean): number {
  return spanOf(timing) + latenessMs + cellOf(timing, whole);
}

function cellOf(timing: TriggerTiming, whole: boolean): number {
  return spanOf(timing) / (whole ? cellsOfWhole : cells);
}

function spanOf({ opensAfterMs, windowMs, restMs }: TriggerTiming): number {
  return Math.max(latenessMs, opensAfterMs + windowMs + restMs);
}

function bounded({ opensAfterMs, windowMs, restMs }: TriggerTiming): TriggerTiming {
  return { opensAfterMs, windowMs: Math.min(windowMs, Math.max(longWindowMs, restMs)), restMs };
}

/** After those that do not come later: most often the end. */
function placeOf(match: TriggerMatch, mine: readonly TriggerMatch[]): number {
  let place = mine.length;
  while (place > 0 && byTime(mine[place - 1]!, match) > 0) place--;
  return place;
}

function byTime(a: TriggerMatch, b: TriggerMatch): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  const [one, other] = [orderOf(a), orderOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Of events at the same time, so that their order does not tell which came first. */
function orderOf({ event }: TriggerMatch): string {
  return event === undefined ? '' : JSON.stringify([event.source, event.data]);
}

function thinned(matches: readonly TriggerMatch[], cellMs: number, { opensAfterMs, windowMs }: TriggerTiming, whole: boolean): readonly TriggerMatch[] {
  const ofCells = firstAndLastOfCells(matches, cellMs);
  if (!whole && windowMs >= cellMs) return ofCells;
  const kept = new Set(ofCells);
  if (whole) for (const match of matches.slice(-latestWhole)) kept.add(match);
  if (windowMs < cellMs) {
    const count = whole ? latestInWindows : Math.min(mostInWindows, latestInWindows + 2 * Math.ceil(opensAfterMs / windowMs));
    for (const match of firstAndLastOfCells(matches, windowMs).slice(-count)) kept.add(match);
  }
  return matches.filter((match) => kept.has(match));
}

function firstAndLastOfCells(matches: readonly TriggerMatch[], cellMs: number): readonly TriggerMatch[] {
  const placeOf = (match: TriggerMatch | undefined): number => (match === undefined ? NaN : Math.floor(match.occurredAt / cellMs));
  return matches.filter((match, place) => placeOf(match) !== placeOf(matches[place - 1]) || placeOf(match) !== placeOf(matches[place + 1]));
}
