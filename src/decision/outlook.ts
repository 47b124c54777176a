import { deriveAttributes } from './derivation.js';
import { everyDay, firstMoment } from './moments.js';
import { endOfState, nextOpening } from './next-opening.js';
import { partnerConsent } from './event-intake.js';
import { openSituation, type DecisionInput, type Situation } from './situation.js';
import { startingTimes } from './trigger-starts.js';
import { judgeTrigger, type ActiveTrigger, type TriggerVerdict } from './triggers.js';
import type { ModelAnswer, ModelRun, Trigger } from './types.js';
import { dayMs } from './calendar.js';

/** What we did about one activation of a trigger with `outbound`. */
export interface TriggerNote {
  readonly trigger: string;
  /** When the activation began; for a state, when we first saw it. */
  readonly startedAt: number;
  /** `deferred`: it is still to speak. The others are settled. */
  readonly state: 'deferred' | 'published' | 'given-up';
  /** Since when it stands so. */
  readonly at: number;
  /** What kept it from speaking. */
  readonly reason?: string | undefined;
  /** How long the activation lasts, as far as was known when it was last looked at; absent: not known. Where what began it
   *  is forgotten, it tells that what goes on is still the same. */
  readonly until?: number | undefined;
  /** It hangs on partners' data, and goes with the consent to them. */
  readonly fromPartner?: true | undefined;
}

/** A trigger that may speak now. */
export interface DueTrigger {
  readonly trigger: Trigger;
  readonly startedAt: number;
  /** After this it is too late: its `within` has passed, or it is over. */
  readonly deadline: number;
  /** When it ends by itself, as far as is known; Infinity: not known. */
  readonly until: number;
}

/** The note of what was done about it. */
export function noteOf({ trigger, startedAt, until }: Pick<DueTrigger, 'trigger' | 'startedAt' | 'until'>, state: TriggerNote['state'], at: number, reason?: string): TriggerNote {
  return { trigger: trigger.id, startedAt, state, at, ...(reason !== undefined && { reason }), ...(Number.isFinite(until) && { until }), ...(trigger.fromPartner && { fromPartner: true }) };
}

export interface Outlook {
  /** Who speaks first stands first: by priority, then the one whose time runs out first, then in the catalog's order. */
  readonly due: readonly DueTrigger[];
  /** What is over before it could speak, with the reason. */
  readonly missed: readonly MissedTrigger[];
  /** Notes that still tell something, without those of `due` and `missed`. */
  readonly notes: readonly TriggerNote[];
  /** How it stands with each that may speak at all, by id: one that is not there speaks no more. */
  readonly verdicts: ReadonlyMap<string, TriggerVerdict>;
  /** When to look again, whatever becomes of those that are due; `null`: when something new happens. */
  readonly nextAt: number | null;
}

export interface MissedTrigger extends Pick<DueTrigger, 'trigger' | 'startedAt' | 'until'> { readonly reason: string }

/** A note of a trigger that is not in the catalog (any more) tells something for so long: the trigger may come back. */
const forgottenAfterMs = 366 * dayMs;

/**
 * Which triggers with `outbound` may speak to a customer now, and when to look again. Pure, as the decision is; it is
 * judged by the same functions, so that a trigger speaks exactly when a decision would see it active.
 */
export function* lookAhead(input: DecisionInput, known: readonly TriggerNote[]): Generator<readonly ModelRun[], Outlook, readonly ModelAnswer[]> {
  const situation = openSituation(input);
  yield* deriveAttributes(situation);
  const { now, catalog } = situation;
  const verdicts = catalog.triggers.filter(({ outbound }) => outbound !== null).map((trigger) => judgeTrigger(trigger, situation));
  const notes = notesUnder(known, situation);
  const due: DueTrigger[] = [];
  const missed: MissedTrigger[] = [];
  const kept: TriggerNote[] = notes.filter(({ trigger, startedAt }) => now - startedAt < forgottenAfterMs && catalog.triggers.every(({ id, outbound }) => id !== trigger || outbound === null));
  const times: number[] = [];

  for (const verdict of verdicts) {
    const { trigger } = verdict;
    const opening = nextOpening(verdict, situation);
    if (opening !== null) times.push(opening);
    const note = notes.find((each) => each.trigger === trigger.id);
    const current = note !== undefined && isCurrent(note, verdict, situation) ? note : undefined;
    if (note?.state === 'deferred' && current === undefined) missed.push({ trigger, startedAt: note.startedAt, until: note.until ?? Infinity, reason: verdict.active ? 'It began anew before it could speak' : verdict.reason() });
    if (current !== undefined && current.state !== 'deferred') kept.push(verdict.active && Number.isFinite(verdict.until) ? { ...current, until: verdict.until } : current);
    else if (!verdict.active) {
      if (current === undefined) continue;
      // It may become active again while it may still speak: the customer is of its audience again, say.
      const lastAt = current.startedAt + trigger.outbound!.withinMs;
      if (now >= lastAt || lastAt === Infinity) missed.push({ trigger, startedAt: current.startedAt, until: current.until ?? Infinity, reason: verdict.reason() });
      else {
        kept.push(current);
        times.push(lastAt);
      }
    } else {
      const startedAt = current?.startedAt ?? Math.max(0, Math.floor(verdict.since ?? now));
      const deadline = Math.min(startedAt + trigger.outbound!.withinMs, verdict.until, endOfState(trigger, situation));
      if (now >= deadline) missed.push({ trigger, startedAt, until: verdict.until, reason: `Its time to speak ended${current?.reason === undefined ? '' : `; until then: ${current.reason}`}` });
      else due.push({ trigger, startedAt, deadline, until: verdict.until });
    }
  }
  due.sort((a, b) => (a.trigger.priority === b.trigger.priority ? 0 : a.trigger.priority - b.trigger.priority) || (a.deadline === b.deadline ? 0 : a.deadline - b.deadline));
  return { due, missed, notes: kept, verdicts: new Map(verdicts.map((verdict) => [verdict.trigger.id, verdict])), nextAt: times.length === 0 ? null : Math.max(now + 1, Math.ceil(Math.min(...times))) };
}

/** What hangs on partners' data is nowhere without the consent to them. */
function notesUnder(notes: readonly TriggerNote[], { customer, catalog }: Situation): readonly TriggerNote[] {
  if (customer.profile.consents?.includes(partnerConsent) === true) return notes;
  const partners = new Set(catalog.triggers.filter(({ fromPartner }) => fromPartner).map(({ id }) => id));
  return notes.filter(({ trigger, fromPartner }) => fromPartner !== true && !partners.has(trigger));
}

/** Whether a note is about the activation that is there now, or was last. A state is the same while it has held on every
 *  day since. */
function isCurrent(note: TriggerNote, verdict: TriggerVerdict, situation: Situation): boolean {
  const { trigger } = verdict;
  if (trigger.start.type === 'while') {
    const condition = trigger.start.while;
    return condition.evaluate(situation.slots) === true && firstMoment(condition, false, everyDay(note.startedAt, situation.now), situation) === null;
  }
  return !verdict.active || note.startedAt >= anchorOf(verdict) || goesOn(note, verdict, situation);
}

/** What began a long activation may be forgotten: events are kept as far back as they matter. Then the first that is kept
 *  seems to have begun it, and fell into what was known of it. */
function goesOn({ until = Infinity }: TriggerNote, { trigger, anchor }: ActiveTrigger, situation: Situation): boolean {
  if (trigger.start.type !== 'event' || anchor === null) return false;
  const [first] = startingTimes(trigger, situation);
  return first !== undefined && anchor === first + trigger.start.opensAfterMs && anchor < until;
}

function anchorOf({ anchor }: ActiveTrigger): number {
  return anchor ?? -Infinity;
}
