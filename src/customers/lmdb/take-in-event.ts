import type { EventResult, EventWrite } from '../customer-store.js';
import { expectTimes, expectVisitorUntil } from '../store-values.js';
import { keptAs, planEvent, timesOf } from '../take-in-event.js';
import { wake } from './agenda-table.js';
import { findAnsweredOutcome, hasRoomForKey, keepAnsweredOutcome } from './answered-outcomes.js';
import { getHeld, putHeld } from './customer-table.js';
import type { Tables } from './environment.js';
import { findTombstone } from './tombstones.js';

/** `CustomerStore.takeIn` within a transaction. */
export function takeInEvent(tables: Tables, write: EventWrite, tombstoneSalt: string, version: number): EventResult {
  expectVisitorUntil(write.customerId, write.visitorUntil);
  expectTimes(timesOf(write));
  const { customerId, now } = write;
  const kept = keptAs(write);
  const planned = planEvent(write, {
    tombstone: findTombstone(tables, tombstoneSalt, customerId, now),
    ...getHeld(tables, customerId, now),
    answered: findAnsweredOutcome(tables, customerId, kept.outcomeId, now),
    hasRoomForKey: () => hasRoomForKey(tables, customerId, kept.mostKept, now),
  }, version);
  if (planned.type === 'done') return planned.result;
  putHeld(tables, customerId, planned.customer, write.visitorUntil);
  if (planned.remembers) keepAnsweredOutcome(tables, customerId, kept, now);
  if (planned.wakeAt !== undefined) wake(tables, customerId, planned.wakeAt);
  return { type: 'recorded' };
}
