import { startCluster } from '../../support/redis-servers.js';
import { describeOnRedis } from './describe-on-redis.js';

// A file of its own, so that it runs beside the others: each takes a minute or two.
describeOnRedis('Redis Cluster', startCluster);
