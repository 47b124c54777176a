import { openEventHistory } from './event-history.js';
import type { Situation } from './situation.js';
import type { GroupEvent, Trigger, TriggerMatch } from './types.js';

/** The times of the events that start a trigger for this customer, up to now, ascending: the customer's own that were
 *  kept for it, and those of everybody whom its `matches` fits. */
export function startingTimes(trigger: Trigger, situation: Situation): readonly number[] {
  const { customer } = situation;
  if (trigger.start.type !== 'event') return none;
  const first = situation.firstMatches.get(trigger.id);
  const times = first === undefined ? none : ownStarts(customer.events!.matches, first, trigger, situation);
  if (trigger.start.matches === null) return times;
  const ofGroups = groupStarts(trigger, situation);
  if (times.length === 0) return ofGroups;
  return ofGroups.length === 0 ? times : [...times, ...ofGroups].sort((a, b) => a - b);
}

const none: readonly number[] = [];

/** `first`: where the trigger's matches begin. They are read up to the name of the next. */
function ownStarts(matches: readonly TriggerMatch[], first: number, trigger: Trigger, situation: Situation): readonly number[] {
  const { now } = situation;
  const times: number[] = [];
  const name = matches[first]!.trigger;
  for (let place = first; place < matches.length; place++) {
    const match = matches[place]!;
    if (match.trigger !== name) break;
    if (match.occurredAt <= now && stillMatches(match, trigger, situation)) times.push(match.occurredAt);
  }
  return times;
}

/** The times of the events of everybody that start a trigger for this customer. Triggers that ask the same of the same
 *  events are answered together: hundreds of them (one for each offer about a storm) cost as one. */
function groupStarts(trigger: Trigger, situation: Situation): readonly number[] {
  const { customer, now } = situation;
  const { start } = trigger;
  if (start.type !== 'event' || customer.groupEvents == null || customer.groupEvents.length === 0) return none;
  const events = ofType(customer.groupEvents, start.event);
  if (events === undefined) return none;
  const question = questionOf(trigger, start);
  const known = situation.groupStarts.get(question);
  if (known !== undefined) return known;
  const times: number[] = [];
  for (const event of events) if (event.time <= now && holdsFor(event, trigger, situation)) times.push(event.time);
  situation.groupStarts.set(question, times);
  return times;
}

/** The events of everybody by their type, ascending by time, as conditions see them: the same for every customer and
 *  trigger until the store has others, so they are laid out once. */
const laidOut = new WeakMap<readonly GroupEvent[], ReadonlyMap<string, readonly JudgedEvent[]>>();

function ofType(events: readonly GroupEvent[], type: string): readonly JudgedEvent[] | undefined {
  let byType = laidOut.get(events);
  if (byType === undefined) laidOut.set(events, byType = layOut(events));
  return byType.get(type);
}

function layOut(events: readonly GroupEvent[]): ReadonlyMap<string, readonly JudgedEvent[]> {
  const byType = new Map<string, JudgedEvent[]>();
  for (const { type, source, occurredAt, data } of [...events].sort((a, b) => a.occurredAt - b.occurredAt)) {
    const judged = { type, source, time: occurredAt, data };
    const others = byType.get(type);
    if (others === undefined) byType.set(type, [judged]);
    else others.push(judged);
  }
  return byType;
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
  if (event === undefined) return true;
  const { id } = situation.customer;
  const [type, { source, data }] = [eventTypeOf(trigger), event];
  return holdsFor(id === undefined ? { type, source, time: occurredAt, data } : { type, source, subject: id, time: occurredAt, data }, trigger, situation);
}

/** An event as conditions see it. */
interface JudgedEvent { readonly type: string; readonly source: string; readonly subject?: string; readonly time: number; readonly data: GroupEvent['data'] }

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
