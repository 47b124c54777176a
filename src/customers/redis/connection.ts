import { Cluster, Redis } from 'ioredis';
import { StoreError } from '../customer-store.js';
import { describeAddress, type RedisAddress } from '../redis-address.js';
import { failureOf, isAway, storeError } from './failures.js';
import { scripts } from './scripts.js';
import type { Script } from './script.js';

export type Argument = string | number | Buffer;

/** One server, the master that Sentinels name, or a cluster. Answers are as Redis gives them, texts as buffers; every
 *  rejection is a `StoreError`, at most `commandTimeoutMs` after the call. */
export interface RedisConnection {
  command(name: string, ...args: readonly Argument[]): Promise<unknown>;
  script(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>;
  /** INFO of a section, of each server that takes writes. */
  info(section: string): Promise<readonly string[]>;
  /** The names of keys that fit a pattern, of each server that takes writes, a page at a time. One may come twice. */
  scan(pattern: string): AsyncIterable<readonly string[]>;
  /** Why there is no connection now; `null`: there is one. */
  problem(): string | null;
  /** True where keys of several slots may not be named in one script. */
  readonly isCluster: boolean;
  /** Without waiting for answers. */
  close(): void;
}

export interface ConnectionOptions {
  /** How long an answer of Redis is waited for. */
  readonly commandTimeoutMs: number;
  /** Where nobody answers, goes on trying and resolves all the same. */
  readonly mayBeAway?: boolean;
}

/** The longest that an absent server is left alone before the next try: with the time that a try takes, what makes it
 *  come back within 5 s. */
export const longestPauseMs = 1000;
/** A connection may take so many times as long as a command, and may be silent for as long. */
export const connectTimeoutFactor = 2;
/** How often a cluster is asked who serves what: a failover is mostly learnt before, by an answer that names the new master. */
const slotsRefreshMs = 2000;
export const pauseBeforeTry = (tries: number): number => Math.min(25 * 2 ** Math.min(tries, 10), longestPauseMs);

/** Connects; rejects with a `StoreError` that says what is wrong where nobody answers, or somebody who cannot be used. */
export async function connect(address: RedisAddress, options: ConnectionOptions): Promise<RedisConnection> {
  const client = address.type === 'cluster' ? clusterOf(address, options) : serverOf(address, options);
  let lastError: object | undefined;
  const remember = (error: Error): void => {
    lastError = error;
  };
  // Errors of connections come as events, which end the process when nobody listens; the calls tell of them.
  client.on('error', remember);
  client.on('node error', remember);
  try {
    await withTimeout(client.connect(), connectTimeoutFactor * options.commandTimeoutMs);
    // Connects to each node of a cluster, so that the first calls find them ready.
    await Promise.all(serversOf(client).map((server) => withTimeout(server.ping(), options.commandTimeoutMs)));
    return connectionOver(client, options.commandTimeoutMs, () => lastError);
  } catch (error) {
    const reason = lastError ?? error as object;
    if (options.mayBeAway === true && isAway(reason)) return connectionOver(client, options.commandTimeoutMs, () => lastError);
    client.disconnect();
    throw new StoreError(`The store at ${describeAddress(address)} cannot be reached: ${failureOf(reason)}.`);
  }
}

/**
 * What fails, fails at once, and is never sent twice by the library: only the caller knows what may be. A server that
 * says nothing for twice the time is left and connected anew, since an end of a connection can get lost.
 */
function commonOptions({ tls, username, password, database }: RedisAddress, { commandTimeoutMs }: ConnectionOptions) {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    db: database,
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutFactor * commandTimeoutMs,
    socketTimeout: connectTimeoutFactor * commandTimeoutMs,
    disconnectTimeout: 100,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    protocol: 2 as const,
    disableClientInfo: true,
    connectionName: 'nbo',
    // What was a master may have become a replica; a new connection finds the new one, by name or by Sentinel.
    reconnectOnError: (error: Error): boolean => error.message.startsWith('READONLY'),
    ...(tls && { tls: {} }),
  };
}

const scriptOptions = Object.fromEntries(scripts.map(({ name, lua }) => [name, { lua }]));

function serverOf(address: RedisAddress, options: ConnectionOptions): Redis {
  const [{ host, port }] = address.nodes as [{ host: string; port: number }];
  const common = { ...commonOptions(address, options), scripts: scriptOptions, retryStrategy: pauseBeforeTry, enableOfflineQueue: false, lazyConnect: true };
  if (address.type === 'single') return new Redis({ ...common, host, port });
  return new Redis({
    ...common,
    sentinels: [...address.nodes],
    name: address.masterName!,
    ...(address.sentinelPassword !== undefined && { sentinelPassword: address.sentinelPassword }),
    sentinelCommandTimeout: options.commandTimeoutMs,
    sentinelRetryStrategy: pauseBeforeTry,
    enableTLSForSentinelMode: address.tls,
    ...(address.tls && { sentinelTLS: {} }),
  });
}

function clusterOf(address: RedisAddress, options: ConnectionOptions): Cluster {
  const { commandTimeoutMs } = options;
  return new Cluster(address.nodes.map(({ host, port }) => ({ host, port })), {
    redisOptions: commonOptions(address, options),
    scripts: scriptOptions,
    lazyConnect: true,
    clusterRetryStrategy: pauseBeforeTry,
    clusterNodeRetryStrategy: null,
    // A command for a node that is being connected waits for it, up to its time; `connectionOver` refuses the others.
    enableOfflineQueue: true,
    // A command whose connection ended may have been done: it is not sent again.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: commandTimeoutMs,
    // The library's own refresh goes on for ever where the connection is closed in the middle of one.
    slotsRefreshInterval: 0,
  });
}

type Caller = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

function connectionOver(client: Redis | Cluster, commandTimeoutMs: number, lastError: () => object | undefined): RedisConnection {
  const isCluster = client instanceof Cluster;
  const refreshing = isCluster ? setInterval(() => client.refreshSlotsCache(), slotsRefreshMs).unref() : undefined;
  const call = async (method: string, args: unknown[]): Promise<unknown> => {
    try {
      if (client.status !== 'ready') throw new Error('Connection is closed.');
      const answer = (client as unknown as Caller)[method]!(...args);
      // A server's own timer is enough; a cluster's commands wait in more places than a server.
      return await (isCluster ? withTimeout(answer, commandTimeoutMs) : answer);
    } catch (error) {
      throw storeError(error as object);
    }
  };
  return {
    isCluster,
    problem: () => (client.status === 'ready' ? null : `The store cannot be reached: ${failureOf(lastError() ?? new Error('Connection is closed.'))}.`),
    command: (name, ...args) => call(`${name}Buffer`, [...args]),
    script: ({ name }, keys, args) => call(`${name}Buffer`, [keys.length, ...keys, ...args]),
    info: async (section) => {
      try {
        return await Promise.all(serversOf(client).map((server) => withTimeout(server.info(section), commandTimeoutMs)));
      } catch (error) {
        throw storeError(error as object);
      }
    },
    scan: (pattern) => scanAll(serversOf(client), pattern, commandTimeoutMs),
    close: () => {
      clearInterval(refreshing);
      client.disconnect();
    },
  };
}

const keysPerScan = 2000;

async function* scanAll(servers: readonly Redis[], pattern: string, commandTimeoutMs: number): AsyncGenerator<readonly string[]> {
  for (const server of servers) {
    let cursor = '0';
    do {
      let keys: string[];
      try {
        [cursor, keys] = await withTimeout(server.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerScan), commandTimeoutMs);
      } catch (error) {
        throw storeError(error as object);
      }
      yield keys;
    } while (cursor !== '0');
  }
}

/** Those that take writes. */
function serversOf(client: Redis | Cluster): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Command timed out')), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
