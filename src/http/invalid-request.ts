import { ServiceError, type Detail } from '../errors.js';

/** A request that is wrong in at least one place. The pointer '' is the body as a whole. */
export function invalidRequest(...errors: readonly [Detail, ...Detail[]]): ServiceError {
  const [{ pointer, detail }] = errors;
  const sentence = /[.?!]$/.test(detail) ? detail : `${detail}.`;      // one that ends with a question has its end
  if (errors.length > 1) return new ServiceError('INVALID_REQUEST', `${errors.length} mistakes in the request; the first, at ${pointer === '' ? 'the top' : pointer}: ${sentence}`, errors);
  return new ServiceError('INVALID_REQUEST', pointer === '' ? `The body ${sentence}` : `At ${pointer}: ${sentence}`, errors);
}
