import { connect } from '../../../src/customers/redis/connection.js';
import { customerKeys } from '../../../src/customers/redis/keys.js';
import { parseRedisAddress } from '../../../src/customers/redis-address.js';
import { openRedisStore } from '../../../src/customers/redis/redis-store.js';
import type { StoreUnderTest } from '../../contracts/customer-store.contract.js';

let made = 0;

/** Empty data on a server that is shared: under a prefix of its own. */
export function redisDataOn(url: string): Promise<StoreUnderTest> {
  const own = `${url}?prefix=test-${made++}`;
  // A busy machine is no failure: what the tests wait for is an answer, not a time.
  const commandTimeoutMs = 20_000;
  const spoilAgenda = async (customerId: string): Promise<void> => {
    const parsed = parseRedisAddress(own);
    if (!parsed.ok) throw new Error(parsed.problem);
    const connection = await connect(parsed.address, { commandTimeoutMs });
    const { agenda } = customerKeys(parsed.address.prefix, customerId);
    await connection.command('set', agenda, (await connection.command('getex', agenda) as Buffer).subarray(0, -1));
    connection.close();
  };
  return Promise.resolve({ open: () => openRedisStore(own, { commandTimeoutMs }), spoilAgenda, cleanup: () => Promise.resolve() });
}
