import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { StoreError } from '../../src/customers/customer-store.js';
import { startDeadline } from '../../src/service/deadline.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const clock = (): number => performance.now();

test.each([[5000, 4975], [500, 475], [100, 90], [10, 9]])('of %d ms a store has %d, and what comes after it the rest', async (timeoutMs, storeMs) => {
  const deadline = startDeadline(timeoutMs, clock);
  let error: unknown;
  deadline.cut(new Promise(() => undefined)).catch((reason: unknown) => { error = reason; });
  await jest.advanceTimersByTimeAsync(storeMs - 1);
  expect(error).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1);
  expect(error).toEqual(new StoreError('the store did not answer before the deadline'));
  expect(deadline.remainingMs()).toBe(timeoutMs - storeMs);
  await jest.advanceTimersByTimeAsync(timeoutMs);
  expect(deadline.remainingMs()).toBe(0);
});

test('two waits share the time, and one that begins late has nothing left', async () => {
  const deadline = startDeadline(100, clock);
  await jest.advanceTimersByTimeAsync(95);
  const cut = expect(deadline.cut(new Promise(() => undefined))).rejects.toThrow(StoreError);
  await jest.advanceTimersByTimeAsync(1);
  await cut;
  expect(deadline.remainingMs()).toBe(4);
});

test('what comes in time is handed on, an error too, and no timer stays', async () => {
  const deadline = startDeadline(100, clock);
  expect(await deadline.cut(Promise.resolve('read'))).toBe('read');
  await expect(deadline.cut(Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  expect(jest.getTimerCount()).toBe(0);
});
