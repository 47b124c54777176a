import { decodeSecret, encodeSecret } from '../values/secret.js';
import type { RedisConnection } from './connection.js';
import { readable } from './customer-record.js';
import { secretKey } from './keys.js';

/** `CustomerStore.secret`. */
export async function secretOf(connection: RedisConnection, prefix: string, name: string, make: () => string): Promise<string> {
  const key = secretKey(prefix, name);
  const read = async (): Promise<string | null> => {
    const found = await connection.command('getex', key) as Buffer | null;
    return found === null ? null : readable(() => decodeSecret(found));
  };
  const found = await read();
  if (found !== null) return found;
  const made = make();
  await connection.command('set', key, encodeSecret(made), 'NX');
  return await read() ?? made;
}
