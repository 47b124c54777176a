import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors.js';
import type { CallContext, Scope, Services } from '../service/service.js';
import { requireScope, type Access } from './access.js';
import { bodyLimitBytes, readBody } from './body.js';
import { invalidRequest } from './invalid-request.js';
import { parseJsonBody } from './json-body.js';
import type { Validate } from './validation.js';

/** What every route is given. */
export interface RouteContext {
  readonly services: Services;
  readonly access: Access;
  readonly validate: Validate;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

const defaultTimeoutMs = 500;
const longestTimeoutMs = 5000;

/** Who calls, when, and for how long; throws where the caller may not. `oneOf`: scopes, any of which will do. */
export function openCall(request: IncomingMessage, { access, clock }: RouteContext, oneOf: readonly Scope[]): CallContext {
  const now = clock();
  const identity = access.identify(request);
  requireScope(identity, oneOf, 'this call');
  return { now, timeoutMs: timeoutOf(request), scopes: identity.scopes, caller: identity.caller };
}

function timeoutOf(request: IncomingMessage): number {
  const header = request.headers['x-request-timeout-ms'];
  if (header === undefined) return defaultTimeoutMs;
  const timeoutMs = typeof header === 'string' && /^\d{1,4}$/.test(header) ? Number(header) : NaN;
  if (timeoutMs >= 1 && timeoutMs <= longestTimeoutMs) return timeoutMs;
  throw invalidRequest({ pointer: '/headers/X-Request-Timeout-Ms', detail: `must be a whole number of milliseconds, from 1 to ${longestTimeoutMs}` });
}

/** The request's JSON, not yet checked against a schema, and the Content-Type that it came as. */
export async function readJson(request: IncomingMessage, limitBytes: number = bodyLimitBytes, contentTypes: readonly string[] = ['application/json']): Promise<{ readonly value: unknown; readonly sizeBytes: number; readonly contentType: string }> {
  const contentType = requireContentType(request, contentTypes);
  const bytes = await readBody(request, limitBytes);
  return { value: parseJsonBody(bytes), sizeBytes: bytes.length, contentType };
}

function requireContentType(request: IncomingMessage, allowed: readonly string[]): string {
  if (request.headers['content-type'] === 'application/json' && request.headers['content-encoding'] === undefined) return 'application/json';       // nearly always, and always among the allowed
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';').map((part) => part.trim());
  if (!allowed.includes(type)) {
    throw new ServiceError('NOT_ACCEPTABLE_BODY', `The Content-Type is ${type === '' ? 'missing' : 'not one that is read here'}: send ${allowed.join(' or ')}.`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new ServiceError('NOT_ACCEPTABLE_BODY', 'JSON is read in UTF-8 only.');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new ServiceError('NOT_ACCEPTABLE_BODY', 'A compressed body is not read here: send it without Content-Encoding.');
  return type;
}
