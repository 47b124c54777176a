import type { EventType } from '../decision/types.js';
import { durationMs } from './compile-parts.js';
import type { EventDeclarations } from './read-entries.js';
import type { Trigger } from '../decision/types.js';

/** The event types, by name, with what the triggers that wait for them make of them. */
export function compileEvents(events: EventDeclarations['byType'], triggers: readonly Trigger[]): ReadonlyMap<string, EventType> {
  return new Map([...events].map(([name, { source, createsCustomer, usualInterval, schema, spot }]) => {
    const waiting = triggers.filter(({ start }) => (start.type === 'event' && start.event === name) || (start.type === 'absence' && start.of === name));
    return [name, {
      name,
      fromPartner: source === 'partner' || waiting.some(({ fromPartner }) => fromPartner),
      createsCustomer: createsCustomer === true,
      concernsGroups: waiting.some(({ start }) => start.type === 'event' && start.matches !== null),
      usualIntervalMs: durationMs(usualInterval, spot.at('usualInterval')) ?? null,
      data: schema,
    }];
  }));
}
