/** One class, a closed union of codes; http/problem.ts maps each to a status, and the compiler keeps it complete. */
export type ErrorCode =
  | 'INVALID_REQUEST'         // a member is missing, of the wrong type, or names what does not exist
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE_BODY'     // content type
  | 'BODY_TOO_LARGE'
  | 'URL_TOO_LONG'
  | 'HEADERS_TOO_LARGE'
  | 'REQUEST_TIMEOUT'         // the request did not arrive in time
  | 'CONFLICT'                // a limit is used up
  | 'UNPROCESSABLE'           // well-formed, and contradicts itself or what came before
  | 'TOO_MANY'                // the ledger is full
  | 'STORE_UNAVAILABLE'
  | 'INTERNAL';

export interface Detail { readonly pointer: string; readonly detail: string }

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(readonly code: ErrorCode, message: string, readonly errors: readonly Detail[] = []) {
    super(message);
  }
}

/** What is caught may be anything that was thrown, an error of another realm, too. */
export function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
}
