import { setImmediate as nextTurn } from 'node:timers/promises';
import { createWriteTurns } from '../../../src/customers/lmdb/write-turns.js';

/** Transactions that run in a later turn, as the library's do, and a clock that only writes move. */
function createStore(fails: (transaction: number) => 'before' | 'commit' | null = () => null) {
  let nowMs = 0;
  let transactions = 0;
  const log: string[] = [];
  const turns = createWriteTurns(async (run) => {
    const number = ++transactions;
    if (fails(number) === 'before') throw new Error(`no transaction ${number}`);
    await nextTurn();
    log.push(`begin ${number}`);
    run();
    log.push(`end ${number}`);
    await nextTurn();
    if (fails(number) === 'commit') throw new Error(`no commit ${number}`);
  }, () => nowMs);
  const write = (name: string, tookMs = 0): Promise<string> => turns(() => {
    log.push(name);
    nowMs += tookMs;
    return name;
  });
  return { turns, write, log };
}

/** How many turns somebody else had meanwhile. */
async function countTurnsUntil(work: Promise<unknown>): Promise<number> {
  const state = { turns: 0, isOver: false };
  void work.finally(() => { state.isOver = true; });
  for (; !state.isOver; state.turns++) await nextTurn();
  return state.turns;
}

test('what waits shares a transaction, in its order, and each gets its own result', async () => {
  const { write, log } = createStore();
  expect(await Promise.all(['a', 'b', 'c'].map((name) => write(name)))).toEqual(['a', 'b', 'c']);
  expect(log).toEqual(['begin 1', 'a', 'b', 'c', 'end 1']);
});

test('when a turn has taken its time, the next transaction takes the others, and somebody else has a turn in between', async () => {
  const { write, log } = createStore();
  const all = Promise.all([write('a', 12), write('b', 12), write('c', 300), write('d'), write('e')]);
  const others = countTurnsUntil(all);
  await all;
  expect(log).toEqual(['begin 1', 'a', 'b', 'end 1', 'begin 2', 'c', 'end 2', 'begin 3', 'd', 'e', 'end 3']);
  expect(await others).toBeGreaterThanOrEqual(3);
});

test('who comes meanwhile stands at the end', async () => {
  const { write, log } = createStore();
  const first = [write('a', 30), write('b', 30), write('c')];
  await nextTurn();
  await Promise.all([...first, write('late')]);
  expect(log.filter((entry) => !/begin|end/.test(entry))).toEqual(['a', 'b', 'c', 'late']);
});

test('a write that throws rejects alone', async () => {
  const { turns, write } = createStore();
  const settled = await Promise.allSettled([write('a'), turns(() => { throw new Error('no'); }), write('b')]);
  expect(settled).toMatchObject([{ value: 'a' }, { reason: { message: 'no' } }, { value: 'b' }]);
});

test('a commit that fails rejects what it had written, and nothing else', async () => {
  const { write } = createStore((transaction) => (transaction === 1 ? 'commit' : null));
  const settled = await Promise.allSettled([write('a', 30), write('b')]);
  expect(settled).toMatchObject([{ reason: { message: 'no commit 1' } }, { value: 'b' }]);
});

test('a transaction that cannot begin rejects those who waited for it; the next one is tried anew', async () => {
  const { write } = createStore((transaction) => (transaction === 1 ? 'before' : null));
  expect(await Promise.allSettled([write('a')])).toMatchObject([{ reason: { message: 'no transaction 1' } }]);
  expect(await write('b')).toBe('b');
});

test('a turn that is run again runs the same writes, and each gets its later result', async () => {
  const log: string[] = [];
  const turns = createWriteTurns(async (run) => {
    await nextTurn();
    run();
    log.push('again');
    run();
  }, () => 0);
  const write = (name: string): Promise<string> => turns(() => {
    log.push(name);
    if (name === 'b' && !log.includes('again')) throw new Error('not yet');
    return `${name} ${log.length}`;
  });
  expect(await Promise.all(['a', 'b'].map(write))).toEqual(['a 4', 'b 5']);
  expect(log).toEqual(['a', 'b', 'again', 'a', 'b']);
});
