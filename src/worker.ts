import { AggregatorRegistry } from 'prom-client';
import { createMetrics } from './telemetry/metrics.js';
import { readConfig } from './config.js';
import { startService } from './app.js';
import type { PrimaryMessage, WorkerMessage } from './workers.js';

/** One process of several, started by `workers.ts`: the service, and what the primary asks of it. */
async function work(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);      // the primary ends its workers
  let close = (): void => process.exit(0);
  process.on('message', (message: PrimaryMessage) => { if (message.type === 'close') close(); });
  process.on('disconnect', () => close());       // the primary is gone
  const read = readConfig(process.env);
  if (!read.ok) return refuse(read.problems);
  const metrics = createMetrics();
  AggregatorRegistry.setRegistries(metrics.registry);
  new AggregatorRegistry();      // answers the primary's question for this worker's part
  const started = await startService(read.config, { ...metrics, source: { contentType: metrics.source.contentType, metrics: async () => await askPrimary() ?? metrics.registry.metrics() } });
  if (!started.ok) return refuse(started.problems);
  close = () => void started.service.close().finally(() => process.exit(0));
  tell({ type: 'listening', url: started.service.url });
}

const waiting = new Map<number, (text: string | null) => void>();
let asked = 0;
process.on('message', (message: PrimaryMessage) => {
  if (message.type !== 'scraped') return;
  waiting.get(message.id)?.(message.text);
  waiting.delete(message.id);
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
  process.send?.(message);
}

work().catch((error: unknown) => refuse([error instanceof Error ? error.message : String(error)]));
