import { randomUUID } from 'node:crypto';
import { emptyAgenda, isEmpty, type Agenda, type HeldAgenda } from '../agenda.js';
import type { DueCustomer, Settling, TakeDue } from '../customer-store.js';
import { decodeAgenda, encodeAgenda } from '../values/agenda-value.js';
import type { Argument, RedisConnection } from './connection.js';
import { UnreadableValue } from '../values/bytes.js';
import { unreadableAgenda } from '../unreadable-agenda.js';
import { readable } from './customer-record.js';
import { bucketTags, customerKeys, dueKeys, placeOf, type DueKeys } from './keys.js';
import { setAsideScript, settleDueScript, takeDueScript, wakeScript } from './due-scripts.js';

/** Who is due, an index for each bucket of customers, so that it is written in one step with a customer. */
export interface Dues {
  wake(customerIds: readonly string[], at: number): Promise<void>;
  take(take: TakeDue): Promise<DueCustomer[]>;
  settle(settling: Settling): Promise<boolean>;
  /** `null`: nothing. */
  held(customerId: string): Promise<HeldAgenda | null>;
}

export function createDues(connection: RedisConnection, prefix: string): Dues {
  /** Each call begins at another bucket, so that none waits for ever. */
  let first = 0;

  const takeFrom = async (tag: string, { now, most, leaseUntil, failed }: TakeDue): Promise<DueCustomer[]> => {
    const lease = randomUUID();
    const taken = await connection.script(takeDueScript, keysOf(dueKeys(prefix, tag)), [now, most, leaseUntil, lease]) as Buffer[];
    const ids = taken.filter((_, place) => place % 2 === 0).map(String);
    const agendas = await Promise.all(ids.map((customerId) => connection.command('getex', customerKeys(prefix, customerId).agenda) as Promise<Buffer | null>));
    const due = ids.flatMap((customerId, place): DueCustomer[] => {
      try {
        const bytes = agendas[place] ?? null;
        return [{ customerId, lease, dueAt: Number(taken[2 * place + 1]), agenda: bytes === null ? emptyAgenda : decodeAgenda(bytes) }];
      } catch (error) {
        if (!(error instanceof UnreadableValue)) throw error;
        failed?.(unreadableAgenda(error.message));
        return [];
      }
    });
    const isDue = new Set(due.map(({ customerId }) => customerId));
    const others = ids.filter((id) => !isDue.has(id));
    if (others.length > 0) await connection.script(setAsideScript, keysOf(dueKeys(prefix, tag)), [lease, ...others]);
    return due;
  };

  return {
    wake: async (customerIds, at) => {
      const byBucket = new Map<string, string[]>();
      for (const id of customerIds) {
        const place = placeOf(id);
        const tag = place.slice(1, place.indexOf('}'));
        byBucket.set(tag, [...byBucket.get(tag) ?? [], id]);
      }
      await Promise.all(Array.from(byBucket, ([tag, ids]) => connection.script(wakeScript, keysOf(dueKeys(prefix, tag)), [at, ...ids])));
    },

    take: async (take) => {
      // Mostly nothing is due, and one round trip says so.
      const { place: partPlace, of } = take.part ?? { place: 0, of: 1 };
      const asked = bucketTags.filter((_, bucket) => bucket % of === partPlace);
      const counts = await unlessAllAway(asked.map((tag) => connection.command('zcount', dueKeys(prefix, tag).at, '-inf', take.now) as Promise<number>), take);
      first = (first + 1) % asked.length;
      let left = take.most;
      const shares = asked.flatMap((_, place) => {
        const bucket = (first + place) % asked.length;
        const most = Math.min(counts[bucket] ?? 0, left);
        left -= most;
        return most === 0 ? [] : [{ tag: asked[bucket]!, most }];
      });
      return (await unlessAllAway(shares.map(({ tag, most }) => takeFrom(tag, { ...take, most })), take)).flatMap((taken) => taken ?? []);
    },

    held: async (customerId) => {
      const { agenda, due } = customerKeys(prefix, customerId);
      return heldAgenda(...await Promise.all([connection.command('getex', agenda) as Promise<Buffer | null>, connection.command('zscore', due.at, customerId) as Promise<Buffer | null>]));
    },

    settle: async ({ customerId, lease, agenda, dueAt }) => {
      const keys = customerKeys(prefix, customerId);
      return await connection.script(settleDueScript, [keys.agenda, ...keysOf(keys.due)], [customerId, lease, isEmpty(agenda) ? '' : encodeAgenda(agenda), dueAt ?? '']) === 1;
    },
  };
}

/** Buckets lie on many machines: one that is away must not hold back what the others answer; of those that are, one is told
 *  of. `null`: away. Rejects where all are. */
async function unlessAllAway<T>(answers: readonly Promise<T>[], { failed }: TakeDue): Promise<(T | null)[]> {
  const settled = await Promise.allSettled(answers);
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  if (failures.length > 0 && failures.length === answers.length) throw failures[0]!;
  if (failures.length > 0) failed?.(failures[0]!);
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : null));
}

/** From what GET and ZSCORE answer. */
export function heldAgenda(agenda: Buffer | null, dueAt: Buffer | null): HeldAgenda | null {
  return agenda === null && dueAt === null ? null : { dueAt: dueAt === null ? null : Number(String(dueAt)), agenda: agendaOf(agenda) };
}

export function agendaOf(bytes: Buffer | null): Agenda {
  return bytes === null ? emptyAgenda : readable(() => decodeAgenda(bytes));
}

/** As `takeAgenda` (due-scripts.ts) wants it; `null`: nothing is held. */
export function agendaArguments(held: HeldAgenda | null): Argument[] {
  return held === null ? ['', ''] : [isEmpty(held.agenda) ? '' : encodeAgenda(held.agenda), held.dueAt ?? ''];
}

function keysOf({ at, leases, woken }: DueKeys): string[] {
  return [at, leases, woken];
}
