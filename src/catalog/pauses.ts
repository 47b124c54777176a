import { setImmediate } from 'node:timers/promises';

/** Lets others run, now and then: call it between pieces of work. */
export type Pause = () => Promise<void>;

const workMs = 5;

/** A load of thousands of offers takes seconds; requests that come meanwhile wait no longer than one piece of it. */
export function createPause(): Pause {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < workMs) return;
    await setImmediate();
    since = performance.now();
  };
}
