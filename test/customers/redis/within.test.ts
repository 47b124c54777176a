import { setImmediate as nextTurn } from 'node:timers/promises';
import { within } from '../../../src/customers/redis/within.js';

test('what takes too long is null', async () => {
  expect(await within(1, new Promise(() => undefined))).toBeNull();
});

test('what came while the process was busy was not late', async () => {
  await nextTurn();      // from here timers come before what is ready
  const work = new Promise((resolve) => { setImmediate(resolve, 'there'); });
  const waited = within(1, work);
  const since = performance.now();
  while (performance.now() - since < 5);
  expect(await waited).toBe('there');
});
