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
 * Of the activations by the events that started a trigger, the one that counts at a time: the first that is not over by
 * then, else the last; `null`: none has started. Each event opens its window. Windows that overlap are one activation; one
 * that opens after the other's end is another, and until then takes nothing from it; one that would open within the rest
 * after the end does nothing. A pure function of the set of events, in whatever order they arrived. `times`: ascending, up
 * to then.
 */
export function activationAt(now: number, trigger: Trigger, times: readonly number[], contacts: readonly Contact[], offersById: ReadonlyMap<string, Offer>): Activation | null {
  const { start } = trigger;
  if (start.type !== 'event') return null;
  const endings = trigger.endsWith.length === 0 ? none : endingsSince(times[0] ?? Infinity, trigger, contacts, offersById);
  // No object for each event, not even a short array: of everybody's there may be hundreds, and as many triggers.
  let startedAt = -Infinity;
  let opensAt = -Infinity;
  let closesAt = -Infinity;
  let endedBy: Contact | null = null;
  for (const time of times) {
    const opens = time + start.opensAfterMs;
    const closes = opens + start.windowMs;
    if (startedAt === -Infinity || opens >= closesAt + trigger.restMs) {
      if (closesAt > now) break;
      startedAt = time;
      opensAt = opens;
      closesAt = closes;
    } else if (opens < closesAt) closesAt = endedBy === null ? Math.max(closesAt, closes) : closes;
    else continue;
    endedBy = endings.length === 0 ? null : firstWithin(endings, startedAt, closesAt);
    if (endedBy !== null) closesAt = endedBy.occurredAt;
  }
  return startedAt === -Infinity ? null : { startedAt, opensAt, closesAt, endedBy };
}

const none: readonly Contact[] = [];

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

/** The contacts from then on that end the trigger. They are ascending, and only the latest can matter: few are looked at. */
function endingsSince(from: number, trigger: Trigger, contacts: readonly Contact[], offersById: ReadonlyMap<string, Offer>): readonly Contact[] {
  let first = contacts.length;
  while (first > 0 && contacts[first - 1]!.occurredAt >= from) first -= 1;
  let endings: Contact[] | null = null;
  for (let place = first; place < contacts.length; place++) if (ends(contacts[place]!, trigger, offersById)) (endings ??= []).push(contacts[place]!);
  return endings ?? none;
}

/** The first contact that cuts it short, also one before it opens. */
function firstWithin(endings: readonly Contact[], from: number, until: number): Contact | null {
  for (const contact of endings) if (contact.occurredAt >= from) return contact.occurredAt < until ? contact : null;
  return null;
}

/** An outcome that ends the trigger, of an offer that it concerns. */
export function ends({ offerId, outcome, kind }: Contact, trigger: Trigger, offersById: ReadonlyMap<string, Offer>): boolean {
  return offerId !== undefined && trigger.endsWith.includes(outcome) && concerns(trigger, offerId, kind ?? offersById.get(offerId)?.kind);
}

/** Those that it weighs, and those that it unlocks. */
export function concerns(trigger: Trigger, offerId: string, kind: string | undefined): boolean {
  return offersWeighed(trigger).has(offerId) || weighsKind(trigger, kind) || trigger.effect.unlocks.has(offerId);
}

/** Those that its weight is for by their ids: `offers`, or where an effect names neither offers nor kinds, those it unlocks. */
export function offersWeighed({ effect: { offers, kinds, unlocks } }: Trigger): ReadonlySet<string> {
  return offers ?? (kinds === null ? unlocks : noOffers);
}
const noOffers: ReadonlySet<string> = new Set();

/** Whether its weight is for all offers of a kind: of those in `kinds`, or of all where an effect names nothing. A kind that
 *  is not known (`undefined`) is among all. */
export function weighsKind({ effect: { offers, kinds, unlocks } }: Trigger, kind: string | undefined): boolean {
  return kinds === null ? offers === null && unlocks.size === 0 : kind !== undefined && kinds.has(kind);
}
