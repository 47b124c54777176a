import { StoreError } from '../../../src/customers/customer-store.js';
import { createCustomerQueue } from '../../../src/customers/redis/customer-queue.js';
import { NoAnswer } from '../../../src/customers/redis/failures.js';

/** An action that ends when it is told to. */
function held<T>(value: T, log: unknown[] = []): { action: () => Promise<T>; end(error?: Error): void } {
  let settle: (error?: Error) => void = () => undefined;
  const done = new Promise<T>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve(value) : reject(error));
  });
  return {
    action: () => {
      log.push(value);
      return done;
    },
    end: (error) => settle(error),
  };
}

test('writes of one customer run one after the other, in order; others do not wait', async () => {
  const queue = createCustomerQueue(60_000);
  const log: unknown[] = [];
  const [first, second, elsewhere] = [held(1, log), held(2, log), held('B', log)];
  const results = [queue.run('A', first.action), queue.run('A', second.action), queue.run('B', elsewhere.action)];
  expect(log).toEqual([1, 'B']);
  elsewhere.end();
  expect(await results[2]).toBe('B');
  first.end();
  expect(await results[0]).toBe(1);
  expect(log).toEqual([1, 'B', 2]);
  second.end();
  expect(await results[1]).toBe(2);
});

test('an error of one is its own; where no answer came, those who wait give up too', async () => {
  const queue = createCustomerQueue(60_000);
  const first = held(1);
  const results = [queue.run('A', first.action), queue.run('A', () => Promise.resolve(2))];
  first.end(new StoreError('unreadable'));
  await expect(results[0]).rejects.toThrow('unreadable');
  expect(await results[1]).toBe(2);

  const silent = held(3);
  const behind = [queue.run('A', silent.action), queue.run('A', () => Promise.resolve(4)), queue.run('A', () => Promise.resolve(5))].map((each) => each.catch((error: unknown) => error));
  silent.end(new NoAnswer('away'));
  for (const each of await Promise.all(behind)) expect(each).toBeInstanceOf(NoAnswer);
  expect(await queue.run('A', () => Promise.resolve(6))).toBe(6);
});

test('who waits too long gives up, and is not run later', async () => {
  const queue = createCustomerQueue(1);
  const log: unknown[] = [];
  const [first, late] = [held(1, log), held(2, log)];
  const running = queue.run('A', first.action);
  await expect(queue.run('A', late.action)).rejects.toThrow(StoreError);
  first.end();
  await running;
  expect(await queue.run('A', () => Promise.resolve(3))).toBe(3);
  expect(log).toEqual([1]);
});
