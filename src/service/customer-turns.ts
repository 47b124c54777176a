import type { Deadline } from './deadline.js';
import { StoreError } from '../customers/customer-store.js';

/**
 * Decisions of this process that claim offers for one customer go one after the other once two of them got into each
 * other's way. At once, all but one would lose every race, and give up while a cap still has room.
 */
export interface CustomerTurns {
  /** Somebody has the turn, or waits for it. */
  areTaken(customerId: string): boolean;
  /** Resolves when those that asked before have left; the result is called to leave. `null`: the deadline came first. */
  take(customerId: string, deadline: Deadline): Promise<(() => void) | null>;
}

export function createCustomerTurns(): CustomerTurns {
  const lines = new Map<string, (() => void)[]>();
  const leave = (customerId: string): void => {
    const next = lines.get(customerId)!.shift();
    if (next === undefined) lines.delete(customerId);
    else next();
  };
  const turnOf = (customerId: string): Promise<void> => new Promise((resolve) => {
    const line = lines.get(customerId);
    if (line !== undefined) return void line.push(resolve);
    lines.set(customerId, []);
    resolve();
  });
  return {
    areTaken: (customerId) => lines.has(customerId),
    take: async (customerId, deadline) => {
      const turn = turnOf(customerId);
      try {
        await deadline.cut(turn);
        return () => leave(customerId);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        void turn.then(() => leave(customerId));
        return null;
      }
    },
  };
}
