import type { RedisConnection } from './connection.js';

/** The bytes at a key; `null`: there are none. Rejects with a `StoreError`. */
export type ReadValue = (key: string) => Promise<Buffer | null>;

interface Read { readonly key: string; readonly resolve: (value: Buffer | null) => void; readonly reject: (error: unknown) => void }

/** Of some 2 kB each: an answer that Redis, and we, are through with in less than a millisecond. */
const mostAtOnce = 128;

/**
 * A read that comes while none is under way is sent at once. Those that come while one is wait for the end of the event
 * loop's turn, and go with one MGET: with 32 under way a third to a half of what as many GETs cost. An answer could not be taken
 * in that turn anyway. In a cluster the keys lie in many slots, and each is read for itself.
 */
export function createValueReads(connection: RedisConnection): ReadValue {
  if (connection.isCluster) return (key) => readOne(connection, key);

  let underWay = 0;
  let waiting: Read[] = [];
  const readAlone = async (key: string): Promise<Buffer | null> => {
    underWay++;
    try {
      return await readOne(connection, key);
    } finally {
      underWay--;
    }
  };
  const send = async (reads: readonly Read[]): Promise<void> => {
    underWay++;
    try {
      const values = await readAll(connection, reads.map(({ key }) => key));
      for (const [place, { resolve }] of reads.entries()) resolve(values[place]!);
    } catch (error) {
      for (const { reject } of reads) reject(error);
    } finally {
      underWay--;
    }
  };
  const sendWaiting = (): void => {
    const reads = waiting;
    waiting = [];
    for (let from = 0; from < reads.length; from += mostAtOnce) void send(reads.slice(from, from + mostAtOnce));
  };

  return (key) => (underWay === 0 ? readAlone(key) : new Promise((resolve, reject) => {
    if (waiting.length === 0) setImmediate(sendWaiting);
    waiting.push({ key, resolve, reject });
  }));
}

/** The last of them by GETEX, which only a master does (scripts.ts). It comes after the MGET on the same connection: who
 *  is the master then held the same an instant before. */
async function readAll(connection: RedisConnection, keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
  const last = keys.at(-1)!;
  if (keys.length === 1) return [await readOne(connection, last)];
  const [values, value] = await Promise.all([
    connection.command('mget', ...keys.slice(0, -1)) as Promise<(Buffer | null)[]>,
    readOne(connection, last),
  ]);
  return [...values, value];
}

function readOne(connection: RedisConnection, key: string): Promise<Buffer | null> {
  return connection.command('getex', key) as Promise<Buffer | null>;
}
