import type { LimitPeriod } from '../../../src/customers/customer-store.js';
import type { Doubted, LimitCounters } from '../../../src/customers/redis/limit-counters.js';
import { createUsageReads } from '../../../src/customers/redis/usage-reads.js';

const now = Date.UTC(2026, 10, 11);
const limits: readonly LimitPeriod[] = [{ limit: 'loan', counter: 'loan@2026-11-01', endsAt: null }];
const others: readonly LimitPeriod[] = [{ limit: 'card', counter: 'card', endsAt: null }];

interface Asked { readonly counters: readonly string[]; readonly now: number; answer(used: number, doubted?: readonly Doubted[]): void; fail(error: Error): void }

function fakeCounters() {
  const asked: Asked[] = [];
  const resolved: (readonly Doubted[])[] = [];
  const counters = {
    usage: (names: readonly string[], at: number) => new Promise((resolve, reject) => asked.push({
      counters: names, now: at, fail: reject,
      answer: (used, doubted = []) => resolve({ used: new Map(names.map((name) => [name, used])), doubted }),
    })),
    resolve: (doubted: readonly Doubted[]) => {
      resolved.push(doubted);
      return Promise.resolve();
    },
  } as unknown as LimitCounters;
  return { counters, asked, resolved };
}

const turnEnds = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const entries = async (answer: Promise<ReadonlyMap<string, number>>): Promise<[string, number][]> => [...await answer];

test('a question that is alone is asked at once', async () => {
  const { counters, asked } = fakeCounters();
  const read = createUsageReads(counters);
  for (const used of [0, 3]) {
    const answer = read(limits, now);
    asked.pop()!.answer(used);
    expect(await entries(answer)).toEqual([['loan@2026-11-01', used]]);
  }
});

test('who asks the same while one is under way shares an answer, which is asked for after all of them came', async () => {
  const { counters, asked } = fakeCounters();
  const read = createUsageReads(counters);
  const first = read(limits, now);
  const shared = [read(limits, now), read(limits, now)];
  expect(asked).toHaveLength(1);
  asked[0]!.answer(1);
  expect(await entries(first)).toEqual([['loan@2026-11-01', 1]]);
  await turnEnds();
  expect(asked).toHaveLength(2);
  // This one came after that was sent: it may not be answered with what was before its call.
  const late = read(limits, now);
  await turnEnds();
  expect(asked).toHaveLength(3);
  asked[1]!.answer(2);
  asked[2]!.answer(3);
  expect(await Promise.all(shared.map(entries))).toEqual([[['loan@2026-11-01', 2]], [['loan@2026-11-01', 2]]]);
  expect(await entries(late)).toEqual([['loan@2026-11-01', 3]]);
});

test('another time and other limits are another question', async () => {
  const { counters, asked } = fakeCounters();
  const read = createUsageReads(counters);
  const answers = [read(limits, now), read(limits, now), read(limits, now + 1), read(others, now)];
  await turnEnds();
  expect(asked.map((each) => [each.counters, each.now])).toEqual([[['loan@2026-11-01'], now], [['loan@2026-11-01'], now], [['loan@2026-11-01'], now + 1], [['card'], now]]);
  for (const each of asked) each.answer(each.now - now);
  expect(await Promise.all(answers.map(entries))).toEqual([[['loan@2026-11-01', 0]], [['loan@2026-11-01', 0]], [['loan@2026-11-01', 1]], [['card', 0]]]);
});

test('what fails, fails for all who share it, and no others', async () => {
  const { counters, asked } = fakeCounters();
  const read = createUsageReads(counters);
  const first = read(limits, now);
  const shared = [read(limits, now), read(limits, now)].map((answer) => expect(answer).rejects.toThrow('away'));
  await turnEnds();
  asked[1]!.fail(new Error('away'));
  await Promise.all(shared);
  asked[0]!.answer(1);
  expect(await entries(first)).toEqual([['loan@2026-11-01', 1]]);
  const next = read(limits, now);
  expect(asked).toHaveLength(3);
  asked[2]!.answer(1);
  expect(await entries(next)).toEqual([['loan@2026-11-01', 1]]);
});

test('what is in doubt is settled, and counted anew', async () => {
  const { counters, asked, resolved } = fakeCounters();
  const read = createUsageReads(counters);
  const doubted: Doubted = { counter: 'loan@2026-11-01', entry: Buffer.alloc(18), place: '{1}:a' };
  const answer = read(limits, now);
  asked[0]!.answer(2, [doubted]);
  await turnEnds();
  expect(resolved).toEqual([[doubted]]);
  asked[1]!.answer(1);
  expect(await entries(answer)).toEqual([['loan@2026-11-01', 1]]);
});
