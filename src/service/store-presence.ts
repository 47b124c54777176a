/** Since people were last told that the store is there; as far as reads have shown. */
export interface Absence {
  /** How often it was lost. */
  readonly losses: number;
  /** All of them together. */
  readonly awayMs: number;
}

export interface StoreObserver {
  /** With every change: whether it is there. */
  changed(isUp: boolean): void;
  /** For people, as are the others, and so at most one of the two in `quietMs`: what comes sooner is told at its end. */
  lost(problem: string, absence: Absence): void;
  /** Also where its loss was not told, since it was over so soon. */
  back(absence: Absence): void;
  /** The store is there, and what it holds of somebody, or of everybody, cannot be understood. At most once in `quietMs`. */
  unreadable(problem: string): void;
}

export interface PresenceParts {
  readonly observer: StoreObserver;
  readonly monotonicMs: () => number;
  /** Runs `action` after so long, unless it is cancelled. */
  readonly after: (ms: number, action: () => void) => () => void;
  /** Asks the store something; whatever comes of it is told by `answered` or `lost`. */
  readonly look: () => void;
}

/** What is known of whether the store is there. */
export interface StorePresence {
  answered(): void;
  lost(problem: string): void;
  unreadable(problem: string): void;
  /** `null`: it is there. */
  problem(): string | null;
  /** People were told that it is away, or that it was at the start, and not yet that it is back. */
  isLost(): boolean;
  /** Nothing is told any more. */
  close(): void;
}

/** In a cluster one master may be away, and every other read fails: no line for each. */
export const quietMs = 10_000;
/** It is back when it answers and no read has failed for so long: where a part of a cluster is away, others answer all the time. */
export const steadyMs = 2_000;
/** While it is away it is asked so often, so that its return is told though nobody else asks; and while something waits to be told. */
const lookMs = 1_000;

/** Takes what reads show, and tells the observer. `problemAtStart`: the start says so itself. */
export function watchPresence(problemAtStart: string | null, { observer, monotonicMs, after, look }: PresenceParts): StorePresence {
  let problem = problemAtStart;
  let lostAt = monotonicMs();
  let failedAt = -Infinity;
  /** Since the last failure. */
  let answeredAt: number | null = null;
  let losses = problem === null ? 0 : 1;
  let endedAwayMs = 0;
  let isTold = problem !== null;
  let toldAt = -Infinity;
  let unreadableToldAt = -Infinity;
  let cancelLook: (() => void) | null = null;
  let isClosed = false;

  const absence = (): Absence => ({ losses, awayMs: Math.round(endedAwayMs + (problem === null ? 0 : monotonicMs() - lostAt)) });
  const isNews = (): boolean => (problem === null ? losses > 0 : !isTold);
  const tell = (): void => {
    if (isNews() && monotonicMs() - toldAt >= quietMs) {
      toldAt = monotonicMs();
      isTold = problem !== null;
      if (problem !== null) observer.lost(problem, absence());
      else {
        observer.back(absence());
        losses = endedAwayMs = 0;
      }
    }
    if (problem !== null || isNews()) cancelLook ??= after(lookMs, lookAgain);
  };
  const lookAgain = (): void => {
    cancelLook = null;
    if (problem !== null) look();
    tell();
  };

  observer.changed(problem === null);
  tell();
  return {
    answered: () => {
      if (problem === null || isClosed) return;
      answeredAt ??= monotonicMs();
      if (monotonicMs() - failedAt < steadyMs) return;
      endedAwayMs += answeredAt - lostAt;
      problem = null;
      observer.changed(true);
      tell();
    },
    lost: (reason) => {
      if (isClosed) return;
      const wasThere = problem === null;
      failedAt = monotonicMs();
      answeredAt = null;
      problem = reason;
      if (!wasThere) return;
      lostAt = monotonicMs();
      losses += 1;
      observer.changed(false);
      tell();
    },
    unreadable: (what) => {
      if (isClosed || monotonicMs() - unreadableToldAt < quietMs) return;
      unreadableToldAt = monotonicMs();
      observer.unreadable(what);
    },
    problem: () => problem,
    isLost: () => isTold,
    close: () => {
      isClosed = true;
      cancelLook?.();
    },
  };
}
