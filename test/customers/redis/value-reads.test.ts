import type { RedisConnection } from '../../../src/customers/redis/connection.js';
import { createValueReads } from '../../../src/customers/redis/value-reads.js';

/** Answers each key with its own name, when it is told to, and in the order in which it was asked. */
function fakeConnection({ isCluster = false } = {}) {
  const sent: string[][] = [];
  const unanswered: (() => void)[] = [];
  let failure: Error | undefined;
  const answerOf = (name: string, keys: readonly string[]): unknown => {
    const values = keys.map((key) => (key.startsWith('absent') ? null : Buffer.from(key)));
    return name === 'mget' ? values : values[0];
  };
  const connection = {
    isCluster,
    command: (name: string, ...keys: string[]) => {
      sent.push([name, ...keys]);
      return new Promise((resolve, reject) => unanswered.push(() => (failure === undefined ? resolve(answerOf(name, keys)) : reject(failure))));
    },
  } as unknown as RedisConnection;
  return {
    connection, sent,
    answer: (): void => unanswered.splice(0).forEach((answer) => answer()),
    answerOne: (error?: Error): void => {
      failure = error;
      unanswered.shift()!();
      failure = undefined;
    },
  };
}

const turnEnds = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const texts = async (reads: readonly Promise<Buffer | null>[]): Promise<(string | null)[]> => (await Promise.all(reads)).map((value) => value?.toString() ?? null);

test('a read that is alone is sent at once', async () => {
  const { connection, sent, answer } = fakeConnection();
  const read = createValueReads(connection);
  for (const key of ['one', 'absent', 'two']) {
    const value = read(key);
    expect(sent.at(-1)).toEqual(['getex', key]);
    answer();
    expect(await texts([value])).toEqual([key === 'absent' ? null : key]);
  }
  expect(sent).toHaveLength(3);
});

test('what is asked for while one is under way goes together at the end of the turn, the last of it as what only a master does', async () => {
  const { connection, sent, answer } = fakeConnection();
  const read = createValueReads(connection);
  const reads = ['one', 'two', 'absent-3', 'four', 'two'].map((key) => read(key));
  expect(sent).toEqual([['getex', 'one']]);
  await turnEnds();
  expect(sent).toEqual([['getex', 'one'], ['mget', 'two', 'absent-3', 'four'], ['getex', 'two']]);
  answer();
  expect(await texts(reads)).toEqual(['one', 'two', null, 'four', 'two']);
});

test('a single read that waited is no MGET', async () => {
  const { connection, sent, answer } = fakeConnection();
  const read = createValueReads(connection);
  const reads = [read('one'), read('two')];
  await turnEnds();
  expect(sent).toEqual([['getex', 'one'], ['getex', 'two']]);
  answer();
  expect(await texts(reads)).toEqual(['one', 'two']);
});

test('an answer holds so many values at most', async () => {
  const { connection, sent, answer } = fakeConnection();
  const read = createValueReads(connection);
  const keys = Array.from({ length: 1 + 128 + 128 + 3 }, (_, place) => `key-${place}`);
  const reads = keys.map((key) => read(key));
  await turnEnds();
  expect(sent.map(([name, ...of]) => [name, of.length])).toEqual([['getex', 1], ['mget', 127], ['getex', 1], ['mget', 127], ['getex', 1], ['mget', 2], ['getex', 1]]);
  answer();
  expect(await texts(reads)).toEqual(keys);
});

test.each([['the MGET', 0], ['what only a master does', 1]])('where %s fails, those that went with it reject, and no others', async (_name, place) => {
  const { connection, answer, answerOne } = fakeConnection();
  const read = createValueReads(connection);
  const alone = read('one');
  const together = Promise.allSettled([read('two'), read('three'), read('four')]);
  await turnEnds();
  answerOne();
  for (let at = 0; at < 2; at++) answerOne(at === place ? new Error('READONLY') : undefined);
  expect(await texts([alone])).toEqual(['one']);
  expect(await together).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: new Error('READONLY') })));

  const next = read('five');
  answer();
  expect(await texts([next])).toEqual(['five']);
});

test('in a cluster each is read for itself', async () => {
  const { connection, sent, answer } = fakeConnection({ isCluster: true });
  const read = createValueReads(connection);
  const reads = ['one', 'two', 'three'].map((key) => read(key));
  expect(sent).toEqual([['getex', 'one'], ['getex', 'two'], ['getex', 'three']]);
  answer();
  expect(await texts(reads)).toEqual(['one', 'two', 'three']);
});
