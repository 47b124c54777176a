import { compileWith, dayMs, hourMs, noon, timed, useStage } from './outbound-world.js';

const stage = useStage();
const idOf = (number: number): string => `D-${String(number).padStart(4, '0')}`;

test('a customer whose value cannot be read keeps the walk from nobody else, and is told of once', async () => {
  await stage.begin([{ ...timed, id: 'any', while: 'customer.age >= 18' }]);
  await stage.store.load(Array.from({ length: 100 }, (_, number) => ({ id: idOf(number), profile: { attributes: { age: 30 }, consents: ['email'], holdings: [] }, contacts: [] })));
  await stage.store.holdings.take({ customers: [{ id: idOf(50), value: Buffer.of(9, 9, 9), answered: [], reservations: [], links: [], agenda: null }] }, noon);
  await stage.begin([{ ...timed, id: 'any', while: 'customer.age >= 17' }]);
  for (let at = noon + 1000; at < noon + hourMs; at += 10_000) await stage.node.settle(at);
  expect(stage.sent).toHaveLength(99);
  expect(stage.told().filter((words) => words.startsWith('failed'))).toEqual([expect.stringMatching(/^failed A walk over all customers leaves out 1 whose stored value cannot be read: /)]);
  expect(await stage.node.settle(noon + dayMs)).toBe(0);
});

test('requests have their turn within a page, though the reads of the embedded store take none', async () => {
  await stage.store.load(Array.from({ length: 320 }, (_, number) => ({ id: idOf(number), profile: { attributes: { age: 30 }, consents: ['email'], holdings: [] }, contacts: [] })));
  stage.catalog = await compileWith([{ ...timed, id: 'none', while: 'customer.age >= 99' }]);
  let reads = 0;
  const node = stage.nodeOver((store) => ({
    read: (...of) => {
      reads++;
      return store.read(...of);
    },
  }));
  const readsAtTurns: number[] = [];
  let walking = true;
  const turn = (): void => {
    readsAtTurns.push(reads);
    if (walking) setImmediate(turn);
  };
  setImmediate(turn);
  await node.settle(noon);
  walking = false;
  expect(reads).toBe(320);
  expect(Math.max(...readsAtTurns.map((count, place) => count - (readsAtTurns[place - 1] ?? 0)))).toBeLessThanOrEqual(64);
});
