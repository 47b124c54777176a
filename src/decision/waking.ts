import type { EventIntake } from './event-intake.js';
import type { Catalog } from './types.js';

/** A pause is judged no more often than this after each event, however short the customer's rhythm. */
const leastPauseMs = 3_600_000;
/** States may read the event history; many events within this time are one look. */
const settleMs = 60_000;

/**
 * Until when a customer must be looked at after an event, so that no trigger with `outbound` opens unseen: never later
 * than it opens, perhaps earlier. `undefined`: the event opens nothing. What really opens, and when, is judged then, with
 * all that is known of the customer.
 */
export function wakeAfterEvent({ type, occurredAt, matches }: EventIntake, { triggers }: Pick<Catalog, 'triggers'>, now: number): number | undefined {
  const times = triggers.filter(({ outbound }) => outbound !== null).flatMap(({ id, start }) => {
    if (start.type === 'event') return matches.some(({ trigger }) => trigger === id) ? [occurredAt + start.opensAfterMs] : [];
    if (start.type === 'absence') return start.of === type ? [occurredAt + Math.max(start.atLeastMs, leastPauseMs)] : [];
    return start.type === 'while' ? [now + settleMs] : [];
  });
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}

/** The same after a write of the profile: what holds may be another, so now, where there is anything to look for. */
export function wakeAfterProfile({ triggers }: Pick<Catalog, 'triggers'>, now: number): number | undefined {
  return triggers.some(({ outbound }) => outbound !== null) ? now : undefined;
}
