import { changeable } from './changeable.js';
import type { EventIntake } from './event-intake.js';
import type { Catalog, Trigger } from './types.js';

/** A pause is judged no more often than this after each event, however short the customer's rhythm. */
const leastPauseMs = 3_600_000;
/** States and audiences may read the event history; many events within this time are one look. */
const settleMs = 60_000;

/**
 * Until when a customer must be looked at after an event, so that no trigger with `outbound` opens unseen: never later
 * than it opens, perhaps earlier. `undefined`: the event opens nothing. What really opens, and when, is judged then, with
 * all that is known of the customer.
 */
export function wakeAfterEvent({ type, occurredAt, matches }: EventIntake, catalog: Pick<Catalog, 'triggers' | 'derived' | 'layout' | 'models'>, now: number): number | undefined {
  const times = catalog.triggers.filter(({ outbound }) => outbound !== null).flatMap((trigger) => {
    const { id, start } = trigger;
    const opensAt = start.type === 'event' && matches.some((match) => match.trigger === id) ? [occurredAt + start.opensAfterMs]
      : start.type === 'absence' && start.of === type ? [occurredAt + Math.max(start.atLeastMs, leastPauseMs)] : [];
    return hangsOnHistory(trigger, catalog) ? [...opensAt, now + settleMs] : opensAt;
  });
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}

/** Whether a trigger with `outbound` may open sooner by the population's usual intervals as they are now: after a pause, by
 *  a shorter one only; where a condition reads the history, by any other. */
export function mayOpenSooner(before: ReadonlyMap<string, number>, measured: ReadonlyMap<string, number | null>, catalog: Pick<Catalog, 'triggers' | 'derived' | 'layout' | 'models'>): boolean {
  const others = [...measured].filter(([type, usual]) => usual !== (before.get(type) ?? null));
  const isShorter = (of: string): boolean => others.some(([type, usual]) => type === of && (usual ?? Infinity) < (before.get(type) ?? Infinity));
  return others.length > 0 && catalog.triggers.some((trigger) => {
    const { outbound, start } = trigger;
    return outbound !== null && ((start.type === 'absence' && start.rhythm !== null && isShorter(start.of)) || hangsOnHistory(trigger, catalog));
  });
}

/** Whether an event of any type may make it active, or open it to the customer. */
function hangsOnHistory({ start, audience }: Trigger, catalog: Pick<Catalog, 'derived' | 'layout' | 'models'>): boolean {
  const conditions = start.type === 'while' ? [start.while, audience] : start.type === 'event' ? [start.when, start.matches, audience] : [audience];
  return conditions.some((condition) => changeable(condition, catalog).byEvents);
}

/** The same after a write of the profile, or where an event makes the customer: what holds may be another, so now, where there is anything to look for. */
export function wakeAfterProfile({ triggers }: Pick<Catalog, 'triggers'>, now: number): number | undefined {
  return triggers.some(({ outbound }) => outbound !== null) ? now : undefined;
}
