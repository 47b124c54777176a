import { arrivalName, byBytes, decodeArrival, encodeArrival, secretNames, type HeldTombstone, type StoreHoldings } from '../store-holdings.js';
import { decodeSecret, encodeSecret } from '../values/secret.js';
import { readable, tombstoneOf } from './customer-record.js';
import { chunks, entriesPerRead } from './chunks.js';
import { heldCounters, type HoldingsOf } from './held-counters.js';
import { heldCustomers, heldVisitors } from './held-entries.js';
import { heldSweeps } from './held-sweeps.js';
import { bucketTags, idsKey, secretKey, tombstoneKeysOf, tombstoneNameOf } from './keys.js';
import { heldShared } from './shared-state.js';
import { takeHoldings } from './take-holdings.js';

export function redisHoldings(of: HoldingsOf): StoreHoldings {
  const { connection, prefix, call } = of;
  const kept = async (name: string): Promise<string | null> => {
    const found = await connection.command('getex', secretKey(prefix, name)) as Buffer | null;
    return found === null ? null : readable(() => decodeSecret(found));
  };
  return {
    customerCount: () => call(async () => {
      const counts = await Promise.all(bucketTags.map((tag) => connection.command('zcard', idsKey(prefix, tag)) as Promise<number>));
      return counts.reduce((sum, count) => sum + count, 0);
    }),

    visitors: (now) => heldVisitors(of, now),

    customers: (now) => heldCustomers(of, now),

    sweeps: () => heldSweeps(of),

    counters: (now) => heldCounters(of, now),

    tombstones: (now) => heldTombstones(of, now),

    shared: (now) => call(() => heldShared(connection, prefix, now)),

    secrets: () => call(async () => {
      const secrets = await Promise.all(secretNames.map(async (name) => [name, await kept(name)] as const));
      return new Map(secrets.flatMap(([name, secret]) => (secret === null ? [] : [[name, secret] as const])));
    }),

    take: (taken, now) => call(() => takeHoldings(connection, prefix, taken, now)),

    arrival: () => call(async () => {
      const text = await kept(arrivalName);
      return text === null ? null : decodeArrival(text);
    }),

    setArrival: (arrival) => call(async () => {
      const key = secretKey(prefix, arrivalName);
      await (arrival === null ? connection.command('del', key) : connection.command('set', key, encodeSecret(encodeArrival(arrival))));
    }),
  };
}

/** Their keys are in the customers' slots, or where a move put them, or both: then the later times count. */
async function* heldTombstones({ connection, prefix, call }: HoldingsOf, now: number): AsyncGenerator<HeldTombstone> {
  const keys = new Map<string, string[]>();
  for await (const page of connection.scan(tombstoneKeysOf(prefix))) {
    for (const key of page) {
      const name = tombstoneNameOf(key);
      keys.set(name, [...new Set([...keys.get(name) ?? [], key])]);
    }
  }
  for await (const names of chunks([...keys.keys()].sort(byBytes), entriesPerRead)) {
    const found = await call(() => Promise.all(names.map(async (name): Promise<HeldTombstone> => {
      const texts = await Promise.all(keys.get(name)!.map((key) => connection.command('getex', key) as Promise<Buffer | null>));
      const tombstones = readable(() => texts.flatMap((text) => (text === null ? [] : [tombstoneOf(text.toString())])));
      return { name, erasedAt: Math.max(0, ...tombstones.map(({ erasedAt }) => erasedAt)), keptUntil: Math.max(0, ...tombstones.map(({ keptUntil }) => keptUntil)) };
    })));
    for (const tombstone of found) if (tombstone.keptUntil > now) yield tombstone;
  }
}
