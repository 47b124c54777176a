import { isSweepId } from '../../customers/agenda.js';
import { lookAtCustomer } from './customer-look.js';
import type { CustomerLookParts } from './look-parts.js';
import { walkOn } from './customer-walk.js';
import { sweepOfCatalog } from './sweep.js';
import type { DueCustomer } from '../../customers/customer-store.js';

export interface WakerParts extends CustomerLookParts {
  readonly clock: () => number;
}

/** Who looks at customers when they are due. Any number of processes may: each entry is leased to one at a time. */
export interface Waker {
  /** Takes some that are due at `now`, and looks at each. Resolves how many they were. With a catalog that it has not seen
   *  it first begins the walk that finds who is due by it; whoever begins it again finds it begun, or done. */
  tick(now: number): Promise<number>;
  /** Ticks from now on, without end. */
  start(): void;
  /** Resolves when what was taken is done. */
  stop(): Promise<void>;
}

const mostAtOnce = 32;
/** Longer than a look may take; so long a customer waits whose process died. */
export const leaseMs = 30_000;
const pauseMs = 1_000;

export function createWaker(parts: WakerParts): Waker {
  const { store, events, clock } = parts;
  let stopped = false;
  let announced: string | null = null;
  let running: Promise<void> = Promise.resolve();
  let endPause = (): void => undefined;

  const work = async (due: DueCustomer, now: number): Promise<void> => {
    try {
      events.looked(now - due.dueAt);
      await (isSweepId(due.customerId) ? walkOn(due, now, parts) : lookAtCustomer(due, now, parts));
    } catch (error) {
      events.failed(error as Error);
    }
  };
  const announceCatalog = async (now: number): Promise<void> => {
    const { revision, triggers } = parts.catalog.current();
    if (revision === announced) return;
    if (triggers.some(({ outbound }) => outbound !== null)) await store.wake([sweepOfCatalog(revision)], now);
    announced = revision;
  };
  const tick = async (now: number): Promise<number> => {
    await announceCatalog(now);
    const taken = await store.takeDue({ now, most: mostAtOnce, leaseUntil: now + leaseMs });
    await Promise.all(taken.map((due) => work(due, now)));
    return taken.length;
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
      const count = await tick(clock()).catch((error: unknown) => {
        events.failed(error as Error);
        return 0;
      });
      if (count === 0) await pause();
    }
  };

  return {
    tick,
    start: () => {
      running = run();
    },
    stop: () => {
      stopped = true;
      endPause();
      return running;
    },
  };
}
