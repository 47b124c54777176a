import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors.js';
import { scopes as everyScope, type Scope } from '../service/service.js';
import { isLoopbackAddress, isLoopbackHost } from '../loopback.js';
import { findKey, type ApiKey } from './api-keys.js';

export interface Identity { readonly caller: string | null; readonly scopes: ReadonlySet<Scope> }

/** Who may call. */
export interface Access {
  /** Throws FORBIDDEN for a call that must not be served at all, whatever it asks. */
  admit(request: IncomingMessage): void;
  /** Who calls; throws UNAUTHENTICATED. */
  identify(request: IncomingMessage): Identity;
}

export function createAccess(keys: readonly ApiKey[] | null): Access {
  return keys === null ? loopbackAccess : keyAccess(keys);
}

const everything: Identity = { caller: null, scopes: new Set(everyScope) };

/** Without keys: this machine only. The Host is looked at, too, since a page in this machine's browser can reach
 *  loopback under a name of its own (DNS rebinding). */
const loopbackAccess: Access = {
  admit: (request) => {
    if (!isLoopbackAddress(request.socket.remoteAddress ?? '')) {
      throw new ServiceError('FORBIDDEN', 'The service runs without keys, so it answers this machine only. Set NBO_KEYS to a key file to serve others.');
    }
    if (!isLoopbackHost(request.headers.host ?? '')) {
      throw new ServiceError('FORBIDDEN', 'The service runs without keys, so it answers to the names of this machine only: localhost, 127.0.0.1, [::1]. Set NBO_KEYS to a key file to serve others.', [{ pointer: '/headers/Host', detail: 'is not a loopback name' }]);
    }
  },
  identify: () => everything,
};

function keyAccess(keys: readonly ApiKey[]): Access {
  return {
    admit: () => undefined,
    identify: (request) => {
      const header = request.headers.authorization;
      if (header === undefined) throw new ServiceError('UNAUTHENTICATED', 'A key is needed: send it as "Authorization: Bearer <key>".');
      const secret = /^Bearer +(\S+) *$/i.exec(header)?.[1];
      const key = secret === undefined ? null : findKey(keys, secret);
      if (key === null) throw new ServiceError('UNAUTHENTICATED', 'The key is not one that is known here.');
      return { caller: key.name, scopes: key.scopes };
    },
  };
}

/** Throws FORBIDDEN unless the caller has one of the scopes. `what`: for what it is needed. */
export function requireScope(identity: Identity, oneOf: readonly Scope[], what: string): void {
  if (oneOf.some((scope) => identity.scopes.has(scope))) return;
  throw new ServiceError('FORBIDDEN', `The key "${identity.caller ?? ''}" lacks the scope ${oneOf.map((scope) => `"${scope}"`).join(' or ')}, which ${what} needs.`);
}
