import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidRequest } from './invalid-request.js';
import { toProblem } from './problem.js';

export interface HttpLogger { error(fields: object, message: string): void }

export const jsonType = 'application/json; charset=utf-8';

/** Sends what is ready in one piece, so that headers and body leave in one write; of a large body the system takes what it
 *  has room for, and the rest as the caller reads. */
export function send(response: ServerResponse, status: number, contentType: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, jsonType, JSON.stringify(body));
}

/** Tells the caller what went wrong; what is the service's own fault goes to the log, and to nobody else. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: unknown, logger: HttpLogger): void {
  const problem = toProblem(asServiceError(error));
  if (problem.status === 500) logger.error({ err: error, method: request.method }, 'A request failed');
  if (response.headersSent) return void response.destroy();
  if (!request.complete) response.shouldKeepAlive = false;         // the rest of the body may still come
  send(response, problem.status, 'application/problem+json', JSON.stringify(problem), extraHeaders(problem.status, request));
}

function extraHeaders(status: number, request: IncomingMessage): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': `Bearer realm="next-best-offer"${request.headers.authorization === undefined ? '' : ', error="invalid_token"'}` };
  if (status === 503) return { 'Retry-After': '1' };
  if (status === 415) return { Accept: request.method === 'PATCH' ? 'application/merge-patch+json, application/json' : 'application/json' };
  return {};
}

/** What Express throws at a path that it cannot decode. */
function asServiceError(error: unknown): unknown {
  return error instanceof URIError ? invalidRequest({ pointer: '/path', detail: 'is not percent-encoded UTF-8' }) : error;
}
