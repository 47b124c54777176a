import { StoreError, UnreadableError, type CustomerStore } from '../customers/customer-store.js';

export interface StoreObserver {
  /** With every change: whether the last read was answered. */
  changed(isUp: boolean): void;
  /** For people, and so at most once in `quietMs`: after a short absence `back` may come that much later. */
  lost(problem: string): void;
  back(): void;
  /** The store is there, and what it holds of somebody, or of everybody, cannot be understood. At most once in `quietMs`. */
  unreadable(problem: string): void;
}

export interface WatchParts {
  readonly observer: StoreObserver;
  readonly now: () => number;
  readonly monotonicMs: () => number;
}

export interface WatchedStore extends CustomerStore {
  /** People were told that it is away, or that it was at the start, and not yet that it is back: what fails by that meanwhile
   *  is no news. */
  isLost(): boolean;
}

/** In a cluster one master may be away, and every other read fails: no line for each. */
export const quietMs = 10_000;

/**
 * The same store, whose reads tell whether it is there. Writes do not count: one may be refused for its own sake, or by
 * a store that is full and still reads. But a turn to speak that is taken is an answer, too: where nobody reads, it is
 * what is asked for each second. `problem` says what the last read failed of, or what the store knows against itself,
 * which counts as a read that failed; it also asks the store again, so that somebody who only looks sees it go and come back.
 */
export function watchStore(store: CustomerStore, { observer, now, monotonicMs }: WatchParts): WatchedStore {
  let problem = store.problem();
  let isTold = problem !== null;        // the start says so itself
  let toldAt = -Infinity;
  let unreadableToldAt = -Infinity;
  observer.changed(problem === null);

  const tell = (): void => {
    if (isTold === (problem !== null) || monotonicMs() - toldAt < quietMs) return;
    isTold = problem !== null;
    toldAt = monotonicMs();
    if (problem === null) observer.back();
    else observer.lost(problem);
  };
  const answered = (): void => {
    if (problem !== null) {
      problem = null;
      observer.changed(true);
    }
    tell();
  };
  const lost = (reason: string): void => {
    const wasUp = problem === null;
    problem = reason;
    if (wasUp) observer.changed(false);
    tell();
  };
  const tellUnreadable = (what: string): void => {
    if (monotonicMs() - unreadableToldAt < quietMs) return;
    unreadableToldAt = monotonicMs();
    observer.unreadable(what);
  };
  const failed = (error: unknown): void => {
    if (!(error instanceof StoreError)) return;
    if (error instanceof UnreadableError) {
      answered();
      tellUnreadable(error.message);
      return;
    }
    lost(error.message);
  };
  const watched = <T>(reading: Promise<T>): Promise<T> => {
    reading.then(answered, failed);
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
      taking.then(answered, () => undefined);
      return taking;
    },
    isLost: () => isTold,
    problem: () => {
      if (problem !== null) watched(store.shared(now())).catch(() => undefined);
      const known = store.problem();
      if (known !== null) lost(known);
      return problem;
    },
  };
}
