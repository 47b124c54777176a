import { StoreError } from '../customer-store.js';
import type { RedisConnection } from './connection.js';
import { RefusedByRedis } from './failures.js';
import { formatKey } from './keys.js';

/** The layout of keys and scripts, and the newest format of the values. 3: visitors, and agendas. 2: events of customers and of groups. */
const storeFormat = 3;

/** Rejects where the data are of a newer format, or where there are none and there must be. */
export async function checkFormat(connection: RedisConnection, prefix: string, mustExist: boolean): Promise<void> {
  const key = formatKey(prefix);
  const found = await connection.command('get', key) as Buffer | null;
  if (found === null && mustExist) throw new StoreError(`There is no store on this Redis under the prefix ${prefix}.`);
  // Two nodes of two versions at the same moment: the older one finds values that it cannot read, and says so.
  if (Number(found ?? 0) < storeFormat) await connection.command('set', key, storeFormat);
  if (Number(found) > storeFormat) throw new StoreError(`The store has format ${String(found)}, which a newer version of the service made; this one reads format ${storeFormat}. Start the newer version, or use another prefix (?prefix=…).`);
}

/**
 * Rejects where Redis throws keys away when its memory is full: consents, contacts and limits would go without a word,
 * and no promise could be kept. Where INFO is not permitted it is not known.
 */
export async function expectNoEviction(connection: RedisConnection): Promise<void> {
  let servers: readonly string[];
  try {
    servers = await connection.info('memory');
  } catch (error) {
    if (!(error instanceof RefusedByRedis) || error.isPassing) throw error;
    return;
  }
  for (const server of servers) {
    const setting = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(server)?.[1];
    const policy = setting('maxmemory_policy');
    if (policy === undefined || policy === 'noeviction' || setting('maxmemory') === '0') continue;
    throw new StoreError(`This Redis throws keys away when its memory is full (maxmemory-policy ${policy}): consents, contacts and limits would be lost. Set maxmemory-policy to noeviction.`);
  }
}
