import { StoreError, UnreadableError, type CustomerStore } from '../../src/customers/customer-store.js';
import { quietMs, watchStore } from '../../src/service/watched-store.js';

/** A store that is there or away as the test says, and all that its observer is told. */
function watch(problemAtStart: string | null = null) {
  const world = { fault: null as Error | null, problem: problemAtStart, monotonicMs: 0, told: [] as string[], isUp: undefined as boolean | undefined };
  const answer = <T>(value: T): Promise<T> => (world.fault === null ? Promise.resolve(value) : Promise.reject(world.fault));
  const store = watchStore({
    read: () => answer({ customer: null, limitUsage: new Map() }), shared: () => answer({ groupEvents: [], rhythms: new Map() }), export: () => answer(null), limitUse: () => answer(new Map()),
    putProfile: () => answer('created'), takeTurn: () => answer({ speaks: true, turn: 1 }), problem: () => world.problem,
  } as unknown as CustomerStore, {
    observer: {
      changed: (isUp) => { world.isUp = isUp; },
      lost: (problem) => world.told.push(`lost: ${problem}`),
      back: () => world.told.push('back'),
      unreadable: (problem) => world.told.push(`unreadable: ${problem}`),
    },
    now: () => 0, monotonicMs: () => world.monotonicMs,
  });
  const read = async (fault: Error | null): Promise<void> => {
    world.fault = fault;
    await store.read('C-1', [], 0).catch(() => undefined);
  };
  return { world, store, read };
}
const away = new StoreError('Redis does not answer in time.');

test('a loss is told once, and so is the return', async () => {
  const { world, store, read } = watch();
  await read(null);
  expect([world.isUp, store.problem(), world.told]).toEqual([true, null, []]);
  for (let i = 0; i < 3; i++) await read(away);
  expect([world.isUp, store.problem()]).toEqual([false, away.message]);
  world.monotonicMs += quietMs;
  for (let i = 0; i < 3; i++) await read(null);
  expect([world.isUp, store.problem(), world.told]).toEqual([true, null, [`lost: ${away.message}`, 'back']]);
});

test('a store of which a part is away does not fill the log, and the return is told in the end', async () => {
  const { world, read } = watch();
  for (let i = 0; i < 50; i++) {
    await read(away);
    await read(null);
  }
  expect([world.isUp, world.told]).toEqual([true, [`lost: ${away.message}`]]);
  world.monotonicMs += quietMs;
  await read(null);
  expect(world.told).toEqual([`lost: ${away.message}`, 'back']);
});

test('a store that is away at the start is not told to be lost, and is told to be back', async () => {
  const { world, store, read } = watch('The store has not answered yet.');
  expect([world.isUp, store.isLost()]).toEqual([false, true]);
  await read(away);
  expect(world.told).toEqual([]);
  world.problem = null;
  await read(null);
  expect([world.isUp, world.told]).toEqual([true, ['back']]);
});

test('a value that cannot be read is no loss of the store, and is told now and then', async () => {
  const { world, store, read } = watch();
  const unreadable = new UnreadableError('A stored value cannot be read: unknown format 0.');
  for (let i = 0; i < 3; i++) {
    await read(unreadable);
    await read(null);
  }
  expect([world.isUp, store.problem(), store.isLost(), world.told]).toEqual([true, null, false, [`unreadable: ${unreadable.message}`]]);
  world.monotonicMs += quietMs;
  await read(away);
  world.monotonicMs += quietMs;
  await read(unreadable);
  expect([world.isUp, world.told.slice(1)]).toEqual([true, [`lost: ${away.message}`, 'back', `unreadable: ${unreadable.message}`]]);
});

test('who only looks sees it come back', async () => {
  const { world, store, read } = watch();
  await read(away);
  world.fault = null;
  expect(store.problem()).toBe(away.message);
  await Promise.resolve();
  expect([store.problem(), world.isUp]).toEqual([null, true]);
});

test('who only looks sees it go, by what the store knows against itself, and come back when it answers', async () => {
  const { world, store } = watch();
  world.problem = 'The store cannot be reached.';
  world.fault = away;
  expect([store.problem(), store.problem(), world.isUp, world.told]).toEqual([world.problem, world.problem, false, [`lost: ${world.problem}`]]);
  world.problem = null;
  expect(store.problem()).not.toBeNull();
  await Promise.resolve();
  expect(world.isUp).toBe(false);
  world.fault = null;
  world.monotonicMs += quietMs;
  store.problem();
  await Promise.resolve();
  expect([store.problem(), world.isUp, world.told.slice(1)]).toEqual([null, true, ['back']]);
});

test('how much of the limits is used is a read, too', async () => {
  const { world, store } = watch();
  world.fault = away;
  await expect(store.limitUse([], 0)).rejects.toThrow(away.message);
  expect([world.isUp, world.told]).toEqual([false, [`lost: ${away.message}`]]);
});

test('a turn that is taken says that it is back; one that is not, says nothing', async () => {
  const { world, store, read } = watch();
  await read(away);
  expect(store.isLost()).toBe(true);
  world.monotonicMs += quietMs;
  const ask = { revision: 'r', now: 0, joins: null, handsOver: false };
  await expect(store.takeTurn(ask)).rejects.toThrow(away.message);
  expect([store.isLost(), world.told]).toEqual([true, [`lost: ${away.message}`]]);
  world.fault = null;
  await store.takeTurn(ask);
  expect([store.isLost(), world.isUp, world.told]).toEqual([false, true, [`lost: ${away.message}`, 'back']]);
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
