import { NoStoreError, StoreError } from '../customer-store.js';
import type { RedisConnection } from './connection.js';
import { RefusedByRedis } from './failures.js';
import { formatKey } from './keys.js';

/** The layout of keys and scripts, and the newest format of the values. 4: contacts name the trigger that made them. 3: visitors, and agendas. 2: events of customers and of groups. */
const storeFormat = 4;

/** Rejects where the data are of a newer format, or where there are none and there must be. */
export async function checkFormat(connection: RedisConnection, prefix: string, mustExist: boolean): Promise<void> {
  const key = formatKey(prefix);
  const found = await connection.command('get', key) as Buffer | null;
  if (found === null && mustExist) throw new NoStoreError(`There is no store on this Redis under the prefix ${prefix}.`);
  // Two nodes of two versions at the same moment: the older one finds values that it cannot read, and says so.
  if (Number(found ?? 0) < storeFormat) await connection.command('set', key, storeFormat);
  if (Number(found) > storeFormat) throw new StoreError(`The store has format ${String(found)}, which a newer version of the service made; this one reads format ${storeFormat}. Start the newer version, or use another prefix (?prefix=…).`);
}

/**
 * Rejects where Redis throws keys away when its memory is full: consents, contacts and limits would go without a word,
 * and no promise could be kept. Where INFO is not permitted it is not known.
 */
export async function expectNoEviction(connection: RedisConnection): Promise<void> {
  for (const { policy, maxmemory } of await memoryOf(connection)) {
    if (policy === undefined || policy === 'noeviction' || maxmemory === '0') continue;
    throw new StoreError(`This Redis throws keys away when its memory is full (maxmemory-policy ${policy}): consents, contacts and limits would be lost. Set maxmemory-policy to noeviction.`);
  }
}

/** How this Redis is less safe than it could be, in words for an operator: what it means, and what to do. */
export async function risksOf(connection: RedisConnection): Promise<readonly string[]> {
  const risks: string[] = [];
  if ((await settingsOf(connection, 'persistence')).some((setting) => setting('aof_enabled') === '0')) {
    risks.push('This Redis keeps no append-only file (appendonly no): where it ends by itself or its machine does, all consents, contacts and limits since its last snapshot are lost, though the service has acknowledged them. Set "appendonly yes" and "appendfsync always" in redis.conf.');
  }
  const evicting = (await memoryOf(connection)).find(({ policy }) => policy !== undefined && policy !== 'noeviction');
  if (evicting !== undefined) {
    risks.push(`This Redis has the maxmemory-policy ${evicting.policy!}. It throws nothing away while it has no maxmemory; once it is given one, the service will not start on it, and until then consents, contacts and limits may be lost. Set maxmemory-policy to noeviction.`);
  }
  return risks;
}

async function memoryOf(connection: RedisConnection): Promise<readonly { readonly policy: string | undefined; readonly maxmemory: string | undefined }[]> {
  return (await settingsOf(connection, 'memory')).map((setting) => ({ policy: setting('maxmemory_policy'), maxmemory: setting('maxmemory') }));
}

/** Of each server; of none where INFO is not permitted. */
async function settingsOf(connection: RedisConnection, section: string): Promise<readonly ((name: string) => string | undefined)[]> {
  try {
    const servers = await connection.info(section);
    return servers.map((server) => (name) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(server)?.[1]);
  } catch (error) {
    if (!(error instanceof RefusedByRedis) || error.isPassing) throw error;
    return [];
  }
}
