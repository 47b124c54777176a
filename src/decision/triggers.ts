import { absenceOf } from './absence.js';
import { concerns, ends, latestActivation, type Activation } from './activation.js';
import { isHeldOut } from './control.js';
import { partnerConsent } from './event-intake.js';
import { everyDay, firstMoment } from './moments.js';
import { startingTimes } from './trigger-starts.js';
import type { Situation } from './situation.js';
import type { Contact, Offer, Trigger } from './types.js';

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

/** Every trigger of the catalog, in its order. */
export function judgeTriggers(situation: Situation): readonly TriggerVerdict[] {
  return situation.catalog.triggers.map((trigger) => judge(trigger, situation));
}

export function isActive(verdict: TriggerVerdict): verdict is Extract<TriggerVerdict, { active: true }> {
  return verdict.active;
}

/** Of several active triggers on one offer the largest weight counts, never the product. `null`: none concerns it. */
export function strongestTrigger(triggers: readonly ActiveTrigger[], offer: Offer): ActiveTrigger | null {
  let strongest: ActiveTrigger | null = null;
  for (const active of triggers) {
    if ((strongest === null || active.trigger.effect.weight > strongest.trigger.effect.weight) && concerns(active.trigger, offer.id, offer.kind)) strongest = active;
  }
  return strongest;
}

type Start = ({ readonly started: true } & Omit<ActiveTrigger, 'trigger'>) | { readonly started: boolean; readonly since?: never; readonly reason: () => string };

function judge(trigger: Trigger, situation: Situation): TriggerVerdict {
  const { now, customer } = situation;
  if (situation.assumedActive?.has(trigger.id) === true) {
    const outside = outsideOf(trigger, situation);
    return outside === null ? { active: true, trigger, since: now, anchor: now, until: Infinity, words: () => 'as is assumed' } : inactive(trigger, true, outside);
  }
  if (now < trigger.fromMs) return inactive(trigger, false, 'Its dates have not begun');
  if (now >= trigger.untilMs) return inactive(trigger, false, 'Its dates are over');
  const start = startOf(trigger, situation);
  if (start.since === undefined) return inactive(trigger, start.started, start.reason);
  const outside = outsideOf(trigger, situation);
  if (outside !== null) return inactive(trigger, true, outside);
  if (customer.id !== undefined && isHeldOut(customer.id, trigger, situation.catalog.control.salt)) return inactive(trigger, true, 'The customer is held out of it, as its control group', true);
  return { active: true, trigger, since: start.since, anchor: start.anchor, until: Math.min(start.until, trigger.untilMs), words: start.words };
}

function inactive(trigger: Trigger, started: boolean, reason: string | (() => string), heldOut = false): TriggerVerdict {
  return { active: false, trigger, started, heldOut, reason: typeof reason === 'string' ? () => reason : reason };
}

/** Why it concerns somebody else; `null`: this customer is one of those whom it concerns. */
export function outsideOf({ fromPartner, audience }: Trigger, { slots, customer }: Situation): string | null {
  if (fromPartner && customer.profile.consents?.includes(partnerConsent) !== true) return `No consent to ${partnerConsent}`;
  if (audience === null) return null;
  const verdict = audience.evaluate(slots);
  if (verdict === true) return null;
  const missing = verdict === undefined ? audience.missing(slots) : [];
  return missing.length === 0 ? 'The customer is not of its audience' : `Whether the customer is of its audience is not known (missing: ${missing.join(', ')})`;
}

function startOf(trigger: Trigger, situation: Situation): Start {
  const { start } = trigger;
  switch (start.type) {
    case 'dates': return endedByContact(trigger, trigger.fromMs, situation) ?? { started: true, since: Number.isFinite(trigger.fromMs) ? trigger.fromMs : null, anchor: trigger.fromMs, until: Infinity, words: () => 'by its dates' };
    case 'while': {
      if (start.while.evaluate(situation.slots) !== true) return { started: false, reason: () => 'Its condition does not hold' };
      return endedInState(trigger, situation) ?? { started: true, since: null, anchor: null, until: Infinity, words: () => `because ${start.while.source.replace(/\s+/g, ' ')}` };
    }
    case 'event': return startedByEvent(trigger, start.event, situation);
    case 'absence': {
      const absence = absenceOf(start, situation);
      if (!absence.holds) return { started: false, reason: absence.words };
      return endedByContact(trigger, absence.since, situation) ?? { started: true, since: absence.since, anchor: absence.last + 1, until: absence.last + start.atMostMs, words: () => `by a pause of ${absence.words()}` };
    }
  }
}

function startedByEvent(trigger: Trigger, eventType: string, situation: Situation): Start {
  const { now, customer, catalog } = situation;
  const times = startingTimes(trigger, situation);
  if (times.length === 0) return { started: false, reason: () => 'Its event has not happened' };
  const activation = latestActivation(trigger, times, customer.contacts ?? [], catalog.offersById)!;
  const { startedAt, opensAt, closesAt } = activation;
  if (now >= closesAt) return { started: true, reason: () => overWords(activation, trigger, now) };
  if (now < opensAt) return { started: true, reason: () => `Opens at ${isoTime(opensAt)}` };
  return { started: true, since: opensAt, anchor: opensAt, until: closesAt, words: () => `by ${eventType} of ${isoTime(startedAt)}` };
}

function overWords({ closesAt, endedBy }: Activation, { restMs }: Trigger, now: number): string {
  const rests = restMs > 0 && now < closesAt + restMs ? `, and it rests until ${isoTime(closesAt + restMs)}` : '';
  return endedBy === null ? `Its window closed at ${isoTime(closesAt)}${rests}` : `Ended by ${endedBy.outcome} of ${endedBy.offerId} at ${isoTime(endedBy.occurredAt)}${rests}`;
}

/** A trigger whose beginning is known ends with a contact since then; one with a rest, for as long as it rests. */
function endedByContact(trigger: Trigger, since: number, situation: Situation): Start | null {
  const { now } = situation;
  const latest = latestEnding(trigger, situation);
  if (latest === undefined || (latest.occurredAt < since && now >= latest.occurredAt + trigger.restMs)) return null;
  return { started: true, reason: () => `Ended by ${latest.outcome} of ${latest.offerId} at ${isoTime(latest.occurredAt)}` };
}

/** A state has no known beginning: a contact ended it where the state has held on every day since; and while it rests. */
function endedInState(trigger: Trigger, situation: Situation): Start | null {
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
