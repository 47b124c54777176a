import { sweepMark } from '../agenda.js';
import { byBytes, type HeldSweep } from '../store-holdings.js';
import { agendaOf } from './dues.js';
import type { HoldingsOf } from './held-counters.js';
import { bucketTags, customerKeys, dueKeys } from './keys.js';

const idsPerScan = 1000;

/** Walks over all customers stand among those who are due until they are forgotten; there are few. */
export async function* heldSweeps(of: HoldingsOf): AsyncGenerator<HeldSweep> {
  const found = await of.call(() => Promise.all(bucketTags.map((tag) => sweepsIn(of, tag))));
  yield* found.flat().sort((one, other) => byBytes(one.id, other.id));
}

async function sweepsIn({ connection, prefix }: HoldingsOf, tag: string): Promise<HeldSweep[]> {
  const dueAt = new Map<string, number>();
  let cursor = '0';
  do {
    const [next, pairs] = await connection.command('zscan', dueKeys(prefix, tag).at, cursor, 'MATCH', `${sweepMark}*`, 'COUNT', idsPerScan) as [Buffer, Buffer[]];
    for (let place = 0; place < pairs.length; place += 2) dueAt.set(String(pairs[place]), Number(String(pairs[place + 1])));
    cursor = String(next);
  } while (cursor !== '0');
  return Promise.all(Array.from(dueAt, async ([id, at]): Promise<HeldSweep> => ({
    id, dueAt: at, agenda: agendaOf(await connection.command('getex', customerKeys(prefix, id).agenda) as Buffer | null),
  })));
}
