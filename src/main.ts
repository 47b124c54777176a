import { readConfig } from './config.js';
import { start } from './app.js';

/** Starts the service by its environment; ends it, with what is under way answered, on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) return refuse(read.problems, 2);
  const asked = askedToEnd();
  const started = await start(read.config);
  if (!started.ok) return refuse(started.problems, 1);
  const { service } = started;
  process.stdout.write(`Next Best Offer listens on ${service.url}\n`);
  await asked;
  await service.close();
  process.exit(0);
}

/** From before the start: of several workers the first serves while the others start, and a container's first process does
 *  not hear a signal that it does not listen for. The same signal again ends the process at once. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function refuse(problems: readonly string[], code: number): void {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  refuse([messageOf(error)], 1);
  process.exit();
});
