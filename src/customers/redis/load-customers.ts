import { inLedgerOrder } from '../contact-ledger.js';
import { agendaUnder, allowsPartners, eventsUnder, noEvents } from '../event-ledger.js';
import type { CustomerToLoad } from '../customer-store.js';
import { encodeCustomer, versionBytes } from '../values/customer-value.js';
import type { Argument, RedisConnection } from './connection.js';
import type { CustomerQueue } from './customer-queue.js';
import { agendaArguments } from './dues.js';
import { customerKeys } from './keys.js';
import { loadScript } from './customer-scripts.js';
import { expectId, expectTimes } from '../store-values.js';
import { firstVersion } from './versions.js';

/** `CustomerStore.load`. Where one cannot be stored none is. Each is written in one step, but not all of them in one: they
 *  lie in many slots. Where it rejects later some may be there; the same again puts it right. */
export async function loadCustomers(connection: RedisConnection, prefix: string, queue: CustomerQueue, customers: readonly CustomerToLoad[], wakeAt: number | undefined): Promise<readonly string[]> {
  if (wakeAt !== undefined) expectTimes([wakeAt]);
  const values = customers.map(({ id, profile, contacts, events = noEvents, agenda, replaces }) => {
    expectId(id);
    expectTimes([...contacts.map(({ occurredAt }) => occurredAt), ...(agenda === undefined || agenda.dueAt === null ? [] : [agenda.dueAt])]);
    const version = firstVersion();
    return { id, over: overArguments(replaces), keepsPartners: allowsPartners(profile), agenda: agenda === undefined ? undefined : agendaUnder(profile, agenda), value: encodeCustomer({ profile, contacts: inLedgerOrder(contacts), events: eventsUnder(profile, events), profileVersion: version, ledgerVersion: version }) };
  });
  const answers = await Promise.all(values.map(({ id, value, agenda, keepsPartners, over }) => queue.run(id, () => {
    const keys = customerKeys(prefix, id);
    const given = agenda === undefined ? ['0', '', ''] : ['1', ...agendaArguments(agenda)];
    return connection.script(loadScript, [keys.value, keys.ids, keys.agenda, keys.outcomes, keys.outcomeExpiry, keys.due.at, keys.due.leases, keys.due.woken], [value, id, wakeAt ?? '', ...given, keepsPartners ? '0' : '1', ...over]);
  })));
  return values.filter((_, place) => answers[place] === 0).map(({ id }) => id);
}

function overArguments(replaces: CustomerToLoad['replaces']): readonly [string, Argument] {
  if (replaces === undefined) return ['', ''];
  return replaces === null ? ['new', ''] : ['over', versionBytes(replaces)];
}
