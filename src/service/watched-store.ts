import { StoreError, UnreadableError, type CustomerStore } from '../customers/customer-store.js';
import { watchPresence, type PresenceParts } from './store-presence.js';

export interface WatchParts extends Pick<PresenceParts, 'observer' | 'monotonicMs' | 'after'> {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface WatchedStore extends CustomerStore {
  /** People were told that it is away, or that it was at the start, and not yet that it is back: what fails by that meanwhile
   *  is no news. */
  isLost(): boolean;
}

/**
 * The same store, whose reads tell whether it is there. Writes do not count: one may be refused for its own sake, or by
 * a store that is full and still reads. But a turn to speak that is taken is an answer, too: where nobody reads, it is
 * what is asked for each second. `problem` says what the last read failed of, or what the store knows against itself,
 * which counts as a read that failed; it also asks the store again, so that somebody who only looks sees it go and come back.
 */
export function watchStore(store: CustomerStore, { now, ...parts }: WatchParts): WatchedStore {
  let isLooking = false;
  const look = (): void => {
    if (isLooking) return;
    isLooking = true;
    const looked = (): void => { isLooking = false; };
    watched(store.shared(now())).then(looked, looked);
  };
  const presence = watchPresence(store.problem(), { ...parts, look });
  const failed = (error: unknown): void => {
    if (error instanceof UnreadableError) {
      presence.answered();
      presence.unreadable(error.message);
    } else if (error instanceof StoreError) presence.lost(error.message);
  };
  const watched = <T>(reading: Promise<T>): Promise<T> => {
    reading.then(presence.answered, failed);
    return reading;
  };

  return {
    ...store,
    // Nothing is asked for, so nothing is learnt.
    read: (customerId, limits, at) => (customerId === null && limits.length === 0 ? store.read(customerId, limits, at) : watched(store.read(customerId, limits, at))),
    shared: (at) => watched(store.shared(at)),
    export: (customerId) => watched(store.export(customerId)),
    limitUse: (limits, at) => watched(store.limitUse(limits, at)),
    takeTurn: (ask) => {
      const taking = store.takeTurn(ask);
      taking.then(presence.answered, () => undefined);
      return taking;
    },
    isLost: presence.isLost,
    problem: () => {
      if (presence.problem() !== null) look();
      const known = store.problem();
      if (known !== null) presence.lost(known);
      return presence.problem();
    },
    close: () => {
      presence.close();
      return store.close();
    },
  };
}
