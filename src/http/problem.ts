import { ServiceError, type ErrorCode } from '../errors.js';
import type { Problem } from '../service/openapi-types.js';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** A place on the documentation page, where `meaning` stands. */
  readonly type: string;
  readonly meaning: string;
}

/** What each error is over HTTP (RFC 9457). */
export const problemKinds: Readonly<Record<ErrorCode, ProblemKind>> = {
  INVALID_REQUEST: { status: 400, title: 'Invalid request', type: '/docs#invalid-request', meaning: 'The request is malformed, or names something that does not exist. The errors say where.' },
  UNAUTHENTICATED: { status: 401, title: 'No valid key', type: '/docs#unauthenticated', meaning: 'Send a key as "Authorization: Bearer <key>". The operator makes one with "nbo key".' },
  FORBIDDEN: { status: 403, title: 'Not allowed', type: '/docs#forbidden', meaning: 'The key lacks the scope that the call needs; or the service runs without keys, and the call came from elsewhere.' },
  NOT_FOUND: { status: 404, title: 'Not found', type: '/docs#not-found', meaning: 'There is no such path, customer or offer.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed', type: '/docs#method-not-allowed', meaning: 'The path exists, the method does not. The Allow header lists those that do.' },
  REQUEST_TIMEOUT: { status: 408, title: 'Request not complete', type: '/docs#request-timeout', meaning: 'The request did not arrive completely in time.' },
  CONFLICT: { status: 409, title: 'Conflict', type: '/docs#conflict', meaning: "The offer's budget is used up, the visitor is another customer already, or the customer was changed by others again and again meanwhile. Nothing was written." },
  BODY_TOO_LARGE: { status: 413, title: 'Body too large', type: '/docs#body-too-large', meaning: 'A body may have 64 kB; an array of outcomes, a batch of events and a catalog candidate may have 1 MB.' },
  URL_TOO_LONG: { status: 414, title: 'URL too long', type: '/docs#url-too-long', meaning: 'A URL may have 2,048 characters.' },
  NOT_ACCEPTABLE_BODY: { status: 415, title: 'Wrong content type', type: '/docs#wrong-content-type', meaning: 'A body is JSON in UTF-8, not compressed.' },
  UNPROCESSABLE: { status: 422, title: 'Contradiction', type: '/docs#unprocessable', meaning: 'The request is well-formed, and contradicts itself or what came before.' },
  TOO_MANY: { status: 429, title: 'Too many', type: '/docs#too-many', meaning: "There is no room for it: in the customer's ledger, among the ids of outcomes and events that are remembered, or among events of everybody. Older ones make room as they pass." },
  HEADERS_TOO_LARGE: { status: 431, title: 'Headers too large', type: '/docs#headers-too-large', meaning: 'The headers of a request may have 16 kB.' },
  INTERNAL: { status: 500, title: 'Internal error', type: '/docs#internal', meaning: 'A fault of the service. Its log says more.' },
  STORE_UNAVAILABLE: { status: 503, title: 'Store not available', type: '/docs#store-unavailable', meaning: 'The store did not answer in time. A read can be tried again; of a write it is not known whether it was done: send it again, an outcome with the same outcomeId.' },
};

const maxErrors = 50;

/** The problem that a caller is told. Of an error that is not a `ServiceError` nothing is told but that it happened. */
export function toProblem(error: unknown): Problem {
  const known = error instanceof ServiceError && error.code !== 'INTERNAL' ? error : null;
  const { type, title, status, meaning } = problemKinds[known?.code ?? 'INTERNAL'];
  const errors = (known?.errors ?? []).slice(0, maxErrors).map(({ pointer, detail }) => ({ pointer, detail }));
  return { type, title, status, detail: known?.message ?? meaning, errors };
}
