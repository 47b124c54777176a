import { openRedisStore } from '../../../src/customers/redis/redis-store.js';
import type { StoreUnderTest } from '../../contracts/customer-store.contract.js';

let made = 0;

/** Empty data on a server that is shared: under a prefix of its own. */
export function redisDataOn(url: string): Promise<StoreUnderTest> {
  const own = `${url}?prefix=test-${made++}`;
  // A busy machine is no failure: what the tests wait for is an answer, not a time.
  return Promise.resolve({ open: () => openRedisStore(own, { commandTimeoutMs: 20_000 }), cleanup: () => Promise.resolve() });
}
