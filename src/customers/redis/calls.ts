import { StoreError } from '../customer-store.js';
import { messageOf } from '../../errors.js';
import type { RedisConnection } from './connection.js';
import type { TombstonesOf } from './preparation.js';

export interface Calls {
  /** Runs a call of the port, once the store is ready and unless it is closed, with where tombstones are. Rejects with a
   *  `StoreError`. */
  call<T>(action: (tombstoneOf: TombstonesOf) => Promise<T>): Promise<T>;
  /** Resolves when every call made before has settled, and then closes the connection. */
  close(): Promise<void>;
}

export function createCalls(connection: RedisConnection, ready: () => Promise<TombstonesOf>): Calls {
  let pending = 0;
  let closing: Promise<void> | undefined;
  let nothingPending = (): void => undefined;
  return {
    call: async (action) => {
      if (closing !== undefined) throw new StoreError('The store is closed.');
      pending++;
      try {
        return await action(await ready());
      } catch (error) {
        if (error instanceof StoreError) throw error;
        throw new StoreError(`The store could not do it: ${messageOf(error)}.`);
      } finally {
        if (--pending === 0) nothingPending();
      }
    },
    close: () => closing ??= new Promise<void>((resolve) => {
      nothingPending = resolve;
      if (pending === 0) resolve();
    }).then(() => connection.close()),
  };
}
