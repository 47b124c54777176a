import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes bytes on to a port of this machine, answers later by `delayMs`. */
export interface TcpProxy {
  readonly port: number;
  delayMs: number;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const proxy = { port: 0, delayMs: 0 };
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => upstream.write(bytes));
    // In their order, also where the delay has become shorter meanwhile.
    let sent = Promise.resolve();
    upstream.on('data', (bytes) => {
      const due = new Promise((resolve) => { setTimeout(resolve, proxy.delayMs); });
      sent = sent.then(() => due).then(() => void client.write(bytes));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
