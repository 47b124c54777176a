import type { DrainLimits } from './http/http-server.js';

/** What runs while the service does, and ends with it. */
export interface RunningParts {
  readonly http: { drain(limits: DrainLimits): Promise<void> };
  readonly watch: { close(): Promise<void> };
  readonly rhythm: { stop(): Promise<void> };
  /** Resolves when the looks under way are done: they may take longer than whoever ends the process waits. */
  readonly waker: { stop(): Promise<void> } | null;
  readonly outbox: { close(): Promise<void> } | null;
  readonly engine: { logWritten(): Promise<void>; close(): Promise<void> };
}

/** Ends all of it: at once what takes up new work, last what that work needs. What requests decided is in the log before
 *  anything else is waited for, since the process may be killed meanwhile. */
export async function endService({ http, watch, rhythm, waker, outbox, engine }: RunningParts, limits: DrainLimits = {}): Promise<void> {
  const ending = Promise.all([waker?.stop(), rhythm.stop()]);
  ending.catch(() => undefined);      // told below; until then nobody waits for it
  await http.drain(limits);
  await engine.logWritten();
  await watch.close();
  await ending;
  await outbox?.close();
  await engine.close();
}
