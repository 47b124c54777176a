import type { Server } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Longer than that nobody waits for callers who come again and again. */
const mostMs = 250;

/**
 * Resolves when the connections that callers have opened by now are taken. Until then they lie in a queue of the system, at
 * most some of it is taken in a turn of the event loop, and a server that stops listening resets the others, with the
 * requests that may have been sent on them. `quietMs`: none came for so long; 0 where the server accepts by itself, so that
 * what lies ready comes with the next turn.
 */
export async function takeQueuedConnections(server: Server, quietMs: number): Promise<void> {
  let taken = 0;
  const count = (): void => { taken++; };
  server.on('connection', count);
  const endsAt = performance.now() + mostMs;
  for (let before = -1; before !== taken && performance.now() < endsAt;) {
    before = taken;
    await pause(quietMs);
  }
  server.off('connection', count);
}

async function pause(quietMs: number): Promise<void> {
  if (quietMs > 0) return setTimeout(quietMs);
  // A whole turn of the event loop lies between two.
  await setImmediate();
  await setImmediate();
}
