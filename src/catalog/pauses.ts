import { setImmediate } from 'node:timers/promises';

/** Lets others run, now and then: call it between pieces of work. */
export type Pause = () => Promise<void>;

const workMs = 2;

/** A load of thousands of offers takes seconds; requests that come meanwhile wait no longer than one piece of it. */
export function createPause(): Pause {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < workMs) return;
    await setImmediate();
    since = performance.now();
  };
}

/** What `map` makes of each, with pauses between them. */
export async function mapPausing<T, R>(items: readonly T[], pause: Pause, map: (item: T, place: number) => R): Promise<R[]> {
  const mapped: R[] = [];
  for (const [place, item] of items.entries()) {
    mapped.push(map(item, place));
    await pause();
  }
  return mapped;
}
