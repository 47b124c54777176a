/** Where a Redis is, as its URL says. What is in it that is secret appears in no message. */
export interface RedisAddress {
  readonly type: 'single' | 'cluster' | 'sentinel';
  /** One server; or some of a cluster, or of the Sentinels, which tell of the others. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The Sentinels' own, where they ask for one. */
  readonly sentinelPassword?: string | undefined;
  /** 0 in a cluster. */
  readonly database: number;
  /** What Sentinel calls the master. */
  readonly masterName?: string | undefined;
  /** What every key begins with, so that installations can share a server. */
  readonly prefix: string;
}
export type ParsedRedisAddress = { readonly ok: true; readonly address: RedisAddress } | { readonly ok: false; readonly problem: string };

const schemes = { 'redis:': 'single', 'rediss:': 'single', 'redis-cluster:': 'cluster', 'redis-sentinel:': 'sentinel' } as const;
const defaultPrefix = 'nbo';
const defaultPort = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;
export const redisForms = 'redis://host:6379, rediss://host:6379 (TLS), redis-cluster://host:6379,host:6379, or redis-sentinel://host:26379,host:26379/master-name; user:password@ may stand before the first host, and ?tls=true and ?prefix=name at the end';

/** True for what `parseRedisAddress` is for. */
export function isRedisUrl(location: string): boolean {
  return /^redis[a-z-]*:\/\//i.test(location);
}

/** Reads a URL such as `redis-cluster://user:password@a:6379,b:6379?tls=true`. */
export function parseRedisAddress(url: string): ParsedRedisAddress {
  const [, scheme = '', authority = '', path = '', query = ''] = /^([a-z-]+:)\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(url) ?? [];
  const name = scheme.toLowerCase();
  if (!Object.hasOwn(schemes, name)) return refused(`is no address of a Redis; it must be ${redisForms}`);
  const type = schemes[name as keyof typeof schemes];
  try {
    return { ok: true, address: addressOf(type, name === 'rediss:', authority, decodeURIComponent(path), new URLSearchParams(query)) };
  } catch (error) {
    if (error instanceof URIError) return refused('has a % that encodes nothing; write a % of a user or password as %25');
    if (error instanceof AddressProblem) return refused(error.message);
    throw error;
  }
}

/** For messages: without user, password and options. */
export function describeAddress({ type, nodes, tls, masterName }: RedisAddress): string {
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  if (type === 'single') return `${tls ? 'rediss' : 'redis'}://${hosts}`;
  return `redis-${type}://${hosts}${masterName === undefined ? '' : `/${masterName}`}`;
}

/** As `describeAddress`, with what tells installations on one server apart. */
export function describePlace(address: RedisAddress): string {
  const { database, prefix } = address;
  return `${describeAddress(address)}${database === 0 ? '' : `/${database}`}${prefix === defaultPrefix ? '' : `?prefix=${prefix}`}`;
}

class AddressProblem extends Error {}

function refused(problem: string): ParsedRedisAddress {
  return { ok: false, problem };
}

function addressOf(type: RedisAddress['type'], tlsByScheme: boolean, authority: string, path: string, options: URLSearchParams): RedisAddress {
  const at = authority.lastIndexOf('@');
  const [username, password] = at < 0 ? [] : credentialsOf(authority.slice(0, at));
  const nodes = authority.slice(at + 1).split(',').map((node) => nodeOf(node, defaultPort[type]));
  if (type === 'single' && nodes.length > 1) throw new AddressProblem('names several servers; for a cluster write redis-cluster://, for Sentinels redis-sentinel://');
  const [masterName, database] = type === 'sentinel' ? path.split('/', 2) : [undefined, path];
  if (type === 'sentinel' && masterName === '') throw new AddressProblem('names Sentinels without the name of the master: put it behind the hosts, as in redis-sentinel://host:26379/mymaster');
  if (type === 'cluster' && ![undefined, '', '0'].includes(database)) throw new AddressProblem('names a database; a cluster has only one');
  return {
    type, nodes, username, password, masterName,
    database: databaseOf(database),
    ...optionsOf(options, tlsByScheme, type),
  };
}

function credentialsOf(text: string): [string | undefined, string | undefined] {
  const colon = text.indexOf(':');
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  const decode = (part: string): string | undefined => (part === '' ? undefined : decodeURIComponent(part));
  return [decode(user), decode(password)];
}

function nodeOf(text: string, port: number): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text);
  const given = match?.[3] === undefined ? port : Number(match[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || given < 1 || given > 65_535) throw new AddressProblem('has a host that is none; write host:port, and an IPv6 address in brackets');
  return { host, port: given };
}

function databaseOf(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,4}$/.test(text)) throw new AddressProblem('has a database that is no number; write it as in redis://host:6379/2');
  return Number(text);
}

function optionsOf(options: URLSearchParams, tlsByScheme: boolean, type: RedisAddress['type']): Pick<RedisAddress, 'tls' | 'prefix' | 'sentinelPassword'> {
  const known = type === 'sentinel' ? ['tls', 'prefix', 'sentinelPassword'] : ['tls', 'prefix'];
  for (const name of options.keys()) if (!known.includes(name)) throw new AddressProblem(`has an option that is not known; there are ${known.join(', ')}`);
  const tls = options.get('tls');
  if (tls !== null && !['', 'true', 'false', '1', '0'].includes(tls)) throw new AddressProblem('has a tls that is neither true nor false');
  const prefix = options.get('prefix') ?? defaultPrefix;
  if (!/^[\w.-]{1,32}$/.test(prefix)) throw new AddressProblem('has a prefix that cannot be used; it must be 1 to 32 letters, digits, dots, hyphens or underscores');
  return { tls: tlsByScheme || (tls !== null && tls !== 'false' && tls !== '0'), prefix, sentinelPassword: options.get('sentinelPassword') ?? undefined };
}
