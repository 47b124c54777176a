import { arrivalName, byBytes, decodeArrival, encodeArrival, secretNames, type HeldAnswer, type HeldCustomer, type HeldReservation, type HeldTombstone, type StoreHoldings } from '../store-holdings.js';
import { decodeAnswered } from '../values/answered-outcome.js';
import { decodeSecret, encodeSecret } from '../values/secret.js';
import { readable, tombstoneOf } from './customer-record.js';
import { heldCounters, type HoldingsOf } from './held-counters.js';
import { heldCustomerScript } from './holding-scripts.js';
import { decodeHolds } from './holds.js';
import { bucketTags, counterKeys, customerKeys, idsKey, secretKey, tombstoneKeysOf, tombstoneNameOf } from './keys.js';
import { heldShared } from './shared-state.js';
import { takeHoldings } from './take-holdings.js';

const entriesPerRead = 128;

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

    customers: (now) => heldCustomers(of, now),

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

async function* heldCustomers(of: HoldingsOf, now: number): AsyncGenerator<HeldCustomer> {
  for await (const ids of chunks(of.ids(), entriesPerRead)) {
    const customers = await of.call(() => Promise.all(ids.map((id) => heldCustomer(of, id, now))));
    for (const customer of customers) if (customer !== null) yield customer;
  }
}

async function heldCustomer({ connection, prefix }: HoldingsOf, id: string, now: number): Promise<HeldCustomer | null> {
  const keys = customerKeys(prefix, id);
  const [value, outcomes, fields] = await connection.script(heldCustomerScript, [keys.value, keys.outcomes, keys.holds], []) as [Buffer | null, Buffer[], Buffer[]];
  if (value === null) return null;
  const answered = readable(() => Array.from({ length: outcomes.length / 2 }, (_, place): HeldAnswer => ({ name: outcomes[2 * place]!.toString('hex'), ...decodeAnswered(outcomes[2 * place + 1]!) })));
  // The counter says whether a reservation is live, and until when.
  const reservations = await Promise.all(Array.from(readable(() => decodeHolds(fields)), async ([holder, { counter }]): Promise<HeldReservation> => {
    const ends = await connection.command('zscore', counterKeys(prefix, counter).reserved, Buffer.from(holder, 'hex')) as Buffer | null;
    return { holder, counter, heldUntil: Number(String(ends ?? 0)) };
  }));
  return {
    id, value,
    answered: answered.filter(({ expiresAt }) => expiresAt > now).sort((one, other) => byBytes(one.name, other.name)),
    reservations: reservations.filter(({ heldUntil }) => heldUntil > now).sort((one, other) => byBytes(one.holder, other.holder)),
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

async function* chunks<T>(entries: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const entry of entries) {
    chunk.push(entry);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
