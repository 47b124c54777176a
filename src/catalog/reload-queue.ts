/** Runs something after `delayMs`; the answer takes that back. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

export const scheduleByTimer: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

export interface ReloadQueue {
  /** Something has changed: reload when it has been quiet for a while. */
  request(): void;
  /** No reload begins from now on; resolves when one that runs has ended. */
  close(): Promise<void>;
}

/**
 * Many changes in a row make one reload, and reloads never overlap: what changes while one runs is loaded by the
 * next, so the last reload has always seen the last change. `reload` must not reject.
 */
export function createReloadQueue(reload: () => Promise<void>, quietMs: number, schedule: Schedule): ReloadQueue {
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;

  const run = async (): Promise<void> => {
    await reload();
    running = null;
    if (again) {
      again = false;
      request();
    }
  };
  const start = (): void => {
    cancel = null;
    if (running === null) running = run();
    else again = true;
  };
  const request = (): void => {
    if (closed) return;
    cancel?.();
    cancel = schedule(start, quietMs);
  };
  return {
    request,
    close: async () => {
      closed = true;
      cancel?.();
      await running;
    },
  };
}
