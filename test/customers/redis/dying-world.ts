import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { openRedisStore } from '../../../src/customers/redis/redis-store.js';
import { startCluster, type RedisCluster } from '../../support/redis-servers.js';
import { openDyingStore, type Death, type DyingStore } from './dying-connection.js';

/** Two processes over the data of one cluster: one that dies or stops, and another that looks, writes and goes on. */
export interface DyingWorld {
  readonly dying: DyingStore;
  readonly other: CustomerStore;
  /** Tries with a death at one step after the other, each time with new data, until one try lives through. Resolves how
   *  many there were. */
  atEachDeath(test: (death: Death) => Promise<void>): Promise<number>;
}

/** For the tests of a file, each with data of its own, which `fill` begins. */
export function createDyingWorld(name: string, fill: (store: CustomerStore) => Promise<void>): DyingWorld {
  let server: RedisCluster;
  let made = 0;
  let dying: DyingStore;
  let other: CustomerStore;
  const start = async (): Promise<void> => {
    const url = `${server.url}?prefix=${name}-${made++}`;
    dying = await openDyingStore(url);
    other = await openRedisStore(url, { commandTimeoutMs: 20_000 });
    await fill(other);
  };
  const stop = async (): Promise<void> => {
    await dying.close();
    await other.close();
  };
  beforeAll(async () => {
    server = await startCluster();
  });
  afterAll(() => server.stop());
  beforeEach(start);
  afterEach(stop);

  return {
    get dying() { return dying; },
    get other() { return other; },
    atEachDeath: async (test) => {
      let tried = 0;
      for (let step = 1; ; step++) {
        for (const when of ['before', 'after'] as const) {
          await test({ step, when });
          tried++;
          if (!dying.isDead()) return tried;
          await stop();
          await start();
        }
      }
    },
  };
}
