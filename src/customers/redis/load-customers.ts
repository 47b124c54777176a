import { inLedgerOrder } from '../contact-ledger.js';
import { agendaUnder, allowsPartners, eventsUnder, noEvents } from '../event-ledger.js';
import type { StoredCustomer } from '../customer-store.js';
import { encodeCustomer } from '../values/customer-value.js';
import type { RedisConnection } from './connection.js';
import type { CustomerQueue } from './customer-queue.js';
import { agendaArguments } from './dues.js';
import { customerKeys } from './keys.js';
import { loadScript } from './customer-scripts.js';
import { expectId, expectTimes } from '../store-values.js';
import { firstVersion } from './versions.js';

/** `CustomerStore.load`. Where one cannot be stored none is. Each is written in one step, but not all of them in one: they
 *  lie in many slots. Where it rejects later some may be there; the same again puts it right. */
export async function loadCustomers(connection: RedisConnection, prefix: string, queue: CustomerQueue, customers: readonly StoredCustomer[], wakeAt: number | undefined): Promise<void> {
  if (wakeAt !== undefined) expectTimes([wakeAt]);
  const values = customers.map(({ id, profile, contacts, events = noEvents, agenda }) => {
    expectId(id);
    expectTimes([...contacts.map(({ occurredAt }) => occurredAt), ...(agenda === undefined || agenda.dueAt === null ? [] : [agenda.dueAt])]);
    const version = firstVersion();
    return { id, keepsPartners: allowsPartners(profile), agenda: agenda === undefined ? undefined : agendaUnder(profile, agenda), value: encodeCustomer({ profile, contacts: inLedgerOrder(contacts), events: eventsUnder(profile, events), profileVersion: version, ledgerVersion: version }) };
  });
  await Promise.all(values.map(({ id, value, agenda, keepsPartners }) => queue.run(id, () => {
    const keys = customerKeys(prefix, id);
    const given = agenda === undefined ? ['0', '', ''] : ['1', ...agendaArguments(agenda)];
    return connection.script(loadScript, [keys.value, keys.ids, keys.agenda, keys.outcomes, keys.outcomeExpiry, keys.due.at, keys.due.leases, keys.due.woken], [value, id, wakeAt ?? '', ...given, keepsPartners ? '0' : '1']);
  })));
}
