import { createReader, createWriter, expectEnd, expectFormat, readText, writeByte, writeText, written } from '../lmdb/bytes.js';
import type { RedisConnection } from './connection.js';
import { readable } from './customer-record.js';
import { secretKey } from './keys.js';

const format = 1;

/** `CustomerStore.secret`. */
export async function secretOf(connection: RedisConnection, prefix: string, name: string, make: () => string): Promise<string> {
  const key = secretKey(prefix, name);
  const found = await connection.command('getex', key) as Buffer | null;
  if (found !== null) return decode(found);
  const writer = createWriter(128);
  writeByte(writer, format);
  writeText(writer, make());
  await connection.command('set', key, written(writer), 'NX');
  return decode(await connection.command('getex', key) as Buffer);
}

function decode(bytes: Buffer): string {
  return readable(() => {
    const reader = createReader(bytes);
    expectFormat(reader, format);
    const secret = readText(reader);
    expectEnd(reader);
    return secret;
  });
}
