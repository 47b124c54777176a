import { readConfig } from './config.js';
import { start } from './app.js';

/** Starts the service by its environment; ends it, with what is under way answered, on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) return refuse(read.problems, 2);
  const started = await start(read.config);
  if (!started.ok) return refuse(started.problems, 1);
  const { service } = started;
  process.stdout.write(`Next Best Offer listens on ${service.url}\n`);
  const stop = (): void => {
    service.close().then(() => process.exit(0), (error: unknown) => refuse([messageOf(error)], 1));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function refuse(problems: readonly string[], code: number): void {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => refuse([messageOf(error)], 1));
