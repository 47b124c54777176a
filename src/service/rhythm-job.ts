import { keepRhythms } from './keep-rhythms.js';
import { measurePopulation, rhythmsOf } from '../customers/population-rhythm.js';
import type { CustomerStore } from '../customers/customer-store.js';
import type { CurrentCatalog } from './current-catalog.js';
import { dayMs } from '../decision/calendar.js';

export interface RhythmJobParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  /** Runs `action` after so long, unless it is cancelled; it does not keep the process alive. */
  readonly after: (ms: number, action: () => void) => () => void;
  readonly failed: (error: unknown) => void;
  readonly now: () => number;
}

const firstMs = 5 * 60_000;
const everyMs = dayMs;

/**
 * Measures the population's rhythms some minutes after the start and then once a day. Every process does so for itself:
 * all take the same sample, and each writes only the types of its own catalog, so it does not matter whose figures are
 * written last, also while two catalogs are live; and nobody waits for another.
 */
export function startRhythmJob({ catalog, store, after, failed, now }: RhythmJobParts): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const measure = async (): Promise<void> => {
    const { events } = catalog.current();
    if (events.size === 0) return;
    const measured = await measurePopulation(store, events.keys(), () => stopped);
    if (measured !== null) await keepRhythms(store, rhythmsOf(measured), catalog.current(), now());
  };
  const wait = (ms: number): (() => void) => after(ms, () => {
    running = measure().catch(failed).finally(() => {
      if (!stopped) cancel = wait(everyMs);
    });
  });
  let cancel = wait(firstMs);
  return {
    stop: async () => {
      stopped = true;
      cancel();
      await running;
    },
  };
}
