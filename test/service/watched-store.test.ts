import { StoreError, UnreadableError, type CustomerStore } from '../../src/customers/customer-store.js';
import { quietMs, steadyMs, type Absence } from '../../src/service/store-presence.js';
import { watchStore } from '../../src/service/watched-store.js';

/** A store that is there or away as the test says, and all that its observer is told. */
function watch(problemAtStart: string | null = null) {
  const world = { fault: null as Error | null, problem: problemAtStart, monotonicMs: 0, told: [] as string[], isUp: undefined as boolean | undefined, looks: 0 };
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  const answer = <T>(value: T): Promise<T> => (world.fault === null ? Promise.resolve(value) : Promise.reject(world.fault));
  const absence = ({ losses, awayMs }: Absence): string => `${losses} in ${awayMs} ms`;
  const store = watchStore({
    read: () => answer({ customer: null, limitUsage: new Map() }), export: () => answer(null), limitUse: () => answer(new Map()),
    shared: () => {
      world.looks++;
      return answer({ groupEvents: [], rhythms: new Map() });
    },
    putProfile: () => answer('created'), takeTurn: () => answer({ speaks: true, turn: 1 }), problem: () => world.problem, close: () => Promise.resolve(),
  } as unknown as CustomerStore, {
    observer: {
      changed: (isUp) => { world.isUp = isUp; },
      lost: (problem, away) => world.told.push(`lost: ${problem} ${absence(away)}`),
      back: (away) => world.told.push(`back: ${absence(away)}`),
      unreadable: (problem) => world.told.push(`unreadable: ${problem}`),
    },
    now: () => 0, monotonicMs: () => world.monotonicMs,
    after: (ms, action) => {
      const timer = { at: world.monotonicMs + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  return {
    world, store, timers,
    read: async (fault: Error | null): Promise<void> => {
      world.fault = fault;
      await store.read('C-1', [], 0).catch(() => undefined);
    },
    /** Time goes by, and what was to be done meanwhile is done. */
    pass: async (ms: number): Promise<void> => {
      const end = world.monotonicMs + ms;
      for (;;) {
        await new Promise((resolve) => { setImmediate(resolve); });
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        world.monotonicMs = next.at;
        next.action();
      }
      world.monotonicMs = end;
    },
  };
}
const away = new StoreError('Redis does not answer in time.');

test('a loss is told once, and so is the return, with how long it was away', async () => {
  const { world, store, read, pass } = watch();
  await read(null);
  expect([world.isUp, store.problem(), world.told]).toEqual([true, null, []]);
  for (let i = 0; i < 3; i++) await read(away);
  expect([world.isUp, store.problem()]).toEqual([false, away.message]);
  await pass(quietMs + 500);
  for (let i = 0; i < 3; i++) await read(null);
  await pass(5 * quietMs);
  expect([world.isUp, store.problem(), world.told]).toEqual([true, null, [`lost: ${away.message} 1 in 0 ms`, 'back: 1 in 10500 ms']]);
});

test('the return of one that nobody asks is seen, and told when the quiet time is over, as of its first answer', async () => {
  const { world, read, pass } = watch();
  await read(away);
  await pass(1_500);
  world.fault = null;
  await pass(500);
  expect([world.isUp, world.looks]).toEqual([false, 2]);
  await pass(steadyMs);
  expect([world.isUp, world.told]).toEqual([true, [`lost: ${away.message} 1 in 0 ms`]]);
  await pass(quietMs - steadyMs - 2_001);
  expect(world.told).toHaveLength(1);
  await pass(1);
  expect(world.told.slice(1)).toEqual(['back: 1 in 2000 ms']);
});

test('losses that begin and end soon after a line are told at the end of the quiet time, all in one', async () => {
  const { world, read, pass, timers } = watch();
  await read(away);
  await pass(quietMs);
  await read(null);
  await pass(steadyMs);
  for (let i = 0; i < 3; i++) {
    await read(away);
    await pass(200);
    await read(null);
    await pass(steadyMs + 1_000);
  }
  expect(world.told).toEqual([`lost: ${away.message} 1 in 0 ms`, `back: 1 in ${quietMs} ms`]);
  await pass(quietMs);
  expect(world.told.slice(2)).toEqual(['back: 3 in 600 ms']);
  await pass(5 * quietMs);
  expect([world.told.length, timers.size]).toEqual([3, 0]);
});

test('a loss soon after a line that lasts is told at the end of the quiet time', async () => {
  const { world, store, read, pass } = watch();
  await read(away);
  await pass(quietMs);
  await read(null);
  await pass(4_000 + steadyMs);
  await read(away);
  // What fails meanwhile is news: of this loss nobody was told yet.
  expect([world.isUp, store.isLost()]).toEqual([false, false]);
  await pass(quietMs);
  expect(store.isLost()).toBe(true);
  expect(world.told.slice(2)).toEqual([`lost: ${away.message} 1 in 6000 ms`]);
  await pass(2 * quietMs);
  await read(null);
  await pass(steadyMs);
  expect(world.told.slice(3)).toEqual(['back: 1 in 30000 ms']);
});

test('a store of which a part is away is away all the time, and the return is told in the end', async () => {
  const { world, store, read, pass } = watch();
  for (let i = 0; i < 50; i++) {
    await read(away);
    await read(null);
    await pass(steadyMs - 500);
    expect([world.isUp, store.problem()]).toEqual([false, away.message]);
  }
  await read(away);
  expect(world.told).toEqual([`lost: ${away.message} 1 in 0 ms`]);
  await read(null);
  await pass(steadyMs);
  expect([world.isUp, world.told.slice(1)]).toEqual([true, [`back: 1 in ${50 * (steadyMs - 500)} ms`]]);
});

test('a store that is away at the start is not told to be lost, and is told to be back', async () => {
  const { world, store, read, pass } = watch('The store has not answered yet.');
  expect([world.isUp, store.isLost()]).toEqual([false, true]);
  await read(away);
  await pass(2 * quietMs);
  expect(world.told).toEqual([]);
  world.problem = null;
  await read(null);
  await pass(steadyMs);
  expect([world.isUp, world.told]).toEqual([true, [`back: 1 in ${2 * quietMs} ms`]]);
});

test('a value that cannot be read is no loss of the store, and is told now and then', async () => {
  const { world, store, read, pass } = watch();
  const unreadable = new UnreadableError('A stored value cannot be read: unknown format 0.');
  for (let i = 0; i < 3; i++) {
    await read(unreadable);
    await read(null);
  }
  expect([world.isUp, store.problem(), store.isLost(), world.told]).toEqual([true, null, false, [`unreadable: ${unreadable.message}`]]);
  await pass(quietMs);
  await read(away);
  await pass(quietMs);
  await read(unreadable);
  await pass(steadyMs);
  expect([world.isUp, world.told.slice(1)]).toEqual([true, [`lost: ${away.message} 1 in 0 ms`, `unreadable: ${unreadable.message}`, `back: 1 in ${quietMs} ms`]]);
});

test('who only looks sees it come back; who looks while it is asked does not ask once more', async () => {
  const { world, store, read, pass } = watch();
  await read(away);
  world.fault = null;
  expect([store.problem(), store.problem(), world.looks]).toEqual([away.message, away.message, 1]);
  await pass(steadyMs);
  expect([store.problem(), world.isUp]).toEqual([null, true]);
});

test('who only looks sees it go, by what the store knows against itself, and come back when it answers', async () => {
  const { world, store, pass } = watch();
  world.problem = 'The store cannot be reached.';
  world.fault = away;
  expect(store.isLost()).toBe(false);
  expect([store.problem(), store.isLost(), world.isUp, world.told]).toEqual([world.problem, true, false, [`lost: ${world.problem} 1 in 0 ms`]]);
  world.problem = null;
  await pass(quietMs);
  expect([store.problem(), world.isUp]).toEqual([away.message, false]);
  world.fault = null;
  await pass(1_000 + steadyMs);
  expect([store.problem(), store.isLost(), world.isUp, world.told.slice(1)]).toEqual([null, false, true, [`back: 1 in ${quietMs + 1_000} ms`]]);
});

test('how much of the limits is used is a read, too', async () => {
  const { world, store } = watch();
  world.fault = away;
  await expect(store.limitUse([], 0)).rejects.toThrow(away.message);
  expect([world.isUp, world.told]).toEqual([false, [`lost: ${away.message} 1 in 0 ms`]]);
});

test('a turn that is taken says that it is back; one that is not, says nothing', async () => {
  const { world, store, read, pass } = watch();
  await read(away);
  expect(store.isLost()).toBe(true);
  await pass(quietMs);
  const ask = { revision: 'r', now: 0, joins: null, handsOver: false };
  await expect(store.takeTurn(ask)).rejects.toThrow(away.message);
  expect([store.isLost(), world.told]).toEqual([true, [`lost: ${away.message} 1 in 0 ms`]]);
  world.fault = null;
  await store.takeTurn(ask);
  await pass(steadyMs);
  expect([store.isLost(), world.isUp, world.told.slice(1)]).toEqual([false, true, [`back: 1 in ${quietMs} ms`]]);
  await pass(quietMs);
  world.fault = away;
  await expect(store.takeTurn(ask)).rejects.toThrow(away.message);
  expect([store.isLost(), world.isUp]).toEqual([false, true]);
});

test('a refused write, and a fault that is none of the store\'s, are no loss', async () => {
  const { world, store, read } = watch();
  world.fault = away;
  await expect(store.putProfile('C-1', { attributes: {}, consents: [], holdings: [] })).rejects.toThrow(away.message);
  await read(new TypeError('a bug'));
  expect([world.isUp, world.told]).toEqual([true, []]);
});

test('from its close on nothing is told, and nothing waits to be', async () => {
  const { world, store, read, timers } = watch();
  await read(away);
  expect(timers.size).toBe(1);
  await store.close();
  await read(null);
  await read(away);
  expect([timers.size, world.told]).toEqual([0, [`lost: ${away.message} 1 in 0 ms`]]);
});
