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
  const ofGroups = groupStarts(trigger, situation);
  if (times.length === 0) return ofGroups;
  return ofGroups.length === 0 ? times : [...times, ...ofGroups].sort((a, b) => a - b);
}

/** The times of the events of everybody that start a trigger for this customer. Triggers that ask the same of the same
 *  events are answered together: hundreds of them (one for each offer about a storm) cost as one. */
function groupStarts(trigger: Trigger, situation: Situation): readonly number[] {
  const { customer, now } = situation;
  const { start } = trigger;
  if (start.type !== 'event' || customer.groupEvents == null || customer.groupEvents.length === 0) return [];
  const question = questionOf(trigger, start);
  const known = situation.groupStarts.get(question);
  if (known !== undefined) return known;
  const times = customer.groupEvents
    .filter((event) => event.type === start.event && event.occurredAt <= now && holdsFor(judgedGroupEvent(event), trigger, situation))
    .map(({ occurredAt }) => occurredAt).sort((a, b) => a - b);
  situation.groupStarts.set(question, times);
  return times;
}

/** What a trigger asks of events, as text: the same as long as the catalog is. */
const questions = new WeakMap<Trigger, string>();

function questionOf(trigger: Trigger, { event, when, matches }: Extract<Trigger['start'], { type: 'event' }>): string {
  let question = questions.get(trigger);
  if (question === undefined) questions.set(trigger, question = JSON.stringify([event, when?.source, matches?.source]));
  return question;
}

/** What could not be judged when the event came is judged now: `when` where it reads the history, and `matches`. */
function stillMatches({ event, occurredAt }: TriggerMatch, trigger: Trigger, situation: Situation): boolean {
  const { id } = situation.customer;
  return event === undefined || holdsFor({ type: eventTypeOf(trigger), source: event.source, ...(id !== undefined && { subject: id }), time: occurredAt, data: event.data }, trigger, situation);
}

/** An event as conditions see it. */
interface JudgedEvent { readonly type: string; readonly source: string; readonly subject?: string; readonly time: number; readonly data: GroupEvent['data'] }

/** The same for every customer and trigger, so it is made once. */
const judgedGroupEvents = new WeakMap<GroupEvent, JudgedEvent>();

function judgedGroupEvent(event: GroupEvent): JudgedEvent {
  let judged = judgedGroupEvents.get(event);
  if (judged === undefined) {
    const { type, source, occurredAt, data } = event;
    judgedGroupEvents.set(event, judged = { type, source, time: occurredAt, data });
  }
  return judged;
}

function holdsFor(judged: JudgedEvent, { start }: Trigger, { slots, catalog, customer, eventHistory }: Situation): boolean {
  if (start.type !== 'event') return false;
  const { event, events } = catalog.layout.always;
  slots[event] = judged;
  if (start.whenReadsHistory && eventHistory !== null) slots[events] = openEventHistory(customer, catalog, judged.time, judged.type);
  const holds = (start.when === null || start.when.evaluate(slots) === true) && (start.matches === null || start.matches.evaluate(slots) === true);
  slots[event] = undefined;
  slots[events] = eventHistory ?? undefined;
  return holds;
}

function eventTypeOf({ start }: Trigger): string {
  return start.type === 'event' ? start.event : '';
}
