import { StoreError } from '../customer-store.js';
import type { RedisConnection } from './connection.js';
import { commit, noAnswer, type Answer, type Commit, type Snapshot, type WantedOutcome } from './customer-record.js';
import type { CustomerQueue } from './customer-queue.js';
import { RefusedByRedis } from './failures.js';
import { placeOf, type CustomerKeys, type TombstoneKeys } from './keys.js';
import type { LimitCounters } from './limit-counters.js';
import { takeRoom, type Room, type Wish } from './room.js';

/** What a write of a customer needs. */
export interface Writing {
  readonly connection: RedisConnection;
  readonly counters: LimitCounters;
  readonly prefix: string;
  /** Where the tombstone of a customer, or a visitor, is. */
  readonly tombstoneOf: (id: string) => Promise<TombstoneKeys>;
  /** A visitor's may wait for a customer's, never the other way. */
  readonly queue: CustomerQueue;
  /** Waits a moment, longer with every try, before another process's write is raced again. */
  readonly pause: (tries: number) => Promise<void>;
}

/** What to write, decided on a snapshot; or what is to be answered without. */
export type WritePlan<Result> =
  | { readonly type: 'done'; readonly result: Result }
  | {
    readonly type: 'write';
    readonly wishes: readonly Wish[];
    /** What is answered where there is room, but nothing can be written. */
    readonly refusal: Result | null;
    readonly commit: () => Omit<Commit, 'id' | 'attempt' | 'holds'>;
    readonly result: Result;
    readonly full: (counter: string) => Result;
    /** What is answered where the commit needs a lease that is not held any more. */
    readonly leaseLost?: Result;
  };

export interface PlannedWrite<Result> {
  readonly customerId: string;
  readonly keys: CustomerKeys;
  readonly now: number;
  readonly look: () => Promise<Snapshot>;
  /** `answer`: to the write's outcome id, where it has one. */
  readonly plan: (snapshot: Snapshot, answer: Answer) => WritePlan<Result>;
  /** Of a write that needs no room and ends no consent, what it looks at beside the customer: it may be one of many in a step
   *  (write-together.ts). */
  readonly shared?: { readonly outcome: WantedOutcome | undefined; readonly tombstoneKeys: TombstoneKeys } | undefined;
}

/** Only other processes' writes of the same customer at the same time make a try fail, and one of them succeeds. */
export const mostTries = 64;
/** So often it is waited for another process that records the same, before it is asked what became of it. */
const patientTries = 4;

/**
 * Reads a customer, decides, takes room, writes, settles (docs/decisions/0007). The two slots are never written in one
 * step, so at every point a process may die:
 *
 * - after room is taken: it counts, until somebody asks the customer's slot, which says that nothing was written, and
 *   will say so ever after: the room comes back. A mere reservation ends by itself;
 * - after the customer is written: the slot says so, and the room is confirmed by whoever asks.
 */
export async function writeWithRoom<Result>(writing: Writing, write: PlannedWrite<Result>): Promise<Result> {
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0) await writing.pause(tries);
    const snapshot = await write.look();
    const planned = write.plan(snapshot, snapshot.answers[0] ?? noAnswer);
    if (planned.type === 'done') return planned.result;

    let room: Room | null = null;
    if (planned.wishes.length > 0) {
      const { counters } = writing;
      const taken = await takeRoom({ counters, place: placeOf(write.customerId), holds: snapshot.holds, wishes: planned.wishes, now: write.now });
      if (taken.type === 'busy') {
        if (tries >= patientTries) await taken.resolve();
        continue;
      }
      if (taken.type === 'full') {
        // Another process may just have confirmed this very outcome.
        if (await isCurrent(writing, write.keys, snapshot)) return planned.full(taken.counter);
        continue;
      }
      room = taken.room;
    }
    if (planned.refusal !== null) {
      await room?.giveBack();
      return planned.refusal;
    }
    const { attempt, holds } = room ?? {};
    const outcome = await commit(writing.connection, write.keys, snapshot, { ...planned.commit(), id: write.customerId, attempt, holds }).catch((error: unknown) => {
      // Where nobody knows whether it was written, the room ends by itself or is found out about.
      if (error instanceof RefusedByRedis) room?.giveBack().catch(() => undefined);
      throw error;
    });
    if (outcome === 'written') {
      // The write is done whatever becomes of this: room that cannot be settled now is settled by whoever meets it.
      await room?.settle().catch(() => undefined);
      return planned.result;
    }
    // Where the attempt was called off, whoever did it has given back the room, or does so now; again does no harm.
    await room?.giveBack();
    if (outcome === 'lease-lost') return planned.leaseLost!;
  }
  throw tooManyTries();
}

export function tooManyTries(): StoreError {
  return new StoreError(`The store could not be written: other processes changed the same customer ${mostTries} times.`);
}

async function isCurrent({ connection }: Writing, { value }: CustomerKeys, { head }: Snapshot): Promise<boolean> {
  const now = await connection.command('getrange', value, 0, head.length - 1) as Buffer;
  return now.equals(head);
}
