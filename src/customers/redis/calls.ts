import { StoreError } from '../customer-store.js';
import type { RedisConnection } from './connection.js';

export interface Calls {
  /** Runs a call of the port, unless the store is closed. Rejects with a `StoreError`. */
  call<T>(action: () => Promise<T>): Promise<T>;
  /** Resolves when every call made before has settled, and then closes the connection. */
  close(): Promise<void>;
}

export function createCalls(connection: RedisConnection): Calls {
  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  return {
    call: async (action) => {
      if (closing !== undefined) throw new StoreError('The store is closed.');
      const done = action();
      pending.add(done);
      try {
        return await done;
      } catch (error) {
        if (error instanceof StoreError) throw error;
        throw new StoreError(`The store could not do it: ${error instanceof Error ? error.message : 'for no reason given'}.`);
      } finally {
        pending.delete(done);
      }
    },
    close: () => closing ??= Promise.allSettled(pending).then(() => connection.close()),
  };
}
