import { expect, test } from '@jest/globals';
import { createReloadQueue, type Schedule } from '../../src/catalog/reload-queue.js';

/** Time stands still until `pass` lets what waits run. */
function standingClock(): { readonly schedule: Schedule; readonly pass: () => void; readonly waiting: () => number } {
  const waiting = new Set<() => void>();
  return {
    schedule: (run) => {
      waiting.add(run);
      return () => void waiting.delete(run);
    },
    pass: () => {
      for (const run of [...waiting]) {
        waiting.delete(run);
        run();
      }
    },
    waiting: () => waiting.size,
  };
}

/** Reloads that end when they are told to. */
function slowReload(): { readonly reload: () => Promise<void>; readonly begun: () => number; readonly end: () => Promise<void> } {
  let begun = 0;
  let end: () => void = () => undefined;
  return {
    reload: () => {
      begun += 1;
      return new Promise<void>((done) => {
        end = done;
      });
    },
    begun: () => begun,
    end: async () => {
      end();
      await new Promise((done) => void setImmediate(done));
    },
  };
}

test('a burst of changes is one reload', () => {
  const clock = standingClock();
  const { reload, begun } = slowReload();
  const queue = createReloadQueue(reload, 200, clock.schedule);
  for (let change = 0; change < 50; change += 1) queue.request();
  expect([begun(), clock.waiting()]).toEqual([0, 1]);
  clock.pass();
  expect([begun(), clock.waiting()]).toEqual([1, 0]);
});

test('what changes during a reload is loaded by one more, after it', async () => {
  const clock = standingClock();
  const { reload, begun, end } = slowReload();
  const queue = createReloadQueue(reload, 200, clock.schedule);
  queue.request();
  clock.pass();
  queue.request();
  clock.pass();
  queue.request();
  clock.pass();
  expect(begun()).toBe(1);
  await end();
  clock.pass();
  expect(begun()).toBe(2);
  await end();
  expect([begun(), clock.waiting()]).toEqual([2, 0]);
});

test('after closing nothing begins, and what runs is waited for', async () => {
  const clock = standingClock();
  const { reload, begun, end } = slowReload();
  const queue = createReloadQueue(reload, 200, clock.schedule);
  queue.request();
  clock.pass();
  queue.request();
  let closed = false;
  const closing = queue.close().then(() => {
    closed = true;
  });
  await Promise.resolve();
  expect([closed, clock.waiting()]).toEqual([false, 0]);
  await end();
  await closing;
  queue.request();
  expect([begun(), clock.waiting()]).toEqual([1, 0]);
});
