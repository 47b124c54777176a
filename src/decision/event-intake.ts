import type { Catalog, EventType, JsonObject, Trigger, TriggerStart } from './types.js';

/** What a customer agrees to, so that what partners know may be kept, and count. */
export const partnerConsent = 'partner-data';

/** One event as it came, its type declared and its data checked. */
export interface CustomerEvent {
  readonly source: string;
  readonly subject: string | undefined;
  readonly type: EventType;
  readonly occurredAt: number;
  readonly data: JsonObject;
}

/** What of an event is kept: that it happened, and for which triggers. */
export interface EventIntake {
  readonly type: string;
  readonly fromPartner: boolean;
  readonly occurredAt: number;
  readonly matches: readonly {
    readonly trigger: string;
    readonly timing: TriggerTiming;
    /** Only where a condition has yet to read it. */
    readonly event?: { readonly source: string; readonly data: JsonObject };
  }[];
}

/** For how long an event that started a trigger matters. `windowMs` Infinity: until something ends it. */
export interface TriggerTiming { readonly opensAfterMs: number; readonly windowMs: number; readonly restMs: number }

/**
 * Which triggers an event may start. `when` is settled here, so that nothing of an event is kept which no trigger waits
 * for; where it reads the event history, which a late event may still change, and where `matches` reads the customer, the
 * event is kept and judged at each decision.
 */
export function takeIn(event: CustomerEvent, catalog: Catalog, now: number): EventIntake {
  const { type, source, subject, occurredAt, data } = event;
  const { layout } = catalog;
  const slots = new Array<unknown>(layout.size).fill(undefined);
  slots[layout.always.event] = { type: type.name, source, ...(subject !== undefined && { subject }), time: occurredAt, data };
  slots[layout.always.now] = now;
  const matches = triggersOn(type.name, catalog).flatMap((trigger) => {
    const { start } = trigger;
    if (start.type !== 'event') return [];
    if (!start.whenReadsHistory && start.when !== null && start.when.evaluate(slots) !== true) return [];
    const judgedLater = start.whenReadsHistory || start.matches !== null;
    return [{ trigger: trigger.id, timing: timingOf(start, trigger), ...(judgedLater && { event: { source, data } }) }];
  });
  return { type: type.name, fromPartner: type.fromPartner, occurredAt, matches };
}

/** By trigger, of all that events start. */
export function timingsOf({ triggers }: Pick<Catalog, 'triggers'>): ReadonlyMap<string, TriggerTiming> {
  return new Map(triggers.flatMap((trigger) => (trigger.start.type === 'event' ? [[trigger.id, timingOf(trigger.start, trigger)] as const] : [])));
}

function timingOf({ opensAfterMs, windowMs }: Extract<TriggerStart, { type: 'event' }>, { restMs }: Trigger): TriggerTiming {
  return { opensAfterMs, windowMs, restMs };
}

/** How long after an event its trigger may still be active, or rest. */
export function keepMsOf({ start, restMs }: Trigger): number {
  return start.type === 'event' ? start.opensAfterMs + start.windowMs + restMs : 0;
}

export function triggersOn(eventType: string, { triggers }: Pick<Catalog, 'triggers'>): readonly Trigger[] {
  return triggers.filter(({ start }) => start.type === 'event' && start.event === eventType);
}
