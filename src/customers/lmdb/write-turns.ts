/** So long writes may hold the process at a time, but for one that takes longer by itself: then whatever else waits has its
 *  turn. A commit takes a millisecond or two, so that little is lost by making more of them. */
const turnMs = 20;

interface WaitingWrite {
  readonly run: () => void;
  /** `failure`: of the transaction; `null`: it is on disk. */
  readonly settle: (failure: Error | null) => void;
}

/**
 * Writes in the order in which they were asked for, as many in one transaction as there is time for in one turn. The
 * library would run all that wait in a row: 400 events that each start a thousand triggers held the process for half a
 * minute. `transaction` runs its argument in a write transaction, and resolves when that is on disk; where it rejects, so
 * does every write that it ran; where it runs it again, the same writes run again. A write that throws rejects alone.
 */
export function createWriteTurns(transaction: (run: () => void) => Promise<void>, clockMs: () => number = () => performance.now()): <T>(write: () => T) => Promise<T> {
  const waiting: WaitingWrite[] = [];
  /** A transaction has been asked for, and has not run yet: it will take what waits. */
  let isAsked = false;

  const takeTurn = (): readonly WaitingWrite[] => {
    const startedMs = clockMs();
    let done = 0;
    for (const { run } of waiting) {
      run();
      done++;
      if (clockMs() - startedMs >= turnMs) break;
    }
    return waiting.splice(0, done);
  };

  const ask = async (): Promise<void> => {
    isAsked = true;
    let turn = null as readonly WaitingWrite[] | null;
    let failure: Error | null = null;
    try {
      await transaction(() => {
        if (turn !== null) {
          for (const { run } of turn) run();
          return;
        }
        turn = takeTurn();
        isAsked = false;
        if (waiting.length > 0) setImmediate(askAgain);
      });
    } catch (error) {
      failure = error as Error;
      // It never ran, and those that wait for it have no other.
      if (turn === null) {
        turn = waiting.splice(0);
        isAsked = false;
      }
    }
    for (const { settle } of turn!) settle(failure);
  };
  const askAgain = (): void => {
    if (!isAsked && waiting.length > 0) void ask();
  };

  return <T>(write: () => T) => new Promise<T>((resolve, reject) => {
    let settleOwn: () => void;
    waiting.push({
      run: () => {
        try {
          const result = write();
          settleOwn = () => resolve(result);
        } catch (error) {
          settleOwn = () => reject(error instanceof Error ? error : new Error(String(error)));
        }
      },
      settle: (failure) => (failure === null ? settleOwn() : reject(failure)),
    });
    askAgain();
  });
}
