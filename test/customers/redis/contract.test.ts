import { startRedis } from '../../support/redis-servers.js';
import { describeOnRedis } from './describe-on-redis.js';

describeOnRedis('Redis', () => startRedis());
