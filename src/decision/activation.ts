import type { TriggerTiming } from './event-intake.js';
import type { Contact, Offer, Trigger } from './types.js';

/** One time that a trigger is, was, or will be active: [opensAt, closesAt). */
export interface Activation {
  /** When the event that began it happened. */
  readonly startedAt: number;
  readonly opensAt: number;
  readonly closesAt: number;
  /** The contact that ended it, where one did. */
  readonly endedBy: Contact | null;
}

/**
 * The latest activation by the events that started a trigger, or `null`. Each opens its window; one that comes while the
 * trigger is active, or still opens, prolongs it; one that would open it within the rest after its end does nothing. A pure
 * function of the set of events, in whatever order they arrived. `times`: ascending.
 */
export function latestActivation(trigger: Trigger, times: readonly number[], contacts: readonly Contact[], offersById: ReadonlyMap<string, Offer>): Activation | null {
  const { start } = trigger;
  if (start.type !== 'event') return null;
  const endings = trigger.endsWith.length === 0 ? [] : contacts.filter((contact) => ends(contact, trigger, offersById));
  let latest: Activation | null = null;
  for (const time of times) {
    const opensAt = time + start.opensAfterMs;
    const closesAt = opensAt + start.windowMs;
    if (latest === null) {
      latest = ended({ startedAt: time, opensAt, closesAt, endedBy: null }, endings);
    } else if (opensAt < latest.closesAt) {
      latest = ended({ ...latest, closesAt: Math.max(latest.endedBy === null ? latest.closesAt : -Infinity, closesAt), endedBy: null }, endings);
    } else if (opensAt >= latest.closesAt + trigger.restMs) {
      latest = ended({ startedAt: time, opensAt, closesAt, endedBy: null }, endings);
    }
  }
  return latest;
}

/** Which of the events (ascending) begin or prolong an activation where no contact ends one; the others fall into a rest. */
export function activating({ opensAfterMs, windowMs, restMs }: TriggerTiming, times: readonly number[]): readonly number[] {
  let closesAt = -Infinity;
  return times.filter((time) => {
    const opensAt = time + opensAfterMs;
    if (opensAt >= closesAt && opensAt < closesAt + restMs) return false;
    closesAt = opensAt + windowMs;
    return true;
  });
}

/** Cut short by the first contact that ends it, also one before it opens. */
function ended(activation: Activation, endings: readonly Contact[]): Activation {
  const ending = endings.find(({ occurredAt }) => occurredAt >= activation.startedAt && occurredAt < activation.closesAt);
  return ending === undefined ? activation : { ...activation, closesAt: ending.occurredAt, endedBy: ending };
}

/** An outcome that ends the trigger, of an offer that it concerns. */
export function ends({ offerId, outcome, kind }: Contact, trigger: Trigger, offersById: ReadonlyMap<string, Offer>): boolean {
  return offerId !== undefined && trigger.endsWith.includes(outcome) && concerns(trigger, offerId, kind ?? offersById.get(offerId)?.kind);
}

/** By offer, by kind, or (where an effect names neither) those it unlocks, else all. */
export function concerns({ effect }: Trigger, offerId: string, kind: string | undefined): boolean {
  if (effect.offers !== null || effect.kinds !== null) return effect.offers?.has(offerId) === true || (kind !== undefined && effect.kinds?.has(kind) === true);
  return effect.unlocks.size === 0 || effect.unlocks.has(offerId);
}
