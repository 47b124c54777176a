import { exitCodes, type ExitCode } from '../exit-codes.js';
import { problems } from '../failure.js';
import { serviceConfig } from '../opening/settings.js';
import type { Surroundings } from '../surroundings.js';

/** The service, until it is asked to stop. */
export async function start(surroundings: Surroundings): Promise<ExitCode> {
  const started = await surroundings.startService(serviceConfig(surroundings));
  if (!started.ok) throw problems('The service does not start:', ...started.problems);
  await surroundings.output.write(`Next Best Offer listens on ${started.service.url}\n`);
  await started.service.close(await surroundings.untilStopped());
  return exitCodes.ok;
}
