import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { redisDataOn } from './redis-data.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

describeCustomerStore('Redis', () => redisDataOn(server.url));
