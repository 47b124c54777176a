import type { DueTrigger } from '../../decision/outlook.js';
import { dayMs } from '../../decision/calendar.js';

/** A deferred trigger tries again no sooner; where nobody knows when there is room, of its time at most so many times. */
const leastRetryMs = 60_000;
const mostRetries = 64;

/** When a deferred trigger is asked again: when there may be room, at the latest when its time is over, to give it up.
 *  `roomAt` `null`: time alone changes nothing, as far as is known. */
export function retryAt({ trigger, startedAt, deadline }: DueTrigger, roomAt: number | null, now: number): number {
  const span = Number.isFinite(deadline) ? deadline - startedAt : trigger.outbound!.withinMs;
  const next = roomAt === null || roomAt <= now ? now + Math.min(Math.max(leastRetryMs, span / mostRetries), dayMs) : Math.max(roomAt, now + leastRetryMs);
  return Math.ceil(Math.min(next, deadline, now + 366 * dayMs));
}
