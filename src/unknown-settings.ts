import { didYouMean } from './suggestion.js';

/** Every name that is read from the environment; a test holds the code and the docs against it. */
export const settingNames = [
  'PORT', 'HOST', 'LOG_LEVEL',
  'NBO_CATALOG', 'NBO_STORE', 'NBO_WORKERS', 'NBO_KEYS', 'NBO_TOKEN_SECRET', 'NBO_DECISION_LOG', 'NBO_OUTBOX', 'NBO_OUTBOX_HOSTS', 'NBO_OUTBOX_SECRET',
] as const;
/** Of the benchmarks and the tests, which may stand in the environment of a service that they start. */
export const benchNames = ['NBO_BENCH_BUILD', 'NBO_BENCH_PIN', 'NBO_HISTORY_SEED'] as const;

const known = new Set<string>([...settingNames, ...benchNames]);

/** In lines for people, the names that look like settings and are none, so that a misspelt one does not go unnoticed. No value
 *  is shown: it may be a secret. */
export function unknownSettings(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith('NBO_') && !known.has(name) && !isOfKubernetes(name, value ?? ''))
    .map(([name]) => `${name} is no setting, and does nothing${suggestion(name)}`)
    .sort();
}

function suggestion(name: string): string {
  const bare = name.slice('NBO_'.length);      // NBO_PORT, for PORT
  return known.has(bare) ? `; did you mean ${bare}?` : didYouMean(name, settingNames);
}

/** What Kubernetes sets in every container for a Service whose name begins with "nbo": NBO_SERVICE_HOST=10.0.0.1, and
 *  NBO_PORT=tcp://10.0.0.1:80, which a person may have meant as a setting with another value. */
function isOfKubernetes(name: string, value: string): boolean {
  return /_SERVICE_(HOST|PORT)(_|$)/.test(name) || /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) || (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));
}
