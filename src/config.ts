import { isLoopbackAddress, isLoopbackHost } from './loopback.js';
import { unknownSettings } from './unknown-settings.js';
import { describePlace, isRedisUrl, parseRedisAddress, redisForms } from './customers/redis-address.js';

/** Where state is kept: a folder (LMDB), or a Redis by its URL, which may hold a password. */
export type StoreLocation = { readonly type: 'lmdb'; readonly folder: string } | { readonly type: 'redis'; readonly url: string };

/** A folder of files, a Redis Stream by its server's URL, or a webhook. */
export type OutboxLocation =
  | { readonly type: 'files'; readonly folder: string }
  | { readonly type: 'stream'; readonly url: string }
  | { readonly type: 'webhook'; readonly url: string; readonly secret: string };

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Processes that serve on the one port. */
  readonly workers: number;
  readonly catalogFolder: string;
  readonly store: StoreLocation;
  /** The file of API keys; `null`: loopback only, every scope open. */
  readonly keysFile: string | null;
  /** First signs, all verify; `null`: one is made and kept in the store. */
  readonly tokenSecrets: readonly [string, ...string[]] | null;
  readonly decisionLogFolder: string | null;
  /** Where offers go that we make by ourselves; `null`: none are made. */
  readonly outbox: OutboxLocation | null;
  readonly logLevel: LogLevel;
  /** What may be a mistake, in lines for people: told at the start. */
  readonly warnings: readonly string[];
}

/** Where state and offers go, for the log: no passwords, and of a webhook the host only. */
export function placesOf({ store, outbox }: Config): { readonly store: string; readonly outbox: string | null } {
  const ofRedis = (url: string): string => {
    const parsed = parseRedisAddress(url);
    return parsed.ok ? describePlace(parsed.address) : 'redis';
  };
  return {
    store: store.type === 'redis' ? ofRedis(store.url) : store.folder,
    outbox: outbox === null ? null : outbox.type === 'files' ? outbox.folder : outbox.type === 'stream' ? ofRedis(outbox.url) : new URL(outbox.url).origin,
  };
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The documented defaults; a test holds the README against them. */
export const defaults = { PORT: '8080', HOST: '127.0.0.1', NBO_CATALOG: '.', NBO_STORE: './data', NBO_WORKERS: '1', LOG_LEVEL: 'info' } as const;

const leastSecretLength = 32;

export function hasShortSecret(secrets: readonly string[]): boolean {
  return secrets.some((secret) => secret.length < leastSecretLength);
}

export type ConfigResult = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the configuration from the environment, once. Every problem is reported at once, without showing secrets. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigResult {
  const problems: string[] = [];
  const setting = (name: keyof typeof defaults): string => nonEmpty(environment[name]) ?? defaults[name];

  const port = Number(setting('PORT'));
  if (!/^\d{1,5}$/.test(setting('PORT')) || port > 65_535) problems.push(`PORT is "${setting('PORT')}"; it must be a port number, 0 to 65535`);

  const host = setting('HOST');
  const keysFile = nonEmpty(environment['NBO_KEYS']) ?? null;
  if (keysFile === null && !isLoopbackHost(host) && !isLoopbackAddress(host)) problems.push(`HOST is "${host}", which others can reach, and there are no API keys; name a file of keys in NBO_KEYS ("nbo key" makes one), or leave HOST at 127.0.0.1`);

  const store = readStoreLocation(setting('NBO_STORE'));
  if (!store.ok) problems.push(`NBO_STORE ${store.problem}`);

  const logLevel = setting('LOG_LEVEL');
  if (!(logLevels as readonly string[]).includes(logLevel)) problems.push(`LOG_LEVEL is "${logLevel}"; it must be one of ${logLevels.join(', ')}`);

  const workers = Number(setting('NBO_WORKERS'));
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) problems.push(`NBO_WORKERS is "${setting('NBO_WORKERS')}"; it must be a number of processes, 1 to 64`);

  const secrets = (nonEmpty(environment['NBO_TOKEN_SECRET']) ?? '').split(',').map((secret) => secret.trim()).filter((secret) => secret !== '');
  // Without keys every scope is open to who can call, so a token guards nothing, and a short secret does for a trial.
  if (keysFile !== null && hasShortSecret(secrets)) problems.push(`NBO_TOKEN_SECRET is too short; with API keys each secret must have at least ${leastSecretLength} characters`);

  const outbox = readOutbox(environment);
  if (!outbox.ok) problems.push(outbox.problem);

  const warnings = unknownSettings(environment);
  if (problems.length > 0 || !store.ok || !outbox.ok) return { ok: false, problems: [...problems, ...warnings] };      // a misspelt name may be why
  const [first, ...older] = secrets;
  return {
    ok: true,
    config: Object.freeze<Config>({
      port, host, workers, keysFile,
      catalogFolder: setting('NBO_CATALOG'),
      store: store.location,
      tokenSecrets: first === undefined ? null : [first, ...older],
      decisionLogFolder: nonEmpty(environment['NBO_DECISION_LOG']) ?? null,
      outbox: outbox.location,
      logLevel: logLevel as LogLevel,
      warnings,
    }),
  };
}

/** A folder's path, or the URL of a Redis. The problem reads on from what names the store, and shows no password. */
export function readStoreLocation(text: string): { readonly ok: true; readonly location: StoreLocation } | { readonly ok: false; readonly problem: string } {
  if (isRedisUrl(text)) {
    const parsed = parseRedisAddress(text);
    return parsed.ok ? { ok: true, location: { type: 'redis', url: text } } : { ok: false, problem: parsed.problem };
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme !== undefined) return { ok: false, problem: `names a ${scheme} server, which cannot keep the state; give a folder's path, or ${redisForms}` };
  // A node on a folder of its own would be one that knows nobody.
  if (/^red+is(?:s|-cluster)?:/i.test(text)) return { ok: false, problem: `is no address of a Redis: write it as ${redisForms}, with two slashes. If it is meant as a folder's path, begin it with ./` };
  return { ok: true, location: { type: 'lmdb', folder: text } };
}

type OutboxResult = { readonly ok: true; readonly location: OutboxLocation | null } | { readonly ok: false; readonly problem: string };

function readOutbox(environment: Readonly<Record<string, string | undefined>>): OutboxResult {
  const text = nonEmpty(environment['NBO_OUTBOX']);
  const bad = (problem: string): OutboxResult => ({ ok: false, problem: `NBO_OUTBOX ${problem}` });
  if (text === undefined) return { ok: true, location: null };
  if (isRedisUrl(text)) {
    const parsed = parseRedisAddress(text);
    return parsed.ok ? { ok: true, location: { type: 'stream', url: text } } : bad(parsed.problem);
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { ok: true, location: { type: 'files', folder: text } };
  if (!URL.canParse(text) || (scheme !== 'https' && scheme !== 'http')) return bad(`names ${URL.canParse(text) ? `a ${scheme} server, which is no outbox` : 'no address'}; give a folder's path, https://…, or ${redisForms}`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return bad('holds a name or a password, which would be in logs; leave them out: the signature says who sends');
  if (scheme === 'http' && !isLoopbackHost(url.hostname)) return bad('would send customers\' data over plain http; give an https address');
  const hosts = (nonEmpty(environment['NBO_OUTBOX_HOSTS']) ?? '').split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== '');
  const noHost = hosts.find((host) => !isHost(host));
  if (noHost !== undefined) return { ok: false, problem: `NBO_OUTBOX_HOSTS lists "${noHost}", which is no host; write hosts with commas, each like hooks.example or hooks.example:8443` };
  if (!hosts.includes(url.host) && !hosts.includes(url.hostname)) return bad(`names the host ${url.host}, which is not in NBO_OUTBOX_HOSTS; list there the hosts that may get customers' data`);
  const secret = nonEmpty(environment['NBO_OUTBOX_SECRET'])?.trim() ?? '';
  if (hasShortSecret([secret])) return bad('is a webhook, and NBO_OUTBOX_SECRET, which signs what is sent, is missing or has fewer than 32 characters; set it to a random text (openssl rand -base64 32)');
  return { ok: true, location: { type: 'webhook', url: url.href, secret } };
}

/** A name or an address, with a port or without; nothing else of a URL, and no wildcard. */
function isHost(text: string): boolean {
  return URL.canParse(`https://${text}`) && /^[^/?#@*\s]+$/.test(text);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}
