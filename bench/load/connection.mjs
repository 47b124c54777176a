import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that has one request under way at a time: as little as HTTP/1.1 with Content-Length needs,
 * so that the generator's own cost stays small beside the server's.
 */
export function openConnection(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let waiting = null;
    let received = Buffer.alloc(0);
    let closed = false;

    socket.once('error', reject);
    socket.once('connect', () => resolve({
      /** The request's bytes, ready; `done` gets the status and the answer's bytes, head included. */
      send: (bytes, done) => {
        if (closed) throw new Error('The server closed a connection that had nothing under way for too long');
        waiting = done;
        socket.write(bytes);
      },
      close: () => socket.destroy(),
    }));
    socket.on('data', (chunk) => {
      if (waiting === null) return void (closed = true);      // 408: it waited too long for a request
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf(headEnd);
      if (end === -1) return;
      const length = /\r\ncontent-length: *(\d+)/i.exec(received.latin1Slice(0, end))?.[1];
      if (length === undefined) throw new Error(`An answer without Content-Length: ${received.latin1Slice(0, end)}`);
      if (received.length < end + 4 + Number(length)) return;
      const answer = received;
      const done = waiting;
      received = Buffer.alloc(0);
      waiting = null;
      done(Number(answer.latin1Slice(9, 12)), answer);
    });
    socket.on('close', () => {
      closed = true;
      if (waiting !== null) throw new Error('The server closed the connection before it answered');
    });
  });
}

export function postBytes(host, port, path, body) {
  return Buffer.from(`POST ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

export function getBytes(host, port, path) {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
}
