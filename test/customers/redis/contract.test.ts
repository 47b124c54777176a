import { startCluster, startRedis, type RedisCluster, type RedisServer } from '../../support/redis-servers.js';
import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { redisDataOn } from './redis-data.js';

describe.each<[string, () => Promise<RedisServer | RedisCluster>]>([
  ['Redis', () => startRedis()],
  ['Redis Cluster', startCluster],
])('%s', (adapter, start) => {
  let server: RedisServer | RedisCluster;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  describeCustomerStore(adapter, () => redisDataOn(server.url));
});
