import { StoreError, UnreadableError, type CustomerStore } from '../../src/customers/customer-store.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { reportOutbound, reportStore } from '../../src/telemetry/reports.js';
import { createWaker, type WakerParts } from '../../src/service/outbound/waker.js';
import { quietMs } from '../../src/service/store-presence.js';
import { watchStore } from '../../src/service/watched-store.js';
import type { Catalog } from '../../src/decision/types.js';
import type { Logger } from '../../src/telemetry/logger.js';

const away = new StoreError('Redis does not answer in time.');
const full = new StoreError('Redis has no memory left.');

/** The log of a process with an outbox, over a store whose reads and writes fail as the test says. */
function watchedProcess() {
  const world = { reads: null as Error | null, writes: null as Error | null, monotonicMs: 0, lines: [] as string[] };
  const answer = <T>(fault: Error | null, value: T): Promise<T> => (fault === null ? Promise.resolve(value) : Promise.reject(fault));
  const line = (level: string) => (fields: object | string, text?: string): void => { world.lines.push(`${level} ${(typeof fields === 'string' ? fields : text!).split(/[:;]/)[0]!}`); };
  const logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') } as unknown as Logger;
  const metrics = createMetrics();
  const monotonicMs = (): number => world.monotonicMs;
  const store = watchStore({
    shared: () => answer(world.reads, { groupEvents: [], rhythms: new Map() }),
    takeTurn: () => answer(world.writes, { speaks: true, turn: 1 }),
    takeDue: () => answer(world.writes, []),
    problem: () => null,
  } as unknown as CustomerStore, { observer: reportStore(logger, metrics), now: () => 0, monotonicMs, after: () => () => undefined });
  const events = reportOutbound(logger, metrics, { isStoreLost: store.isLost, monotonicMs });
  const catalog = { revision: 'r', triggers: [] } as unknown as Catalog;
  return {
    world, events, metrics,
    /** Asks who is due, once, as it is done each second. */
    ask: async () => {
      world.monotonicMs += 1_000;
      const waker = createWaker({ catalog: { current: () => catalog }, store, events, clock: () => 0 } as unknown as WakerParts);
      waker.start();
      await waker.stop();
    },
    /** What has been logged since, but for what is asked for by the level debug. */
    told: () => world.lines.splice(0).filter((text) => !text.startsWith('debug ')),
  };
}
const lookBrokeOff = 'error A look at who is due broke off';

test('of a store that goes and comes back there is one line each, though it is asked each second', async () => {
  const { world, metrics, ask, told } = watchedProcess();
  await ask();
  expect(told()).toEqual([]);
  world.reads = world.writes = away;
  for (let second = 0; second < 2 * quietMs / 1_000; second++) await ask();
  expect(world.lines.filter((text) => text === 'debug A look at who is due broke off')).toHaveLength(20);
  expect(told()).toEqual(['error The store is lost']);
  expect(await metrics.registry.getSingleMetricAsString('nbo_outbound_failures_total')).toContain('nbo_outbound_failures_total{what="look"} 20');
  world.reads = world.writes = null;
  for (let second = 0; second < 3; second++) await ask();
  expect(told()).toEqual(['info The store is back']);
});

test('one that answers and takes no writes is told once a minute, by each reason', async () => {
  const { world, ask, told } = watchedProcess();
  world.writes = full;
  for (let second = 0; second < 60; second++) await ask();
  expect(told()).toEqual([lookBrokeOff]);
  await ask();
  expect(told()).toEqual([lookBrokeOff]);
  const others = ['Redis is a replica.', 'Redis is loading.'];
  for (let second = 0; second < 10; second++) {
    world.writes = new StoreError(others[second % 2]);
    await ask();
  }
  expect(told()).toEqual([lookBrokeOff, lookBrokeOff]);
});

test('what cannot be read is told once a minute, and a fault of ours each time', () => {
  const { events, told } = watchedProcess();
  for (const error of [new UnreadableError('cannot be read'), new TypeError('oops')]) {
    events.failed(error);
    events.failed(error);
  }
  expect(told()).toEqual([lookBrokeOff, lookBrokeOff, lookBrokeOff]);
});
