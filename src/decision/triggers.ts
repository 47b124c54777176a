import { absenceOf } from './absence.js';
import { activationAt, ends, type Activation } from './activation.js';
import { isHeldOut } from './control.js';
import { partnerConsent } from './event-intake.js';
import { everyDay, firstMoment } from './moments.js';
import { startingTimes } from './trigger-starts.js';
import type { Situation } from './situation.js';
import type { Condition, Contact, Trigger } from './types.js';

export interface ActiveTrigger {
  readonly trigger: Trigger;
  /** When it became active; `null` where that is not known: a state, or a date without a beginning. */
  readonly since: number | null;
  /** What is noted of it at this time or later is about this activation; `null`: a state, whose beginning is not known. */
  readonly anchor: number | null;
  /** When it ends by itself, as far as is known; Infinity: not known. */
  readonly until: number;
  /** What makes it active, in words; put together only where it is asked for. */
  readonly words: () => string;
}

/** Whether a trigger is active. `started`: it has begun for this customer, whatever else keeps it from being active.
 *  `heldOut`: only the trigger's own control group keeps it from being active. */
export type TriggerVerdict =
  | ({ readonly active: true } & ActiveTrigger)
  | { readonly active: false; readonly trigger: Trigger; readonly started: boolean; readonly heldOut: boolean; readonly reason: () => string };

export function judgeTrigger(trigger: Trigger, situation: Situation): TriggerVerdict {
  const { now, customer, assumedActive } = situation;
  if (assumedActive?.has(trigger.id) === true) {
    const outside = outsideOf(trigger, situation);
    return outside === null ? { active: true, trigger, since: now, anchor: now, until: Infinity, words: said.assumed } : inactive(trigger, true, says(outside));
  }
  if (now < trigger.fromMs) return inactive(trigger, false, said.notBegun);
  if (now >= trigger.untilMs) return inactive(trigger, false, said.datesOver);
  const verdict = judgeStart(trigger, situation);
  if (!verdict.active) return verdict;
  const outside = outsideOf(trigger, situation);
  if (outside !== null) return inactive(trigger, true, says(outside));
  if (customer.id !== undefined && isHeldOut(customer.id, trigger, situation.catalog.control.salt)) return inactive(trigger, true, said.heldOut, true);
  return verdict;
}

/** One object for each trigger of the catalog at each decision, and closures only of what is not always the same. */
function active(trigger: Trigger, since: number | null, anchor: number | null, until: number, words: () => string): TriggerVerdict {
  return { active: true, trigger, since, anchor, until: Math.min(until, trigger.untilMs), words };
}

function inactive(trigger: Trigger, started: boolean, reason: () => string, heldOut = false): TriggerVerdict {
  return { active: false, trigger, started, heldOut, reason };
}

const says = (text: string) => (): string => text;
const said = {
  assumed: says('as is assumed'),
  byDates: says('by its dates'),
  notBegun: says('Its dates have not begun'),
  datesOver: says('Its dates are over'),
  heldOut: says('The customer is held out of it, as its control group'),
  doesNotHold: says('Its condition does not hold'),
  notHappened: says('Its event has not happened'),
};

/** Why it concerns somebody else; `null`: this customer is one of those whom it concerns. */
export function outsideOf({ fromPartner, audience }: Trigger, { slots, customer }: Situation): string | null {
  if (fromPartner && customer.profile.consents?.includes(partnerConsent) !== true) return `No consent to ${partnerConsent}`;
  if (audience === null) return null;
  const verdict = audience.evaluate(slots);
  if (verdict === true) return null;
  const missing = verdict === undefined ? audience.missing(slots) : [];
  return missing.length === 0 ? 'The customer is not of its audience' : `Whether the customer is of its audience is not known (missing: ${missing.join(', ')})`;
}

/** By its start and what ended it alone. */
function judgeStart(trigger: Trigger, situation: Situation): TriggerVerdict {
  const { start } = trigger;
  switch (start.type) {
    case 'dates': return endedByContact(trigger, trigger.fromMs, situation) ?? active(trigger, Number.isFinite(trigger.fromMs) ? trigger.fromMs : null, trigger.fromMs, Infinity, said.byDates);
    case 'while': {
      if (start.while.evaluate(situation.slots) !== true) return inactive(trigger, false, said.doesNotHold);
      return endedInState(trigger, situation) ?? active(trigger, null, null, Infinity, stateWords(start.while));
    }
    case 'event': return judgeEvents(trigger, start.event, situation);
    case 'absence': {
      const absence = absenceOf(start, situation);
      if (!absence.holds) return inactive(trigger, false, absence.words);
      return endedByContact(trigger, absence.since, situation) ?? active(trigger, absence.since, absence.last + 1, absence.last + start.atMostMs, pauseWords(absence.words));
    }
  }
}

function judgeEvents(trigger: Trigger, eventType: string, situation: Situation): TriggerVerdict {
  const { now, customer, catalog } = situation;
  const times = startingTimes(trigger, situation);
  if (times.length === 0) return inactive(trigger, false, said.notHappened);
  const activation = activationAt(now, trigger, times, customer.contacts ?? none, catalog.offersById)!;
  const { opensAt, closesAt } = activation;
  if (now >= closesAt) return inactive(trigger, true, overWords(activation, trigger, now));
  if (now < opensAt) return inactive(trigger, true, opensWords(opensAt));
  return active(trigger, opensAt, opensAt, closesAt, eventWords(eventType, activation));
}

const none: readonly Contact[] = [];

// Each closure is made in a function of its own: where it is made, all that it reads is kept on the heap, taken or not.
const stateWords = ({ source }: Condition) => (): string => `because ${source.replace(/\s+/g, ' ')}`;
const pauseWords = (pause: () => string) => (): string => `by a pause of ${pause()}`;
const eventWords = (eventType: string, { startedAt }: Activation) => (): string => `by ${eventType} of ${isoTime(startedAt)}`;
const opensWords = (opensAt: number) => (): string => `Opens at ${isoTime(opensAt)}`;
const overWords = ({ closesAt, endedBy }: Activation, { restMs }: Trigger, now: number) => (): string => {
  const rests = restMs > 0 && now < closesAt + restMs ? `, and it rests until ${isoTime(closesAt + restMs)}` : '';
  return endedBy === null ? `Its window closed at ${isoTime(closesAt)}${rests}` : `Ended by ${endedBy.outcome} of ${endedBy.offerId} at ${isoTime(endedBy.occurredAt)}${rests}`;
};
const endedWords = ({ outcome, offerId, occurredAt }: Contact) => (): string => `Ended by ${outcome} of ${offerId} at ${isoTime(occurredAt)}`;

/** A trigger whose beginning is known ends with a contact since then; one with a rest, for as long as it rests. */
function endedByContact(trigger: Trigger, since: number, situation: Situation): TriggerVerdict | null {
  const { now } = situation;
  const latest = latestEnding(trigger, situation);
  if (latest === undefined || (latest.occurredAt < since && now >= latest.occurredAt + trigger.restMs)) return null;
  return inactive(trigger, true, endedWords(latest));
}

/** A state has no known beginning: a contact ended it where the state has held on every day since; and while it rests. */
function endedInState(trigger: Trigger, situation: Situation): TriggerVerdict | null {
  const ended = endedByContact(trigger, -Infinity, situation);
  if (ended === null || trigger.start.type !== 'while') return null;
  const { now } = situation;
  const at = latestEnding(trigger, situation)!.occurredAt;
  if (now < at + trigger.restMs) return ended;
  return firstMoment(trigger.start.while, false, everyDay(at, now), situation) === null ? ended : null;
}

/** The latest outcome that ends the trigger; `undefined`: there is none. */
export function latestEnding(trigger: Trigger, { now, customer, catalog }: Situation): Contact | undefined {
  return trigger.endsWith.length === 0 ? undefined : customer.contacts?.findLast((contact) => contact.occurredAt <= now && ends(contact, trigger, catalog.offersById));
}

function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
