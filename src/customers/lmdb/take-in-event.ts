import type { EventResult, EventWrite } from '../customer-store.js';
import { expectTimes } from '../store-values.js';
import { keptAs, planEvent, timesOf } from '../take-in-event.js';
import { findAnsweredOutcome, keepAnsweredOutcome } from './answered-outcomes.js';
import { getCustomer, putCustomer } from './customer-table.js';
import type { Tables } from './environment.js';
import { findTombstone } from './tombstones.js';

/** `CustomerStore.takeIn` within a transaction. */
export function takeInEvent(tables: Tables, write: EventWrite, tombstoneSalt: string, version: number): EventResult {
  expectTimes(timesOf(write));
  const { customerId, now } = write;
  const kept = keptAs(write);
  const planned = planEvent(write, {
    tombstone: findTombstone(tables, tombstoneSalt, customerId, now),
    customer: getCustomer(tables, customerId),
    answered: findAnsweredOutcome(tables, customerId, kept.outcomeId, now),
  }, version);
  if (planned.type === 'done') return planned.result;
  putCustomer(tables, customerId, planned.customer);
  keepAnsweredOutcome(tables, customerId, kept, now);
  return { type: 'recorded' };
}
