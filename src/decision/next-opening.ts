import { absenceOf } from './absence.js';
import { changeable } from './changeable.js';
import { dayMs } from './calendar.js';
import { daysAhead, firstMoment } from './moments.js';
import { startingTimes } from './trigger-starts.js';
import { latestEnding, type TriggerVerdict } from './triggers.js';
import type { Situation } from './situation.js';
import type { Condition, Trigger } from './types.js';

/** How far ahead a condition is asked, day by day; then the customer is looked at again. A year, for birthdays. */
const daysLookedAhead = 366;

/** When the trigger may next become active by time alone; `null`: only something new can start it. For a state that holds
 *  now: the day on which it ends, after which it may come again. Whoever asks at that time asks everything anew. */
export function nextOpening(verdict: TriggerVerdict, situation: Situation): number | null {
  const { now } = situation;
  const { trigger } = verdict;
  if (now >= trigger.untilMs) return null;
  if (now < trigger.fromMs) return trigger.fromMs;
  const times = [startAgain(trigger, situation), endOfRest(trigger, situation), nextOfAudience(verdict, situation), nextMatch(trigger, situation)].filter((time) => time !== null);
  const opening = times.length === 0 ? null : Math.min(...times);
  return opening === null || opening >= trigger.untilMs ? null : opening;
}

function startAgain(trigger: Trigger, situation: Situation): number | null {
  const { now } = situation;
  const { start } = trigger;
  switch (start.type) {
    case 'dates': return null;
    case 'event': return startingTimes(trigger, situation).map((time) => time + start.opensAfterMs).find((opensAt) => opensAt > now) ?? null;
    case 'absence': {
      const absence = absenceOf(start, situation);
      return absence.holds ? null : absence.opensAt ?? null;
    }
    case 'while': return changeOf(start.while, start.while.evaluate(situation.slots) !== true, Infinity, situation);
  }
}

/** What has a known beginning, or holds, goes on after the rest; an event within it has no effect later, either. */
function endOfRest(trigger: Trigger, situation: Situation): number | null {
  if (trigger.start.type === 'event' || trigger.restMs === 0) return null;
  const ending = latestEnding(trigger, situation);
  return ending === undefined || ending.occurredAt + trigger.restMs <= situation.now ? null : ending.occurredAt + trigger.restMs;
}

const soonMs = 7 * dayMs;

/** When a state that holds now will be over by time alone; Infinity: not on one of the next days, or it is no state. */
export function endOfState({ start }: Trigger, situation: Situation): number {
  return start.type === 'while' ? changeOf(start.while, false, situation.now + soonMs, situation) ?? Infinity : Infinity;
}

/** It has started, and the customer is not of its audience yet. */
function nextOfAudience(verdict: TriggerVerdict, situation: Situation): number | null {
  const { trigger, trigger: { audience } } = verdict;
  if (verdict.active || !verdict.started || audience === null || !changeable(audience, situation.catalog).byTime || audience.evaluate(situation.slots) === true) return null;
  return changeOf(audience, true, lastEnd(trigger, situation), situation);
}

/** Whom an event concerns may hang on the day, too: it is asked again on the next, as long as it may matter. */
function nextMatch(trigger: Trigger, situation: Situation): number | null {
  const { now, catalog, customer } = situation;
  const { start } = trigger;
  if (start.type !== 'event' || start.matches === null || !changeable(start.matches, catalog).byTime) return null;
  const kept = [...customer.events?.matches.filter((match) => match.trigger === trigger.id) ?? [], ...customer.groupEvents?.filter(({ type }) => type === start.event) ?? []];
  return kept.some(({ occurredAt }) => occurredAt <= now && now < occurredAt + start.opensAfterMs + start.windowMs) ? [...daysAhead(situation, 1)][0]! : null;
}

/** When it is over at the latest, by what has happened so far. */
function lastEnd(trigger: Trigger, situation: Situation): number {
  const { start } = trigger;
  if (start.type === 'event') return (startingTimes(trigger, situation).at(-1) ?? -Infinity) + start.opensAfterMs + start.windowMs;
  const absence = start.type === 'absence' ? absenceOf(start, situation) : null;
  return absence?.holds === true && start.type === 'absence' ? absence.last + start.atMostMs : Infinity;
}

/** The first day on which the condition is as wanted; the last that is looked at where it is on none of them; `null`:
 *  not before `end`, or not by time. */
function changeOf(condition: Condition, wanted: boolean, end: number, situation: Situation): number | null {
  if (!changeable(condition, situation.catalog).byTime) return null;
  const days = [...daysAhead(situation, daysLookedAhead)].filter((day) => day < end);
  return firstMoment(condition, wanted, days, situation) ?? (days.length < daysLookedAhead ? null : days.at(-1)!);
}
