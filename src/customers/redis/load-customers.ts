import { inLedgerOrder } from '../contact-ledger.js';
import { eventsUnder, noEvents } from '../event-ledger.js';
import type { StoredCustomer } from '../customer-store.js';
import { encodeCustomer } from '../values/customer-value.js';
import type { RedisConnection } from './connection.js';
import type { CustomerQueue } from './customer-queue.js';
import { customerKeys } from './keys.js';
import { loadScript } from './scripts.js';
import { expectId, expectTimes } from '../store-values.js';
import { firstVersion } from './versions.js';

/** `CustomerStore.load`. Where one cannot be stored none is. Each is written in one step, but not all of them in one: they
 *  lie in many slots. Where it rejects later some may be there; the same again puts it right. */
export async function loadCustomers(connection: RedisConnection, prefix: string, queue: CustomerQueue, customers: readonly StoredCustomer[]): Promise<void> {
  const values = customers.map(({ id, profile, contacts, events = noEvents }) => {
    expectId(id);
    expectTimes(contacts.map(({ occurredAt }) => occurredAt));
    const version = firstVersion();
    return { id, value: encodeCustomer({ profile, contacts: inLedgerOrder(contacts), events: eventsUnder(profile, events), profileVersion: version, ledgerVersion: version }) };
  });
  await Promise.all(values.map(({ id, value }) => queue.run(id, () => {
    const keys = customerKeys(prefix, id);
    return connection.script(loadScript, [keys.value, keys.ids], [value, id]);
  })));
}
