import type { LimitRoom, LimitUse } from '../customer-store.js';
import type { RedisConnection } from './connection.js';
import { clockGraceMs } from './customer-record.js';
import { counterKeys, customerKeysOf, type CounterKeys } from './keys.js';
import { resolveScript, settleScript, takeScript, usageScript, useScript } from './limit-scripts.js';
import type { Script } from './script.js';

/** Room of a counter that an attempt has taken, and that is confirmed or given back when it is known what became of the
 *  customer's step: the attempt's 16 bytes, and which of its rooms this is. */
export type Entry = Buffer;
export interface Doubted { readonly counter: string; readonly entry: Entry; readonly place: string }

export interface Taking {
  readonly mode: 'reserve' | 'confirm' | 'confirm-own';
  readonly room: LimitRoom;
  readonly holder: Buffer | null;
  readonly now: number;
  /** End of the reservation; for the others the time from which on anybody may find out what became of the entry. */
  readonly ends: number;
  readonly entry: Entry;
  readonly place: string;
  /** Holders whose room in this counter goes with the same step, so that it is free for this one. */
  readonly leaving: readonly Buffer[];
}
/** `before`: the end of the reservation that the holder had there. `busy`: the same outcome is being recorded. */
export type Took = { readonly type: 'taken'; readonly before: number | null } | { readonly type: 'full' | 'busy'; readonly doubted: readonly Doubted[] };

export interface LimitCounters {
  take(taking: Taking): Promise<Took>;
  /** False where there is no such entry (any more). */
  settle(counter: string, entry: Entry, how: 'confirm' | 'abort', now: number): Promise<boolean>;
  /** Sets the end of a holder's reservation back to what it was; `null`: there is none. */
  hold(counter: string, holder: Buffer, until: number | null): Promise<void>;
  /** By counter; entries in doubt are counted. */
  usage(counters: readonly string[], now: number): Promise<{ readonly used: ReadonlyMap<string, number>; readonly doubted: readonly Doubted[] }>;
  /** By counter; entries count as confirmed. */
  use(counters: readonly string[], now: number): Promise<ReadonlyMap<string, LimitUse>>;
  /** Finds out what became of entries in doubt, and settles them. The customer's slot decides: an attempt that is not
   *  written there by now never will be. */
  resolve(doubted: readonly Doubted[], now: number): Promise<void>;
  /** Confirms all entries of an attempt that is written, then forgets that it waited for it. */
  finish(place: string, attempt: Buffer, counters: readonly string[], now: number): Promise<void>;
}

type Groups = readonly (readonly string[])[];
interface Question { readonly counters: readonly string[]; readonly names: readonly string[]; readonly groups: Groups }

const attemptBytes = 16;
/** Longer than any process can be stopped between two steps of a call and still be waited for by its Redis. */
export const calledOffMs = 86_400_000;

export function entryOf(attempt: Buffer, place: number): Entry {
  return Buffer.concat([attempt, Buffer.of(place >> 8, place & 0xff)]);
}

/** The counters of an attempt's entries, in order: what the customer's slot keeps until they are confirmed. */
export function encodeEntries(counters: readonly string[]): string {
  return JSON.stringify(counters);
}

export function decodeEntries(text: string): readonly string[] {
  return JSON.parse(text) as string[];
}

export function createLimitCounters(connection: RedisConnection, prefix: string): LimitCounters {
  /** The keys of counters that may be asked for together. In a cluster each has a slot of its own. */
  const groupsOf = (names: readonly string[]): Groups => {
    const keys = names.map((name) => keyList(counterKeys(prefix, name)));
    return connection.isCluster ? keys : names.length === 0 ? [] : [keys.flat()];
  };
  /** One answer for each counter. */
  const ask = async (script: Script, groups: Groups, now: number): Promise<unknown[]> =>
    (await Promise.all(groups.map((keys) => connection.script(script, keys, [now])) as Promise<unknown[]>[])).flat();

  let last: Question = { counters: [], names: [], groups: [] };
  /** Every decision of a day asks for the same counters: their keys, a hash for each, are made once. */
  const questionOf = (counters: readonly string[]): Question => {
    if (counters.length === last.counters.length && counters.every((counter, place) => counter === last.counters[place])) return last;
    const names = [...new Set(counters)];
    return last = { counters, names, groups: groupsOf(names) };
  };

  const settle: LimitCounters['settle'] = async (counter, entry, how, now) =>
    await connection.script(settleScript, keyList(counterKeys(prefix, counter)), [entry, how, now]) === 1;

  const finish: LimitCounters['finish'] = async (place, attempt, counters, now) => {
    await Promise.all(counters.map((counter, index) => settle(counter, entryOf(attempt, index), 'confirm', now)));
    await connection.command('hdel', customerKeysOf(prefix, place).committed, attempt);
  };

  return {
    settle,
    finish,

    take: async ({ mode, room, holder, now, ends, entry, place, leaving }) => {
      const lifeMs = mode === 'confirm-own' ? 0 : room.endsAt === null ? -1 : Math.max(room.endsAt - now, ends - now, 0) + clockGraceMs;
      const [answer, ...rest] = await connection.script(takeScript, keyList(counterKeys(prefix, room.counter)),
        [mode, now, room.max, holder ?? '', lifeMs, ends, entry, place, room.counter, mode === 'confirm-own' ? '' : room.endsAt ?? '', ...leaving]) as [number, Buffer | Buffer[]];
      if (answer !== 1) return { type: answer === 2 ? 'busy' : 'full', doubted: doubtedOf(room.counter, rest[0] as Buffer[]) };
      const before = String(rest[0]);
      return { type: 'taken', before: before === '' ? null : Number(before) };
    },

    hold: async (counter, holder, until) => {
      const { reserved } = counterKeys(prefix, counter);
      await (until === null ? connection.command('zrem', reserved, holder) : connection.command('zadd', reserved, until, holder));
    },

    usage: async (counters, now) => {
      const { names, groups } = questionOf(counters);
      const found = await ask(usageScript, groups, now) as [number, Buffer[]][];
      return {
        used: new Map(names.map((name, index) => [name, found[index]![0]])),
        doubted: names.flatMap((name, index) => doubtedOf(name, found[index]![1])),
      };
    },

    use: async (counters, now) => {
      const found = await ask(useScript, groupsOf(counters), now) as [number, number][];
      return new Map(counters.map((name, index) => [name, { confirmed: found[index]![0], reserved: found[index]![1] }]));
    },

    resolve: async (doubted, now) => {
      await Promise.all(doubted.map(async ({ counter, entry, place }) => {
        const attempt = entry.subarray(0, attemptBytes);
        const { committed, aborted } = customerKeysOf(prefix, place);
        const entries = String(await connection.script(resolveScript, [committed, aborted], [attempt, calledOffMs]));
        if (entries === '') await settle(counter, entry, 'abort', now);
        else await finish(place, attempt, decodeEntries(entries), now);
      }));
    },
  };
}

function keyList({ confirmed, reserved, pending, details }: CounterKeys): string[] {
  return [confirmed, reserved, pending, details];
}

/** From a list of entries, each with its place. */
export function doubtedOf(counter: string, list: readonly Buffer[]): Doubted[] {
  return Array.from({ length: list.length / 2 }, (_, index) => ({ counter, entry: list[2 * index]!, place: String(list[2 * index + 1]) }));
}
