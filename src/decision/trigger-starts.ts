import { openEventHistory } from './event-history.js';
import { matchesOfTrigger } from './matches-of-trigger.js';
import type { Situation } from './situation.js';
import type { GroupEvent, Trigger, TriggerMatch } from './types.js';

/** The times of the events that start a trigger for this customer, up to now, ascending: the customer's own that were
 *  kept for it, and those of everybody whom its `matches` fits. */
export function startingTimes(trigger: Trigger, situation: Situation): readonly number[] {
  const { customer, now } = situation;
  if (trigger.start.type !== 'event') return [];
  const times: number[] = [];
  const matches = customer.events?.matches ?? [];
  for (let { from: place, until } = matchesOfTrigger(matches, trigger.id); place < until; place++) {
    const match = matches[place]!;
    if (match.occurredAt <= now && stillMatches(match, trigger, situation)) times.push(match.occurredAt);
  }
  if (trigger.start.matches === null) return times;
  const own = times.length;
  for (const event of customer.groupEvents ?? []) {
    if (event.type === trigger.start.event && event.occurredAt <= now && concernsCustomer(event, trigger, situation)) times.push(event.occurredAt);
  }
  return own === times.length ? times : times.sort((a, b) => a - b);
}

/** What could not be judged when the event came is judged now: `when` where it reads the history, and `matches`. */
function stillMatches({ event, occurredAt }: TriggerMatch, trigger: Trigger, situation: Situation): boolean {
  return event === undefined || holdsFor({ ...event, type: eventTypeOf(trigger), occurredAt, subject: situation.customer.id }, trigger, situation);
}

function concernsCustomer(event: GroupEvent, trigger: Trigger, situation: Situation): boolean {
  return holdsFor({ ...event, subject: undefined }, trigger, situation);
}

interface JudgedEvent { readonly type: string; readonly source: string; readonly subject: string | undefined; readonly occurredAt: number; readonly data: GroupEvent['data'] }

function holdsFor({ type, source, subject, occurredAt, data }: JudgedEvent, { start }: Trigger, { slots, catalog, customer, eventHistory }: Situation): boolean {
  if (start.type !== 'event') return false;
  const { event, events } = catalog.layout.always;
  slots[event] = { type, source, ...(subject !== undefined && { subject }), time: occurredAt, data };
  if (start.whenReadsHistory && eventHistory !== null) slots[events] = openEventHistory(customer, catalog, occurredAt, type);
  const holds = (start.when === null || start.when.evaluate(slots) === true) && (start.matches === null || start.matches.evaluate(slots) === true);
  slots[event] = undefined;
  slots[events] = eventHistory ?? undefined;
  return holds;
}

function eventTypeOf({ start }: Trigger): string {
  return start.type === 'event' ? start.event : '';
}
