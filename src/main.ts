import { readConfig } from './config.js';
import { start } from './app.js';
import { messageOf } from './errors.js';
import { untilStopped } from './until-stopped.js';

/** Starts the service by its environment; ends it, with what is under way answered, on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) return refuse(read.problems, 2);
  // From before the start: of several workers the first serves while the others start, and a container's first process does
  // not hear a signal that it does not listen for.
  const stopped = untilStopped();
  const started = await start(read.config);
  if (!started.ok) return refuse(started.problems, 1);
  const { service } = started;
  process.stdout.write(`Next Best Offer listens on ${service.url}\n`);
  await service.close(await stopped);
  process.exit(0);
}

function refuse(problems: readonly string[], code: number): void {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = code;
}

main().catch((error: unknown) => {
  refuse([messageOf(error)], 1);
  process.exit();
});
