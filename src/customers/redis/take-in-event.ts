import type { EventResult, EventWrite } from '../customer-store.js';
import { expectId, expectTimes, expectVisitorUntil } from '../store-values.js';
import { isVisitorKey } from '../visitor-id.js';
import { keptAs, planEvent, timesOf } from '../take-in-event.js';
import { lookAtHeld } from './look-at-held.js';
import { customerKeys, type TombstoneKeys } from './keys.js';
import { nextVersion } from './versions.js';
import type { PlannedWrite, Writing } from './write-with-room.js';

/** `CustomerStore.takeIn`. */
export function takeInEvent(writing: Writing, write: EventWrite, tombstoneKeys: TombstoneKeys): PlannedWrite<EventResult> {
  const { customerId, now } = write;
  const keys = customerKeys(writing.prefix, customerId);
  const kept = keptAs(write);
  const outcome = { id: kept.outcomeId, now };
  return {
    customerId, keys, now,
    look: () => lookAtHeld(writing, customerId, keys, now, { outcomes: [outcome], tombstoneKeys }),
    shared: { outcome, tombstoneKeys },
    plan: ({ tombstone: found, customer, linkedTo }, { answered, remembered }) => {
      const planned = planEvent(write, {
        tombstone: found !== null && found.keptUntil > now ? found : null,
        customer, linkedTo,
        answered: answered !== null && answered.expiresAt > now ? answered : null,
        hasRoomForKey: () => remembered < kept.mostKept,
      }, nextVersion(customer));
      if (planned.type === 'done') return planned;
      return {
        type: 'write',
        wishes: [],
        refusal: null,
        commit: () => ({ now, remembers: planned.remembers ? [{ ...kept, now }] : [], customer: planned.customer, visitorUntil: write.visitorUntil, isNew: planned.isNew && !isVisitorKey(customerId), wakeAt: planned.wakeAt }),
        result: { type: 'recorded' },
        full: () => ({ type: 'recorded' }),       // asks for no room, so none can be missing
      };
    },
  };
}

/** Throws a `StoreError`. */
export function expectTakable(write: EventWrite): void {
  expectId(write.customerId);
  expectVisitorUntil(write.customerId, write.visitorUntil);
  expectTimes(timesOf(write));
}
