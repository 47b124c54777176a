import { callAt, compileWith, createMemoryOutbox, createNode, dayMs, hourMs, minuteMs, moved, noon, timed, useStage, type OutboundNode } from './outbound-world.js';
import type { Catalog } from '../../../src/decision/types.js';

const stage = useStage();
const old = { ...timed, id: 'old', absence: { of: 'purchase', atLeast: '14d' } };
const birthday = { ...timed, id: 'birthday', while: 'monthDay(customer.birthDate) == monthDay(now)' };

/** A node of its own catalog, that sends to the same place. */
const nodeWith = (current: () => Catalog): OutboundNode => {
  const outbox = createMemoryOutbox();
  const node = createNode(stage.store, current, { ...outbox, publish: async (event) => { await outbox.publish(event); stage.sent.push(outbox.sent.pop()!); } });
  return node;
};

describe('while a catalog spreads over the nodes', () => {
  let [before, after]: [Catalog?, Catalog?] = [];
  beforeEach(async () => {
    before = await compileWith([old]);
    after = await compileWith([old, moved]);
  });

  test('those that have it speak; what others would settle without it is not lost', async () => {
    const slow = nodeWith(() => before!);
    await slow.settle(noon - minuteMs);
    const fast = nodeWith(() => after!);
    await fast.settle(noon - 30_000);
    await fast.services.customers.put('C-1', { consents: ['email'] }, callAt(noon));
    await fast.services.events.take({ specversion: '1.0', id: '1', source: '/t', type: 'address.changed', subject: 'C-1', time: new Date(noon).toISOString(), data: {} } as never, callAt(noon));
    expect(await slow.settle(noon)).toBe(0);
    await fast.settle(noon);
    expect(stage.said()).toEqual(['moved email cover']);
  });

  test('what a node has settled by the old one, the walk finds when it has handed over', async () => {
    let current = before!;
    const slow = nodeWith(() => current);
    const fast = nodeWith(() => after!);
    await slow.settle(noon - minuteMs);
    await fast.services.customers.put('C-1', { consents: ['email'] }, callAt(noon));
    await fast.services.events.take({ specversion: '1.0', id: '1', source: '/t', type: 'address.changed', subject: 'C-1', time: new Date(noon).toISOString(), data: {} } as never, callAt(noon));
    await slow.settle(noon);
    expect(stage.sent).toEqual([]);
    current = after!;
    await slow.settle(noon + 1000);
    await fast.settle(noon + 1000);
    expect(stage.said()).toEqual(['moved email cover']);
  });

  test('a node whose turn passed while it asked strikes off no walk of the turn that came', async () => {
    const any = { ...timed, id: 'any', while: 'customer.id != ""' };
    after = await compileWith([old, any]);
    stage.catalog = after;
    // It has begun its walk, and has not taken it yet, when the other one does.
    let passes = false;
    const fast = stage.nodeOver((store) => ({ takeDue: (take) => (passes ? Promise.resolve([]) : store.takeDue(take)) }));
    const slow = createNode({
      ...stage.store,
      takeDue: async (take) => {
        if (passes) await fast.waker.tick(take.now);
        passes = false;
        return stage.store.takeDue(take);
      },
    }, () => before!, createMemoryOutbox());
    await slow.settle(noon);
    await stage.store.load([{ id: 'C-1', profile: { attributes: {}, consents: ['email'], holdings: [] }, contacts: [] }]);
    passes = true;
    // Once, and then it dies: it hands nothing over.
    expect(await slow.waker.tick(noon + 1000)).toBe(1);
    await fast.settle(noon + 2000);
    expect(stage.said()).toEqual(['any email cover']);
  });

  test('a node that stops hands over what it has settled since the turn passed', async () => {
    after = await compileWith([old, { ...moved, opensAfter: '1h' }]);
    const slow = nodeWith(() => before!);
    await slow.settle(noon);
    const fast = nodeWith(() => after!);
    await fast.services.customers.put('C-1', { consents: ['email'] }, callAt(noon));
    await fast.services.events.take({ specversion: '1.0', id: '1', source: '/t', type: 'address.changed', subject: 'C-1', time: new Date(noon).toISOString(), data: {} } as never, callAt(noon));
    await fast.settle(noon);
    // As the slow one would by its catalog, had it asked just before.
    const opensAt = noon + hourMs;
    const [due] = await stage.store.takeDue({ now: opensAt, most: 1, leaseUntil: opensAt + minuteMs });
    expect(await stage.store.settle({ ...due!, agenda: { notes: [], publications: [] }, dueAt: null })).toBe(true);
    await fast.settle(opensAt);
    expect(stage.sent).toEqual([]);
    await slow.waker.stop();
    await fast.settle(opensAt + 1000);
    expect(stage.said()).toEqual(['moved email cover']);
  });

  test('whoever has the old one alone, as after a roll-back by new starts, speaks again', async () => {
    const stays = nodeWith(() => before!);
    await stays.settle(noon);
    const goes = nodeWith(() => after!);
    await goes.settle(noon + 1000);
    await stays.services.customers.put('C-1', { consents: ['email'] }, callAt(noon));
    await stays.services.events.take({ specversion: '1.0', id: '1', source: '/t', type: 'purchase', subject: 'C-1', time: new Date(noon).toISOString(), data: {} } as never, callAt(noon));
    for (let at = noon + 2000; at < noon + 20 * dayMs; at += hourMs) await stays.settle(at);
    expect(stage.said()).toEqual(['old email cover']);
  });
});

test.each([false, true])('a catalog that is rolled back (%p) finds those of whom it heard nothing meanwhile', async (isRolledBack) => {
  const with2 = await compileWith([birthday, old]);
  const without = await compileWith([old]);
  stage.catalog = with2;
  const profile = { consents: ['email'], attributes: { birthDate: '1990-12-10' } };
  await stage.node.services.customers.put('C-1', profile, callAt(noon));
  for (let at = noon; at <= noon + 40 * dayMs; at += 6 * hourMs) {
    const day = (at - noon) / dayMs;
    stage.catalog = isRolledBack && day >= 2 && day < 3 ? without : with2;
    if (day === 2.5) await stage.node.services.customers.put('C-1', profile, callAt(at));
    await stage.node.settle(at);
  }
  expect(stage.said()).toEqual(['birthday email cover']);
});
