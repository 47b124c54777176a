import { StoreError } from '../../../src/customers/customer-store.js';
import { createCustomerQueue, type SharedStep } from '../../../src/customers/redis/customer-queue.js';
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

describe('writes that share a step', () => {
  type Settled = PromiseSettledResult<unknown>;
  /** Numbers of one ten fit. `did`: which went together. */
  const stepOf = (did: number[][], settle: (write: number) => Settled = (write) => ({ status: 'fulfilled', value: -write })): SharedStep<number> => ({
    fits: (one, other) => Math.floor(one / 10) === Math.floor(other / 10),
    run: (writes) => {
      did.push([...writes]);
      return Promise.resolve(writes.map(settle));
    },
  });

  test('go together where they waited one behind the other and fit, in their order, and each gets its own result', async () => {
    const queue = createCustomerQueue(60_000);
    const did: number[][] = [];
    const step = stepOf(did);
    const results = [1, 2, 3, 11, 12, 4].map((write) => queue.share('A', step, write));
    expect(await Promise.all(results)).toEqual([-1, -2, -3, -11, -12, -4]);
    expect(did).toEqual([[1], [2, 3], [11, 12], [4]]);
  });

  test('do not go past one that stands alone, nor with those of another step or customer', async () => {
    const queue = createCustomerQueue(60_000);
    const [did, others]: [number[][], number[][]] = [[], []];
    const [step, other] = [stepOf(did), stepOf(others)];
    const alone = held(0);
    const results = [queue.run('A', alone.action), queue.share('A', step, 1), queue.share('A', step, 2), queue.run('A', () => Promise.resolve('alone')), queue.share('A', step, 3), queue.share('A', other, 4), queue.share('B', step, 5)];
    expect(did).toEqual([[5]]);
    alone.end();
    expect(await Promise.all(results)).toEqual([0, -1, -2, 'alone', -3, -4, -5]);
    expect(did).toEqual([[5], [1, 2], [3]]);
    expect(others).toEqual([[4]]);
  });

  test('are never more than an answer of Redis bears', async () => {
    const queue = createCustomerQueue(60_000);
    const did: number[][] = [];
    const step: SharedStep<number> = { ...stepOf(did), fits: () => true };
    await Promise.all(Array.from({ length: 300 }, (_, place) => queue.share('A', step, place)));
    expect(did.map(({ length }) => length)).toEqual([1, 128, 128, 43]);
    expect(did.flat()).toEqual(Array.from({ length: 300 }, (_, place) => place));
  });

  test('fail each by itself; where no answer came, those who wait behind give up too', async () => {
    const queue = createCustomerQueue(60_000);
    const did: number[][] = [];
    const step = stepOf(did, (write) => (write === 2 ? { status: 'rejected', reason: new StoreError('unreadable') } : write === 3 ? { status: 'rejected', reason: new NoAnswer('away') } : { status: 'fulfilled', value: -write }));
    const settled = await Promise.allSettled([1, 2, 3, 4, 11, 12].map((write) => queue.share('A', step, write)));
    expect(settled.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).message))).toEqual([-1, 'unreadable', 'away', -4, 'away', 'away']);
    expect(did).toEqual([[1], [2, 3, 4]]);
    expect(await queue.share('A', step, 5)).toBe(-5);
  });
});

test('an action that throws at once is its own failure', async () => {
  const queue = createCustomerQueue(60_000);
  const thrown = queue.run('A', () => { throw new Error('no'); });
  const behind = queue.run('A', () => Promise.resolve(2));
  await expect(thrown).rejects.toThrow('no');
  expect(await behind).toBe(2);
});
