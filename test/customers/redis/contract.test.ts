import { startCluster, startRedis, type RedisCluster, type RedisServer } from '../../support/redis-servers.js';
import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { redisDataOn } from './redis-data.js';

const cases = new Map<string, number>();

function describeStore(adapter: string, start: () => Promise<RedisServer | RedisCluster>): void {
  describe(adapter, () => {
    let server: RedisServer | RedisCluster;
    beforeAll(async () => {
      server = await start();
    });
    beforeEach(() => {
      cases.set(adapter, (cases.get(adapter) ?? 0) + 1);
    });
    afterAll(() => server.stop());
    describeCustomerStore(adapter, () => redisDataOn(server.url));
  });
}

describeStore('Redis', () => startRedis());
describeStore('Redis Cluster', startCluster);

test('both have passed the same cases', () => {
  console.info(`CustomerStore contract: ${Array.from(cases, ([adapter, count]) => `${adapter} ${count} cases`).join(', ')}`);
  expect(new Set(cases.values()).size).toBe(1);
});
