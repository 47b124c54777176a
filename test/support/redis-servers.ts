import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';

/** A Redis of the tests: on loopback, on a port that was free, its data in a temporary folder, every write on disk before
 *  it is answered. It ends, and its folder goes, with the process that started it, however that ends. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** A connection beside the store's. Closed by `stop`. */
  readonly admin: Redis;
  /** SIGKILL, as when the power goes. */
  kill(): Promise<void>;
  /** After `kill`: the same port and data. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface RedisCluster {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  readonly replicas: readonly RedisServer[];
  stop(): Promise<void>;
}

let command: string | undefined;

/** The path of redis-server; installs it where that is possible, else says in one line what to do. */
export function findRedis(): string {
  if (command !== undefined) return command;
  const find = (): string | undefined => spawnSync('sh', ['-c', 'command -v redis-server'], { encoding: 'utf8' }).stdout.trim() || undefined;
  command = find();
  if (command === undefined && process.getuid?.() === 0) {
    // By its run level the package does not start a server of its own.
    const install = 'apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends redis-server';
    spawnSync('sh', ['-c', `${install} || (apt-get -o DPkg::Lock::Timeout=300 update && ${install})`], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }, stdio: 'ignore' });
    command = find();
  }
  if (command === undefined) throw new Error('These tests need redis-server, which is not on the PATH: install it (Debian and Ubuntu: sudo apt-get install redis-server; macOS: brew install redis) and run them again.');
  return command;
}

/** Ends its child and removes the folder when its stdin ends; a line on stdin ends the child only. */
const keeper = 'folder=$1; shift; "$@" & pid=$!; echo "pid $pid"; exec >/dev/null; if read -r line; then kill -9 $pid; else kill -9 $pid; wait $pid; rm -rf "$folder"; fi';

export function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  return startServer((folder, port, busPort) => [
    '--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--daemonize', 'no', '--repl-diskless-sync-delay', '0',
    ...options.map((option) => option.replace('BUS_PORT', String(busPort))),
  ]);
}

async function startServer(argumentsOf: (folder: string, port: number, busPort: number) => string[], prepare: (folder: string, port: number) => Promise<void> = () => Promise.resolve(), ready = 'Ready to accept connections'): Promise<RedisServer> {
  const path = findRedis();
  const folder = await mkdtemp(join(tmpdir(), 'nbo-redis-'));
  for (let tries = 1; ; tries++) {
    const [port, busPort] = await freePorts();
    await prepare(folder, port);
    const start = (): Promise<Kept> => startKept(folder, [path, ...argumentsOf(folder, port, busPort)], ready);
    try {
      return serverOver(folder, port, await start(), start);
    } catch (error) {
      // Somebody else may have taken the port in between.
      if (tries === 5) throw error;
    }
  }
}

interface Kept { readonly pid: number; readonly ended: Promise<void>; end(keepFolder: boolean): Promise<void> }

/** Resolves when the server takes connections; rejects with what it said where it ends before. */
async function startKept(folder: string, commandLine: readonly string[], ready: string): Promise<Kept> {
  const child = spawn('sh', ['-c', keeper, 'sh', folder, ...commandLine], { stdio: ['pipe', 'pipe', 'ignore'] });
  const said: string[] = [];
  let pid = 0;
  let isReady = false;
  const lines = createInterface({ input: child.stdout });
  const ended = new Promise<void>((resolve) => lines.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.startsWith('pid ')) pid = Number(line.slice(4));
      if (!line.includes(ready)) return;
      isReady = true;
      resolve();
    });
    void ended.then(() => {
      if (isReady) return;
      child.stdin.end('keep\n');
      reject(new Error(`redis-server ended before it was ready: ${said.slice(-3).join(' ')}`));
    });
  });
  return { pid, ended, end: (keepFolder) => endKept(child, keepFolder) };
}

async function endKept(child: ChildProcess, keepFolder: boolean): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? new Promise((resolve) => child.once('exit', resolve)) : undefined;
  child.stdin!.end(keepFolder ? 'keep\n' : undefined);
  await exited;
}

function serverOver(folder: string, port: number, first: Kept, startAgain: () => Promise<Kept>): RedisServer {
  let kept = first;
  const admin = new Redis({ host: '127.0.0.1', port, lazyConnect: true, disconnectTimeout: 100, retryStrategy: () => 20, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  const signal = (name: NodeJS.Signals): void => {
    process.kill(kept.pid, name);
  };
  return {
    port,
    admin,
    url: `redis://127.0.0.1:${port}`,
    kill: async () => {
      signal('SIGKILL');
      await kept.ended;
      await kept.end(true);
    },
    start: async () => {
      kept = await startAgain();
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: async () => {
      admin.disconnect();
      await kept.end(false);
      // The keeper of one that was killed has left it.
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface SentinelWithServers {
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  stop(): Promise<void>;
}

/** A master, its replica, and one Sentinel that replaces the one by the other in some two seconds. */
export async function startSentinel(): Promise<SentinelWithServers> {
  const started: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    const master = await startRedis();
    started.push(master);
    const replica = await startRedis(['--replicaof', '127.0.0.1', String(master.port)]);
    started.push(replica);
    await until(async () => (await replica.admin.info('replication')).includes('master_link_status:up'));
    const sentinel = await startServer((folder) => [join(folder, 'sentinel.conf'), '--sentinel'], async (folder, port) => {
      await writeFile(join(folder, 'sentinel.conf'), [
        `port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds mymaster 500', 'sentinel failover-timeout mymaster 3000',
      ].join('\n'));
    }, 'Sentinel ID is');
    started.push(sentinel);
    await until(async () => String(await sentinel.admin.call('sentinel', 'replicas', 'mymaster')).includes(String(replica.port)));
    return { url: `redis-sentinel://127.0.0.1:${sentinel.port}/mymaster`, master, replica, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const slots = 16_384;

/** Three masters with a replica each, agreed with each other; a master that is gone is replaced in some two seconds. */
export async function startCluster(): Promise<RedisCluster> {
  const options = ['--cluster-enabled', 'yes', '--cluster-port', 'BUS_PORT', '--cluster-node-timeout', '1000'];
  const started = await Promise.allSettled(Array.from({ length: 6 }, () => startRedis(options)));
  const servers = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    for (const each of started) if (each.status === 'rejected') throw each.reason as Error;
    const [masters, replicas] = [servers.slice(0, 3), servers.slice(3)];
    await formCluster(masters, replicas);
    return { url: `redis-cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, masters, replicas, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function formCluster(masters: readonly RedisServer[], replicas: readonly RedisServer[]): Promise<void> {
  const all = [...masters, ...replicas];
  const cluster = ({ admin }: RedisServer, ...args: (string | number)[]): Promise<unknown> => admin.call('cluster', ...args);
  await Promise.all(all.map((server, place) => cluster(server, 'SET-CONFIG-EPOCH', place + 1)));
  const share = slots / masters.length;
  await Promise.all(masters.map((master, place) => cluster(master, 'ADDSLOTSRANGE', Math.ceil(place * share), Math.ceil((place + 1) * share) - 1)));
  await Promise.all(all.slice(1).map(async (server) => cluster(masters[0]!, 'MEET', '127.0.0.1', server.port, await busPortOf(server))));
  const info = async (server: RedisServer): Promise<string> => String(await cluster(server, 'INFO'));
  for (const server of all) await until(async () => (await info(server)).includes(`cluster_known_nodes:${all.length}`));
  const ids = await Promise.all(masters.map((master) => cluster(master, 'MYID')));
  for (const [place, replica] of replicas.entries()) {
    await until(async () => String(await cluster(replica, 'NODES')).includes(String(ids[place])));
    await cluster(replica, 'REPLICATE', String(ids[place]));
  }
  for (const server of all) await until(async () => (await info(server)).includes('cluster_state:ok'));
  for (const replica of replicas) await until(async () => (await replica.admin.info('replication')).includes('master_link_status:up'));
  // A replica is known to all before one of the masters may go.
  for (const server of all) await until(async () => String(await cluster(server, 'NODES')).split('\n').filter((line) => line.includes('slave')).length === replicas.length);
}

async function busPortOf({ admin }: RedisServer): Promise<number> {
  const [, port] = await admin.call('config', 'get', 'cluster-port') as [string, string];
  return Number(port);
}

/** Asks again and again: for what another process does in its own time. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Two ports that were free a moment ago. */
async function freePorts(): Promise<[number, number]> {
  const listeners = [createServer(), createServer()] as const;
  const ports: number[] = [];
  for (const listener of listeners) {
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    ports.push((listener.address() as AddressInfo).port);
  }
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  return ports as [number, number];
}
