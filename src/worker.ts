import cluster from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import { createLogger } from './telemetry/logger.js';
import { createMetrics } from './telemetry/metrics.js';
import { readConfig } from './config.js';
import { servingDrain, startService } from './app.js';
import { messageOf } from './errors.js';
import type { PrimaryMessage, WorkerMessage } from './workers.js';

/** The primary takes connections and hands them on one by one, each when the one before was taken. */
const quietMs = 20;

/** One process of several, started by `workers.ts`: the service, and what the primary asks of it. */
async function work(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);      // the primary ends its workers
  // Where the primary is gone, Node ends the worker at once, with calls under way, unless it is told that this is meant.
  cluster.worker!.exitedAfterDisconnect = true;
  const askedToEnd = new Promise<void>((resolve) => {
    process.on('message', (message: PrimaryMessage) => { if (message.type === 'close') resolve(); });
    process.on('disconnect', resolve);
  });
  // Nor does it ever listen then: while it starts, nothing is under way.
  const endAtOnce = (): never => process.exit(1);
  process.on('disconnect', endAtOnce);
  if (!process.connected) endAtOnce();
  const read = readConfig(process.env);
  if (!read.ok) return refuse(read.problems);
  const metrics = createMetrics();
  AggregatorRegistry.setRegistries(metrics.registry);
  new AggregatorRegistry();      // answers the primary's question for this worker's part
  const ofAll = { contentType: metrics.source.contentType, metrics: async () => await askPrimary() ?? metrics.registry.metrics() };
  const started = await startService(read.config, { logger: createLogger(read.config.logLevel, { worker: cluster.worker!.id }), metrics: { ...metrics, source: ofAll }, drain: { ...servingDrain, quietMs } });
  if (!started.ok) return refuse(started.problems);
  process.off('disconnect', endAtOnce);
  tell({ type: 'listening', url: started.service.url });
  await askedToEnd;
  await started.service.close().finally(() => process.exit(0));
}

const waiting = new Map<number, (text: string | null) => void>();
let asked = 0;
process.on('message', (message: PrimaryMessage) => {
  if (message.type !== 'scraped') return;
  waiting.get(message.id)?.(message.text);
  waiting.delete(message.id);
});

process.on('disconnect', () => {
  for (const answer of waiting.values()) answer(null);
});

/** The metrics of all workers: only the primary can ask them. `null`: one of them did not answer. */
function askPrimary(): Promise<string | null> {
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell({ type: 'scrape', id });
  });
}

/** Says why it does not start, and ends; whether to try again is the primary's to say. */
function refuse(problems: readonly string[]): void {
  process.send?.({ type: 'refused', problems } satisfies WorkerMessage, () => process.exit(1));
}

function tell(message: WorkerMessage): void {
  if (process.connected) process.send?.(message);
}

work().catch((error: unknown) => refuse([messageOf(error)]));
