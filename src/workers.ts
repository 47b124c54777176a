import cluster, { type Worker } from 'node:cluster';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AggregatorRegistry } from 'prom-client';
import type { Config } from './config.js';
import type { Logger } from './telemetry/logger.js';
import type { ServiceResult } from './running-service.js';

/** What a worker tells the primary. */
export type WorkerMessage =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'refused'; readonly problems: readonly string[] }
  | { readonly type: 'scrape'; readonly id: number };
/** What the primary tells a worker. */
export type PrimaryMessage =
  | { readonly type: 'close' }
  | { readonly type: 'scraped'; readonly id: number; readonly text: string | null };

/** A worker that dies sooner than this after its start is started again only after a pause, so that a fault that every start meets does not spin. */
const soonMs = 5_000;
const pauseMs = 1_000;
/** A worker that has not ended so long after it was asked to is killed. */
const patienceMs = 15_000;

/**
 * The service in several processes on one port and one store (Node's cluster). A worker that dies is replaced; the
 * others go on. Metrics of all workers come in one scrape, whichever worker is asked.
 */
export async function startWorkers({ workers: count, host, port }: Pick<Config, 'workers' | 'host' | 'port'>, logger: Logger): Promise<ServiceResult> {
  // Once for all: where every worker is dead for a moment, Node gives those that follow another free port.
  const ownPort = port === 0 ? await freePort(host) : port;
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./worker.js', import.meta.url)), args: [] });
  const registry = new AggregatorRegistry();
  let closing = false;
  let serving = false;

  logger.info({ workers: count }, 'Starting workers');
  const fork = (): Worker => {
    const worker = cluster.fork({ PORT: String(ownPort) });
    const startedAt = performance.now();
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'refused' && serving) logger.error({ worker: worker.id, problems: message.problems }, 'A new worker does not start; it is tried again');
      if (message.type !== 'scrape') return;
      const answer = (text: string | null): void => tell(worker, { type: 'scraped', id: message.id, text });
      registry.clusterMetrics().then(answer, () => answer(null));      // a worker died before it could tell its part
    });
    worker.on('exit', (code, signal: string | null) => {
      if (closing || !serving) return;
      logger.error({ worker: worker.id, code, signal }, 'A worker ended; another takes its place');
      setTimeout(() => { if (!closing) fork(); }, performance.now() - startedAt < soonMs ? pauseMs : 0);
    });
    return worker;
  };
  const close = async (signal?: NodeJS.Signals): Promise<void> => {
    closing = true;
    if (signal !== undefined) logger.info({ signal }, 'Ending');
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(workers.map((worker) => new Promise<void>((resolve) => {
      const kill = setTimeout(() => worker.process.kill('SIGKILL'), patienceMs);
      worker.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      tell(worker, { type: 'close' });
    })));
    if (signal !== undefined) logger.info('Ended');
  };

  // The first worker shows whether the service can start at all. From then on it serves, and who ends is replaced; the others
  // start one after the other, and meet what it met.
  const first = await started(fork());
  if (!first.ok) {
    await close();
    return first;
  }
  serving = true;
  for (let i = 1; i < count; i++) await started(fork());
  return { ok: true, service: { url: first.url, close } };
}

/** 0 where nobody may listen on that host: the worker says why. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(0)).listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function started(worker: Worker): Promise<{ readonly ok: true; readonly url: string } | { readonly ok: false; readonly problems: readonly string[] }> {
  return new Promise((resolve) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'listening') resolve({ ok: true, url: message.url });
      if (message.type === 'refused') resolve({ ok: false, problems: message.problems });
    });
    worker.once('exit', () => resolve({ ok: false, problems: ['A worker ended before it could listen'] }));
  });
}

function tell(worker: Worker, message: PrimaryMessage): void {
  if (worker.isConnected()) worker.send(message);
}
