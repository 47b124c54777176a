import { createDispatch } from '../../../src/service/outbound/dispatch.js';
import { noon } from './outbound-world.js';
import { OutboxError } from '../../../src/outbox/outbox.js';
import type { Publication } from '../../../src/customers/agenda.js';

const publication = (id: string): Publication => ({ id, trigger: 'moved', channel: 'email', event: '{}', validUntil: noon + 9e9, attempts: 0, nextAt: noon });
const silent = { looked: () => undefined, published: () => undefined, publishFailed: () => undefined, deferred: () => undefined, givenUp: () => undefined, failed: () => undefined, swept: () => undefined };

/** A receiver, and many who wait for it. `until` hands over, second by second, whoever is due: one after the other, as looks
 *  begin. `tries`: when the receiver was asked. */
function createWorld(count: number) {
  const tries: number[] = [];
  const state = { isAway: true, looks: 0, now: noon };
  const dispatch = createDispatch({
    publish: () => {
      tries.push(state.now);
      return state.isAway ? Promise.reject(new OutboxError('away')) : Promise.resolve();
    },
    close: () => Promise.resolve(),
  }, silent, () => 0.5);
  let waiting: Publication[] = [];
  const add = (more: number): void => { waiting.push(...Array.from({ length: more }, (_, number) => ({ ...publication(`p-${number}`), nextAt: state.now }))); };
  add(count);
  const until = async (end: number): Promise<void> => {
    for (; state.now < end; state.now += 1_000) {
      const due = waiting.filter(({ nextAt }) => nextAt <= state.now);
      const left = waiting.filter(({ nextAt }) => nextAt > state.now);
      state.looks += due.length;
      for (const each of due) left.push(...await dispatch([each], state.now));
      waiting = left;
    }
  };
  return { state, tries, add, until, waiting: () => waiting };
}

test('a receiver that is away is asked ever more seldom, up to twice a minute, and those that wait are looked at as seldom', async () => {
  const { state, tries, until } = createWorld(500);
  await until(noon + 600_000);
  const inFirstSecond = tries.filter((at) => at === noon).length;
  expect(inFirstSecond).toBe(5);
  const inLastMinutes = tries.filter((at) => at >= noon + 300_000).length;
  expect(inLastMinutes).toBeGreaterThanOrEqual(4);
  expect(inLastMinutes).toBeLessThanOrEqual(11);
  expect(tries.length).toBeLessThan(40);
  expect(state.looks).toBeLessThan(500 * 20);
});

test('a receiver that is back gets all that waits within a minute, but for what it refused itself', async () => {
  const { state, until, waiting } = createWorld(500);
  await until(noon + 600_000);
  state.isAway = false;
  await until(noon + 662_000);
  expect(waiting().every(({ attempts }) => attempts > 0)).toBe(true);
  expect(waiting().length).toBeLessThan(40);
  await until(noon + 600_000 + 15 * 60_000 + 2_000);
  expect(waiting()).toEqual([]);
});

test('after it was back a new absence begins with short pauses', async () => {
  const { state, tries, add, until, waiting } = createWorld(40);
  await until(noon + 600_000);
  state.isAway = false;
  await until(noon + 1_800_000);
  expect(waiting()).toEqual([]);
  state.isAway = true;
  add(40);
  const [from, before] = [state.now, tries.length];
  await until(from + 1_000);
  expect(tries.length - before).toBe(5);
  await until(from + 4_000);
  expect(tries.length - before).toBeGreaterThan(5);
});

test('one that answers in between is not away', async () => {
  let asked = 0;
  const dispatch = createDispatch({ publish: () => (++asked % 4 === 0 ? Promise.resolve() : Promise.reject(new OutboxError('500'))), close: () => Promise.resolve() }, silent, () => 1);
  for (let number = 0; number < 12; number++) await dispatch([publication(`p-${number}`)], noon);
  expect(asked).toBe(12);
});
