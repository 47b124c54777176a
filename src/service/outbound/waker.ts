import { StoreError, type DueCustomer } from '../../customers/customer-store.js';
import { isSweepId } from '../../customers/agenda.js';
import { lookAtCustomer } from './customer-look.js';
import { sweepOfCatalog } from './sweep.js';
import { walkOn } from './customer-walk.js';
import type { CustomerLookParts } from './look-parts.js';

export interface WakerParts extends CustomerLookParts {
  readonly clock: () => number;
}

/** Who looks at customers when they are due. Any number of processes may: each entry is leased to one at a time. */
export interface Waker {
  /** Takes some that are due at `now`, and looks at each. Resolves how many they were. When the turn to speak comes to its
   *  catalog it first begins the walk that finds who is due by it; whoever begins it again finds it begun, or done. */
  tick(now: number): Promise<number>;
  /** Ticks from now on, without end, and waits for no look before the next. */
  start(): void;
  /** Resolves when what was taken is done, and is handed over where another catalog speaks by now. */
  stop(): Promise<void>;
}

const mostAtOnce = 32;
/** Longer than a look may take; so long a customer waits whose process died. */
export const leaseMs = 30_000;
const pauseMs = 1_000;
/** While nothing is due, each tick asks for this part of the customers only: asking costs a server of its own something. */
const partsWhileIdle = 8;

export function createWaker(parts: WakerParts): Waker {
  const { store, events, clock } = parts;
  const underWay = new Set<Promise<void>>();
  let stopped = false;
  /** By which catalog this process asked last, whether it spoke by it, and which turn's walk it has begun. */
  let asked: string | null = null;
  let hasSpoken = false;
  let begun: number | null = null;
  let isIdle = false;
  let part = 0;
  let running: Promise<void> = Promise.resolve();
  let endPause = (): void => undefined;

  /** Where it was the store, a read says whether it is there, and who watches its reads is told of a loss first. */
  const tellFailure = async (error: unknown, now: number): Promise<void> => {
    if (error instanceof StoreError) await store.shared(now).catch(() => undefined);
    events.failed(error as Error);
  };
  const work = async (due: DueCustomer, ofTurn: string, now: number): Promise<void> => {
    try {
      events.looked(now - due.dueAt);
      await (isSweepId(due.customerId) ? walkOn(due, ofTurn, now, parts) : lookAtCustomer(due, now, parts));
    } catch (error) {
      await tellFailure(error, now);
    }
  };
  /** The walk that belongs to the turn; `null`: another catalog speaks. Where this one has nothing to say, the walk is not
   *  begun; but what was claimed by one before is to be struck off. */
  const takeTurn = async (now: number): Promise<string | null> => {
    const { revision, triggers } = parts.catalog.current();
    // What is under way may still be written: only then another catalog's walk finds everything. Where it is this process
    // whose catalog has changed, such a look sees that by itself.
    const handsOver = hasSpoken && (asked !== revision || underWay.size === 0);
    const { speaks, turn } = await store.takeTurn({ revision, now, joins: asked === revision ? null : asked === null ? 'start' : 'change', handsOver });
    if (asked !== revision) begun = null;
    asked = revision;
    hasSpoken = speaks || (hasSpoken && !handsOver);
    if (!speaks) return null;
    const walk = sweepOfCatalog(revision, turn);
    if (begun !== turn && triggers.some(({ outbound }) => outbound !== null)) await store.beginWalk(walk, now);
    begun = turn;
    return walk;
  };
  /** Begins the looks at what is due, and gives how many they are. */
  const begin = async (now: number): Promise<number> => {
    const walk = await takeTurn(now);
    if (walk === null) return 0;
    const most = mostAtOnce - underWay.size;
    if (most <= 0) return 0;
    part = (part + 1) % partsWhileIdle;
    const taken = await store.takeDue({ now, most, leaseUntil: now + leaseMs, failed: (error) => events.failed(error), ...(isIdle && { part: { place: part, of: partsWhileIdle } }) });
    for (const due of taken) {
      const looking: Promise<void> = work(due, walk, now).finally(() => underWay.delete(looking));
      underWay.add(looking);
    }
    return taken.length;
  };
  const tick = async (now: number): Promise<number> => {
    const count = await begin(now);
    await Promise.all(underWay);
    return count;
  };
  /** What this process settled last, another catalog's walk may have passed by. */
  const handOver = async (): Promise<void> => {
    if (!hasSpoken || asked === null) return;
    hasSpoken = false;
    await store.takeTurn({ revision: asked, now: clock(), joins: null, handsOver: true }).catch((error: unknown) => events.failed(error as Error));
  };
  const pause = (): Promise<void> => new Promise((resolve) => {
    if (stopped) return resolve();
    const timer = setTimeout(resolve, pauseMs);
    endPause = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  const run = async (): Promise<void> => {
    while (!stopped) {
      const now = clock();
      const count = await begin(now).catch(async (error: unknown) => {
        await tellFailure(error, now);
        return 0;
      });
      isIdle = count === 0 && underWay.size === 0;
      if (underWay.size >= mostAtOnce) await Promise.race(underWay);
      else if (count === 0) await pause();
    }
    await Promise.all(underWay);
  };

  return {
    tick,
    start: () => {
      running = run();
    },
    stop: async () => {
      stopped = true;
      endPause();
      await running;
      await handOver();
    },
  };
}
