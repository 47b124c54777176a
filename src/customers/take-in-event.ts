import type { Tombstone } from './customer-store.js';
import type { ContactWrite, EventResult, EventWrite } from './customer-store.js';
import { addEvent } from './event-ledger.js';
import { withoutOver } from './forgotten-matches.js';
import { ownEventAnswer, partnerEventAnswer, type AnsweredOutcome } from './values/answered-outcome.js';
import { bareCustomer, type CustomerValue } from './values/customer-value.js';

/** What is to be written, or what is to be answered without. */
export type EventPlan = { readonly type: 'done'; readonly result: EventResult } | { readonly type: 'write'; readonly isNew: boolean; readonly remembers: boolean; readonly customer: CustomerValue; readonly wakeAt: number | undefined };

export interface EventSnapshot {
  /** One whose time is over is none. */
  readonly tombstone: Tombstone | null;
  readonly customer: CustomerValue | null;
  /** Of a visitor: the customer who holds all. */
  readonly linkedTo: string | null;
  /** One that has expired is none. */
  readonly answered: AnsweredOutcome | null;
  /** Whether one more key can be remembered. */
  readonly hasRoomForKey: () => boolean;
}

/** `CustomerStore.takeIn`, decided on what is stored: all checks in the port's order. `version`: of the state to come. */
export function planEvent({ intake, timings, createsCustomer, needsConsent, late, idempotency, wakeAt, wakeNewAt }: EventWrite, { tombstone, customer, linkedTo, answered, hasRoomForKey }: EventSnapshot, version: number): EventPlan {
  const done = (type: Exclude<EventResult['type'], 'linked' | 'repeated'>): EventPlan => ({ type: 'done', result: { type } });
  if (tombstone !== null && intake.occurredAt <= tombstone.erasedAt) return done('erased');
  if (linkedTo !== null) return { type: 'done', result: { type: 'linked', customerId: linkedTo } };
  if (customer === null && !createsCustomer) return done('unknown-customer');
  if (needsConsent !== null && customer?.profile.consents.includes(needsConsent) !== true) return done('no-consent');
  if (answered !== null) return answered.body === idempotency.body ? { type: 'done', result: { type: 'repeated', expiresAt: answered.expiresAt } } : done('other-body');
  const remembers = hasRoomForKey();
  // A late one counts once a day at most, so it needs no key to change nothing when it comes again.
  if (!remembers && !late) return done('too-many-keys');
  const before: CustomerValue = customer ?? bareCustomer(version);
  const events = addEvent(withoutOver(before.events, timings, intake.occurredAt), intake, { late });
  const wakes = [wakeAt, customer === null ? wakeNewAt : undefined].filter((at) => at !== undefined);
  return { type: 'write', isNew: customer === null, remembers, customer: { ...before, events, ledgerVersion: version }, wakeAt: wakes.length === 0 ? undefined : Math.min(...wakes) };
}

/** Under which an event's key is kept beside outcome ids, none of which begins with a control character. */
export function keptAs({ intake, idempotency: { eventKey, ...kept } }: EventWrite): NonNullable<ContactWrite['idempotency']> {
  return { outcomeId: `\u0001${eventKey}`, answer: intake.fromPartner ? partnerEventAnswer : ownEventAnswer, ...kept };
}

/** Times of a write that must be whole milliseconds. */
export function timesOf({ now, intake, idempotency, wakeAt, wakeNewAt }: EventWrite): readonly number[] {
  return [now, intake.occurredAt, idempotency.expiresAt, ...[wakeAt, wakeNewAt].filter((at) => at !== undefined)];
}
