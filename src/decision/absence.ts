import { dayMs } from './calendar.js';
import { lastTime, trailOf } from './event-history.js';
import type { Situation } from './situation.js';
import type { TriggerStart } from './types.js';

type AbsenceStart = Extract<TriggerStart, { type: 'absence' }>;
export type Absence =
  | { readonly holds: true; readonly last: number; readonly since: number; readonly words: () => string }
  /** `opensAt`: when it will hold, unless an event comes before. */
  | { readonly holds: false; readonly opensAt?: number; readonly words: () => string };

/** Whether the customer has been silent for longer than is usual for this customer, in words a person can check (put together only where asked for). */
export function absenceOf({ of, rhythm, atLeastMs, atMostMs }: AbsenceStart, { customer, eventHistory, now }: Situation): Absence {
  const last = lastTime(trailOf(customer.events, of), now);
  if (last === undefined) return { holds: false, words: () => `No ${of} is known, so none is missed` };
  const usualMs = rhythm === null ? undefined : eventHistory?.usualInterval(of);
  if (rhythm !== null && usualMs === undefined && atLeastMs === 0) return { holds: false, words: () => `Too little is known of how often ${of} is usual` };
  const since = last + Math.max(atLeastMs, (rhythm ?? 0) * (usualMs ?? 0));
  // Others' habit is never told as the customer's own: somebody may say it to the customer.
  const whose = (): string => eventHistory?.ownInterval(of) === undefined ? 'with others ' : '';
  const words = (): string => `${of}: ${usualMs === undefined ? '' : `${whose()}usually every ${inDays(usualMs)}, `}silent for ${inDays(now - last)}`;
  if (now <= since) return { holds: false, opensAt: Math.floor(since) + 1, words };
  return now - last > atMostMs ? { holds: false, words: () => `${words()}: longer than it looks back` } : { holds: true, last, since, words };
}

function inDays(ms: number): string {
  const days = Math.round(ms / dayMs * 10) / 10;
  return days === 1 ? 'day' : `${days >= 10 ? Math.round(days) : days} days`;
}
