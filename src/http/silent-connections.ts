import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** A server's connections on which nothing has arrived yet; browsers and pools open such in advance. */
export interface SilentConnections {
  /** What has arrived by now is a request, or the beginning of one, and is left alone. */
  close(): Promise<void>;
}

/** Node takes such a connection for a request under way, so that `server.close` waits for it. */
export function watchSilentConnections(server: Server): SilentConnections {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    close: async () => {
      // A whole turn of the event loop lies between two: all that lies ready is read in it.
      await setImmediate();
      await setImmediate();
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
