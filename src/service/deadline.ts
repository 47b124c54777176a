import { StoreError } from '../customers/customer-store.js';

/** How long a call may still take. */
export interface Deadline {
  /** Milliseconds that are left; never below 0. */
  remainingMs(): number;
  /** The result of `work`, or a StoreError where the call would be late if it waited longer. The work itself is not stopped. */
  cut<T>(work: Promise<T>): Promise<T>;
}

/** For a person who waits as long as it takes: a store gives up by itself. */
export const noDeadline: Deadline = { remainingMs: () => Infinity, cut: (work) => work };

/**
 * Of a call's time so much is kept for what comes after the store: the models, and the answer on its way. Else a store
 * that does not answer would take the models from the decision, too.
 */
const keptShare = 0.1;
const mostKeptMs = 25;

/** `monotonicMs` counts up evenly, whatever the wall clock does. */
export function startDeadline(timeoutMs: number, monotonicMs: () => number): Deadline {
  const endsAt = monotonicMs() + timeoutMs;
  const storeUntil = endsAt - Math.min(timeoutMs * keptShare, mostKeptMs);
  const until = (end: number): number => Math.max(0, end - monotonicMs());
  return {
    remainingMs: () => until(endsAt),
    cut: (work) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new StoreError('the store did not answer before the deadline')), until(storeUntil));
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    }),
  };
}
