import { StoreError } from '../customers/customer-store.js';

/** How long a call may still wait for a store. */
export interface Deadline {
  /** Milliseconds that are left; never below 0. */
  remainingMs(): number;
  /** The result of `work`, or a StoreError when the deadline comes first. The work itself is not stopped. */
  cut<T>(work: Promise<T>): Promise<T>;
}

/** For a person who waits as long as it takes: a store gives up by itself. */
export const noDeadline: Deadline = { remainingMs: () => Infinity, cut: (work) => work };

/** `monotonicMs` counts up evenly, whatever the wall clock does. */
export function startDeadline(timeoutMs: number, monotonicMs: () => number): Deadline {
  const endsAt = monotonicMs() + timeoutMs;
  const remainingMs = (): number => Math.max(0, endsAt - monotonicMs());
  return {
    remainingMs,
    cut: (work) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new StoreError('the store did not answer before the deadline')), remainingMs());
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    }),
  };
}
