import type { RedisCluster, RedisServer } from '../../support/redis-servers.js';
import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { redisDataOn } from './redis-data.js';

/** The contract of a store, on a server or a cluster that is started for it. */
export function describeOnRedis(adapter: string, start: () => Promise<RedisServer | RedisCluster>): void {
  describe(adapter, () => {
    let server: RedisServer | RedisCluster;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());
    describeCustomerStore(adapter, () => redisDataOn(server.url));
  });
}
