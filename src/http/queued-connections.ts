import type { Server } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';

export interface QueueLimits {
  /** Resolves when no connection came for so long; 0 where the server accepts by itself, so that what lies ready comes with
   *  the next turn of the event loop. */
  readonly quietMs: number;
  /** Nobody waits longer for callers who come again and again. */
  readonly withinMs: number;
}

/**
 * Resolves when the connections that callers have opened by now are taken. Until then they lie in a queue of the system, of
 * which a turn of the event loop takes a part, and a server that stops listening resets the others, with the requests that
 * may have been sent on them.
 */
export async function takeQueuedConnections(server: Server, { quietMs, withinMs }: QueueLimits): Promise<void> {
  let taken = 0;
  const count = (): void => { taken++; };
  server.on('connection', count);
  const endsAt = performance.now() + withinMs;
  for (let before = -1; before !== taken && performance.now() < endsAt;) {
    before = taken;
    await pause(quietMs);
  }
  server.off('connection', count);
}

async function pause(quietMs: number): Promise<void> {
  if (quietMs > 0) return setTimeout(quietMs);
  // A whole turn lies between two.
  await setImmediate();
  await setImmediate();
}
