import { StoreError } from '../customer-store.js';
import { byBytes, type HeldCounter } from '../store-holdings.js';
import type { Seal } from '../values/visitor-value.js';
import type { RedisConnection } from './connection.js';
import { heldCounterScript } from './holding-scripts.js';
import { counterKeysAt, counterKeysOf, counterTagOf } from './keys.js';
import { doubtedOf, type LimitCounters } from './limit-counters.js';

/** What reading everything needs. */
export interface HoldingsOf {
  readonly connection: RedisConnection;
  readonly counters: LimitCounters;
  readonly prefix: string;
  readonly call: <T>(action: () => Promise<T>) => Promise<T>;
  readonly ids: () => AsyncIterable<string>;
  /** Brings to its end what was begun with a visitor. */
  readonly finishLink: (visitor: string, seal: Seal) => Promise<unknown>;
}

/** A service that writes meanwhile begins new ones all the time. */
const mostSettlings = 8;

/**
 * All counters. What an attempt has begun and not ended is settled first, whoever is at it: its customer's slot decides,
 * and an attempt that is called off thereby is made again (docs/decisions/0007).
 */
export async function* heldCounters(of: HoldingsOf, now: number): AsyncGenerator<HeldCounter> {
  const tags = new Set<string>();
  for await (const page of of.connection.scan(counterKeysOf(of.prefix))) for (const key of page) tags.add(counterTagOf(key));
  const named = await of.call(() => Promise.all(Array.from(tags, async (tag) => {
    const name = await of.connection.command('hget', counterKeysAt(tag).details, 'name') as Buffer | null;
    return { tag, name: name?.toString() ?? '' };
  })));
  for (const { tag, name } of named.sort((one, other) => byBytes(one.name, other.name))) {
    const counter = await of.call(() => heldCounter(of, tag, name, now));
    if (counter !== null) yield counter;
  }
}

/** `null`: nothing is counted there. */
async function heldCounter({ connection, counters }: HoldingsOf, tag: string, name: string, now: number): Promise<HeldCounter | null> {
  const { confirmed, reserved, pending, details } = counterKeysAt(tag);
  for (let tries = 0; ; tries++) {
    const [until, count, holders, entries] = await connection.script(heldCounterScript, [confirmed, reserved, pending, details], [now]) as [Buffer, number, Buffer[], Buffer[]];
    if (count === 0 && holders.length + entries.length === 0) return null;
    if (name === '') throw new StoreError('A limit\'s counter was written by a version of the service that kept no names of counters, so it cannot be moved. It gets its name when the limit is next taken.');
    if (entries.length === 0 || tries === mostSettlings) {
      const reserved = Array.from({ length: holders.length / 2 }, (_, place) => ({ holder: holders[2 * place]!.toString('hex'), heldUntil: Number(String(holders[2 * place + 1])) }));
      return { name, endsAt: until.length === 0 ? null : Number(String(until)), confirmed: count, reserved: reserved.sort((one, other) => byBytes(one.holder, other.holder)) };
    }
    await counters.resolve(doubtedOf(name, entries), now);
  }
}
