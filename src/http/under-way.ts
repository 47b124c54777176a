import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answers that are under way; of a connection's pipelined requests there may be several. */
export interface UnderWay {
  count(): number;
  /** `ended` is called once: when the answer has left, or never will. `false`: the connection ends with an answer that was
   *  asked for before, so this one is not to be begun. */
  begin(request: IncomingMessage, response: ServerResponse, ended: () => void): boolean;
  /** Each connection ends with the last answer that it has been asked for by now; where there is none, with the next one. */
  closeConnections(): void;
  /** Resolves when there is no answer that has been given and its caller has yet to take; those that are still being worked
   *  on are not waited for. */
  answersTaken(): Promise<void>;
}

export function trackUnderWay(): UnderWay {
  const underWay = new Set<ServerResponse>();
  /** `null`: connections are kept. */
  let lastOf: WeakMap<Socket, ServerResponse> | null = null;

  function endConnectionWith(response: ServerResponse, last: WeakMap<Socket, ServerResponse>): void {
    last.set(response.req.socket, response);
    if (!response.headersSent) response.shouldKeepAlive = false;
  }

  return {
    count: () => underWay.size,
    begin: (request, response, ended) => {
      const { socket } = request;
      if (lastOf?.has(socket)) return false;
      if (lastOf !== null) endConnectionWith(response, lastOf);
      underWay.add(response);
      const end = (): void => {
        if (!underWay.delete(response)) return;
        if (lastOf?.get(socket) === response) socket.destroySoon();         // its headers may have left before
        ended();
      };
      response.on('close', end);
      if (response.socket === null) endWithConnection(socket, response, end);
      return true;
    },
    closeConnections: () => {
      const last = lastOf = new WeakMap();
      const newest = new Map(Array.from(underWay, (response) => [response.req.socket, response]));
      for (const response of newest.values()) endConnectionWith(response, last);
    },
    answersTaken: async () => {
      const leaving = (): ServerResponse[] => [...underWay].filter(({ writableEnded, socket }) => writableEnded && socket !== null);
      for (let [response] = leaving(); response !== undefined; [response] = leaving()) await closed(response);
    },
  };
}

function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => { response.once('close', resolve); });
}

/** By connection, what ends the responses that wait behind others of it. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/** Of a connection's pipelined requests Node gives the socket to one response after the other, and tells only the one that
 *  has it when the connection is cut: the others would be held forever. */
function endWithConnection(socket: Socket, response: ServerResponse, end: () => void): void {
  let ends = waiting.get(socket);
  if (ends === undefined) {
    const ofSocket = ends = new Set<() => void>();
    waiting.set(socket, ofSocket);
    socket.once('close', () => ofSocket.forEach((each) => each()));
  }
  const mine = ends.add(end);
  response.once('close', () => mine.delete(end));
}
