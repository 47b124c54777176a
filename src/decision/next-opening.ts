import { absenceOf } from './absence.js';
import { startingTimes } from './trigger-starts.js';
import { daysAhead, firstMoment } from './moments.js';
import type { Situation } from './situation.js';
import type { Trigger } from './types.js';

/** How far ahead a condition is asked, day by day; then the customer is looked at again. A year, for birthdays. */
const daysLookedAhead = 366;

/** When the trigger may next become active by time alone; `null`: only something new can start it. For a state that holds
 *  now: the day on which it ends, after which it may come again. Whoever asks at that time asks everything anew. */
export function nextOpening(trigger: Trigger, situation: Situation): number | null {
  const { now } = situation;
  const { start, fromMs, untilMs } = trigger;
  if (now >= untilMs) return null;
  if (now < fromMs) return fromMs;
  const opening = openingOf(start, trigger, situation);
  return opening === null || opening >= untilMs ? null : opening;
}

function openingOf(start: Trigger['start'], trigger: Trigger, situation: Situation): number | null {
  const { now } = situation;
  switch (start.type) {
    case 'dates': return null;
    case 'event': return startingTimes(trigger, situation).map((time) => time + start.opensAfterMs).find((opensAt) => opensAt > now) ?? null;
    case 'absence': {
      const absence = absenceOf(start, situation);
      return absence.holds ? null : absence.opensAt ?? null;
    }
    case 'while': {
      const holds = start.while.evaluate(situation.slots) === true;
      return firstMoment(start.while, !holds, daysAhead(situation, daysLookedAhead), situation) ?? [...daysAhead(situation, daysLookedAhead)].at(-1)!;
    }
  }
}
