import { StoreError } from '../customer-store.js';

/** Redis answered that it did not do it: nothing was written, which of other failures nobody knows. */
export class RefusedByRedis extends StoreError {
  /** `isPassing`: it will be over by itself. */
  constructor(message: string, readonly isPassing: boolean) {
    super(message);
  }
}

/** No answer came: whether it was done, nobody knows. */
export class NoAnswer extends StoreError {}

/** By how Redis, or the library, begins to say it: in words for an operator, with what to do. No text of an answer is
 *  passed on unless it is known, since some repeat what was sent. */
const failures: readonly (readonly [begins: string, words: string])[] = [
  ['Command timed out', 'Redis does not answer in time'],
  ['Socket timeout', 'Redis does not answer in time'],
  ['connect ETIMEDOUT', 'Redis does not answer in time'],
  ['connect ECONNREFUSED', 'the connection is refused; perhaps Redis is not running there'],
  ['getaddrinfo', 'its name is not known'],
  ['connect ENOTFOUND', 'its name is not known'],
  ['Connection is closed', 'there is no connection to Redis now'],
  ["Stream isn't writeable", 'there is no connection to Redis now'],
  ['Reached the max retries', 'the connection to Redis was lost'],
  ['None of startup nodes', 'none of the nodes named answers'],
  ['Failed to refresh slots', 'none of the nodes named answers as a cluster does; for a single server write redis://'],
  ['All sentinels are unreachable', 'none of the Sentinels answers, or they do not know that master'],
  ['OOM', 'Redis has no memory left (maxmemory); give it more'],
  ['READONLY', 'this Redis is a replica, which takes no writes; name the master, or use Sentinel or a cluster'],
  ['MISCONF', 'Redis cannot write to its disk, and takes no writes until it can'],
  ['LOADING', 'Redis is still loading its data'],
  ['BUSY', 'Redis is busy with a script'],
  ['CLUSTERDOWN', 'the cluster is down: some of its slots are served by nobody'],
  ['TRYAGAIN', 'the cluster is moving these keys'],
  ['MOVED', 'this server is a node of a cluster, which is named by redis-cluster://'],
  ['Too many Cluster redirections', 'the cluster changes faster than it can be followed'],
  ['NOAUTH', 'Redis asks for a password; write it as in redis://user:password@host'],
  ['WRONGPASS', 'Redis refuses this user and password'],
  ['ERR AUTH', 'Redis refuses this user and password'],
  ['ERR invalid password', 'Redis refuses this password'],
  ['NOPERM', 'this user of Redis may not do what the service needs (commands on strings, hashes and sorted sets, EVAL, INFO)'],
  ['NOREPLICAS', 'Redis has too few replicas to take writes (min-replicas-to-write)'],
  ['ERR unknown command', 'this Redis is too old; 6.2 or newer is needed'],
  ['ERR DB index', 'there is no such database'],
  ['WRONGTYPE', 'a key of the service holds something else; use another prefix (?prefix=…)'],
  ['ERR max number of clients', 'Redis has too many connections'],
];

/** How Redis begins to refuse for a while what it will do later. */
const passing = /^(?:OOM|MISCONF|LOADING|BUSY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MASTERDOWN|ERR max number of clients)/;

export function storeError(error: object): RefusedByRedis | NoAnswer {
  const message = `The store could not answer: ${failureOf(error)}.`;
  if (!isReply(error)) return new NoAnswer(message);
  return new RefusedByRedis(message, passing.test((error as Error).message));
}

function isReply(error: object): boolean {
  return (error as { readonly name?: unknown }).name === 'ReplyError';
}

/**
 * Nobody answers, or one who will do it later: that is worth waiting for. Any other answer is for a person to mend: a
 * password that is wrong, a replica, a name that does not exist, no TLS where TLS was expected.
 */
export function isAway(error: object): boolean {
  if (error instanceof StoreError) return error instanceof NoAnswer || (error instanceof RefusedByRedis && error.isPassing);
  // Of a cluster's nodes, what the last one said.
  const { lastNodeError } = error as { readonly lastNodeError?: object | null };
  if (lastNodeError !== undefined && lastNodeError !== null) return isAway(lastNodeError);
  if (isReply(error)) return passing.test((error as Error).message);
  const { code } = error as { readonly code?: unknown };
  return typeof code !== 'string' || (code !== 'ENOTFOUND' && !/^ERR_|CERT|SIGNATURE/.test(code));
}

/** Why Redis did not do it. Holds no customer's data and no password. */
export function failureOf(error: object): string {
  const { message: said, code } = error as { readonly message?: unknown; readonly code?: unknown };
  // Where a name has several addresses, nothing is said but the code.
  const message = typeof said === 'string' && said !== '' ? said : `connect ${String(code)}`;
  const found = failures.find(([begins]) => message.startsWith(begins));
  if (found !== undefined) return found[1];
  if (typeof code === 'string' && code.startsWith('ERR_SSL')) return 'it does not speak TLS there; without TLS write redis://';
  if (typeof code === 'string' && /CERT|SIGNATURE/.test(code)) return 'its certificate is not trusted, or is for another name; name the file of your authority in NODE_EXTRA_CA_CERTS';
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return `the connection failed (${code})`;
  return `Redis answered with an error (${/^-?[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'of an unknown kind'})`;
}
