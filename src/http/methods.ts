import type { RequestHandler } from 'express';
import { ServiceError } from '../errors.js';

/** For the methods that a path does not have: 405, and OPTIONS says which it has. */
export function otherMethods(...allowed: readonly string[]): RequestHandler {
  const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request, response) => {
    response.setHeader('Allow', allow);
    if (request.method !== 'OPTIONS') throw new ServiceError('METHOD_NOT_ALLOWED', `${request.method} is not a method of this path: it has ${allow}.`);
    response.writeHead(204).end();
  };
}
