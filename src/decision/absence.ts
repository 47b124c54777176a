import { dayMs } from './calendar.js';
import { lastTime, trailOf, type EventHistory } from './event-history.js';
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
  if (last === undefined) return { holds: false, words: noneWords(of) };
  const usualMs = rhythm === null ? undefined : eventHistory?.usualInterval(of);
  if (rhythm !== null && usualMs === undefined && atLeastMs === 0) return { holds: false, words: tooLittleWords(of) };
  const since = last + Math.max(atLeastMs, (rhythm ?? 0) * (usualMs ?? 0));
  const words = pauseWords(of, usualMs, now - last, eventHistory);
  if (now <= since) return { holds: false, opensAt: Math.floor(since) + 1, words };
  return now - last > atMostMs ? { holds: false, words: tooLongWords(words) } : { holds: true, last, since, words };
}

// Each closure is made in a function of its own: where it is made, all that it reads is kept on the heap, taken or not.
const noneWords = (of: string) => (): string => `No ${of} is known, so none is missed`;
const tooLittleWords = (of: string) => (): string => `Too little is known of how often ${of} is usual`;
const tooLongWords = (pause: () => string) => (): string => `${pause()}: longer than it looks back`;
const pauseWords = (of: string, usualMs: number | undefined, pauseMs: number, history: EventHistory | null) => (): string => {
  // Others' habit is never told as the customer's own: somebody may say it to the customer.
  const whose = history?.ownInterval(of) === undefined ? 'with others ' : '';
  return `${of}: ${usualMs === undefined ? '' : `${whose}usually every ${inDays(usualMs)}, `}silent for ${inDays(pauseMs)}`;
};

function inDays(ms: number): string {
  const days = Math.round(ms / dayMs * 10) / 10;
  return days === 1 ? 'day' : `${days >= 10 ? Math.round(days) : days} days`;
}
