import { dayMs } from './calendar.js';
import { changeable } from './changeable.js';
import { deriveCases } from './derivation.js';
import { openEventHistory } from './event-history.js';
import type { Situation } from './situation.js';
import type { Condition } from './types.js';

/**
 * Asks a condition of other moments than now, of the customer as known today: the clock, the event history and the
 * attributes by cases go with the moment, those by models stay. Afterwards the slots speak of now again. A condition that
 * reads none of these is asked once.
 */
export function firstMoment(condition: Condition, wanted: boolean, moments: Iterable<number>, situation: Situation): number | null {
  let found: number | null = null;
  const { byTime } = changeable(condition, situation.catalog);
  for (const moment of moments) {
    enterMoment(situation, moment);
    const isWanted = (condition.evaluate(situation.slots) === true) === wanted;
    if (isWanted) found = moment;
    if (isWanted || !byTime) break;
  }
  enterMoment(situation, situation.now);
  return found;
}

/** The same time of day, on every day from `from` up to `until`. */
export function* everyDay(from: number, until: number): Generator<number> {
  for (let moment = from; moment < until; moment += dayMs) yield moment;
}

/** The beginnings of the customer's next days. */
export function* daysAhead({ calendar, now }: Situation, days: number): Generator<number> {
  const today = calendar.dayOf(now);
  for (let day = 1; day <= days; day++) yield calendar.startOfDay(today + day);
}

function enterMoment(situation: Situation, moment: number): void {
  const { slots, customer, catalog, eventHistory } = situation;
  const { always } = catalog.layout;
  slots[always.now] = moment;
  if (eventHistory !== null) slots[always.events] = moment === situation.now ? eventHistory : openEventHistory(customer, catalog, moment);
  deriveCases(situation);
}
