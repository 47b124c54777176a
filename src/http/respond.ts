import { setImmediate } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidRequest } from './invalid-request.js';
import { toProblem } from './problem.js';

export interface HttpLogger { error(fields: object, message: string): void }

export const jsonType = 'application/json; charset=utf-8';

/** Sends a ready text in one piece, so that headers and body leave in one write. */
export function send(response: ServerResponse, status: number, contentType: string, text: string, headers: Readonly<Record<string, string>> = {}): void {
  writeHead(response, status, contentType, Buffer.byteLength(text), headers);
  response.end(text);
}

function writeHead(response: ServerResponse, status: number, contentType: string, lengthBytes: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': lengthBytes,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...headers,
  });
}

const partBytes = 256 * 1024;

/** Sends what may be of megabytes, no faster than the caller takes it: the system takes a part at a time, and others have
 *  their turn before the next. */
export async function sendInParts(response: ServerResponse, contentType: string, body: Uint8Array): Promise<void> {
  writeHead(response, 200, contentType, body.length);
  for (let from = 0; from < body.length; from += partBytes) {
    const problem = await new Promise<unknown>((resolve) => response.write(body.subarray(from, from + partBytes), resolve));
    if (problem != null) return;          // the caller went away
    await setImmediate();
  }
  response.end();
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

/** Express refuses a path that it cannot decode by an error of its own. */
function asServiceError(error: unknown): unknown {
  const undecodable = error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400 && /decode/.test(error.message));
  return undecodable ? invalidRequest({ pointer: '/path', detail: 'is not percent-encoded UTF-8' }) : error;
}
