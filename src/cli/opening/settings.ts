import { readConfig, type Config } from '../../config.js';
import { wrongUse } from '../failure.js';
import type { Surroundings } from '../surroundings.js';

/** The configuration of a service that listens. */
export function serviceConfig({ environment }: Pick<Surroundings, 'environment'>): Config {
  const result = readConfig(environment);
  if (!result.ok) throw wrongUse('The configuration is wrong:', ...result.problems.map((problem) => `  ${problem}`));
  return result.config;
}

/** The configuration of a command that does not listen: what concerns listening is not asked for, and the log is
 *  silent unless LOG_LEVEL asks for it, since errors are told in words. */
export function commandConfig({ environment }: Pick<Surroundings, 'environment'>): Config {
  return serviceConfig({ environment: { LOG_LEVEL: 'silent', ...environment, HOST: undefined, PORT: undefined, NBO_KEYS: undefined } });
}
