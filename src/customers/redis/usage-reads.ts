import type { LimitPeriod } from '../customer-store.js';
import type { LimitCounters } from './limit-counters.js';

/** How much of each counter is taken. Rejects with a `StoreError`. */
export type ReadUsage = (limits: readonly LimitPeriod[], now: number) => Promise<ReadonlyMap<string, number>>;

interface Waiting { readonly limits: readonly LimitPeriod[]; readonly now: number; readonly answer: Promise<ReadonlyMap<string, number>> }

/**
 * A question that comes while none is under way is sent at once. Those that come while one is wait for the end of the event
 * loop's turn, as in value-reads.ts, and who asks the same of the same millisecond shares an answer: Redis, of which there is
 * one for all nodes, counts longer for a decision's limits than it takes for all the rest of it.
 */
export function createUsageReads(counters: LimitCounters): ReadUsage {
  let underWay = 0;
  let waiting: Waiting[] = [];
  const ask: ReadUsage = async (limits, now) => {
    underWay++;
    try {
      return await readUsage(counters, limits, now);
    } finally {
      underWay--;
    }
  };
  const askInTurn: ReadUsage = async (limits, now) => {
    await endOfTurn();
    // Whoever comes from now on asks anew: what is sent now may be answered with what was before its call.
    waiting = waiting.filter((each) => each.limits !== limits || each.now !== now);
    return ask(limits, now);
  };

  return (limits, now) => {
    if (underWay === 0) return ask(limits, now);
    const same = waiting.find((each) => each.limits === limits && each.now === now);
    if (same !== undefined) return same.answer;
    const answer = askInTurn(limits, now);
    waiting.push({ limits, now, answer });
    return answer;
  };
}

/** What is in doubt is settled first, where its time is over. */
async function readUsage(counters: LimitCounters, limits: readonly LimitPeriod[], now: number): Promise<ReadonlyMap<string, number>> {
  const names = limits.map(({ counter }) => counter);
  const { used, doubted } = await counters.usage(names, now);
  if (doubted.length === 0) return used;
  await counters.resolve(doubted, now);
  return (await counters.usage(names, now)).used;
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
