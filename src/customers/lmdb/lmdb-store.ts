import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { inLedgerOrder } from '../contact-ledger.js';
import { agendaUnder, allowsPartners, endsPartnerConsent, eventsUnder, noEvents } from '../event-ledger.js';
import type { CustomerStore, StoredCustomer } from '../customer-store.js';
import { tombstoneSaltName } from '../store-holdings.js';
import { expectTimes } from '../store-values.js';
import { unreadableAgenda } from '../unreadable-agenda.js';
import { heldAgenda, isAnythingDue, settle, takeAgenda, takeDue, wake } from './agenda-table.js';
import { claimContacts } from './claim-contacts.js';
import { getHeld, isAsExpected } from './customer-table.js';
import { forgetPartners } from './forget-partners.js';
import { eraseCustomer } from './erase-customer.js';
import { linkVisitor } from './link-visitor.js';
import { linksOf } from './visitor-links.js';
import { removeExpiredVisitors } from './visitor-table.js';
import { encodeCustomer } from '../values/customer-value.js';
import type { Environment, Tables } from './environment.js';
import { openEnvironment } from './environment.js';
import { lmdbHoldings } from './holdings.js';
import { usageOf, useOf } from './limit-counters.js';
import { removeSomeCounters } from './period-pruning.js';
import { recordContact } from './record-contact.js';
import { removeSomeEnded } from './reservations.js';
import { getSecret, putSecret } from './secret-table.js';
import { createGroupEventIntake, createSharedReader, putRhythms } from './shared-state.js';
import { hasSpoken, takeTurnIn, walkAnewIn } from './speaking-catalogs-table.js';
import { takeInEvent } from './take-in-event.js';
import { findTombstone, removeSomeTombstones } from './tombstones.js';

const idsPerRead = 512;

/**
 * The embedded store: an LMDB folder that all worker processes of one machine may share. Rejects with a StoreError.
 *
 * A version is the id of the transaction that wrote it, from a random number on. LMDB counts those over all processes and writes one at a time,
 * so no two states that anybody could have read share a version, not even those of a customer erased and made anew.
 */
export async function openLmdbStore(folder: string, options: { readonly mustExist?: boolean } = {}): Promise<CustomerStore> {
  const environment = await openEnvironment(folder, options);
  try {
    return createLmdbStore(environment, await secretOf(environment, tombstoneSaltName, () => randomBytes(32).toString('base64url')));
  } catch (error) {
    await environment.close();
    throw error;
  }
}

async function secretOf({ read, write }: Environment, name: string, make: () => string): Promise<string> {
  return read((tables) => getSecret(tables, name)) ?? write((tables) => getSecret(tables, name) ?? putSecret(tables, name, make()));
}

function createLmdbStore(environment: Environment, tombstoneSalt: string): CustomerStore {
  const { read, write, close } = environment;
  const readShared = createSharedReader();
  const takeInForAll = createGroupEventIntake();
  let sweptTombstones: Buffer | undefined;
  let swept: Buffer | undefined;
  const sweep = (tables: Tables, now: number): void => {
    swept = removeSomeEnded(tables, swept, now);
    removeSomeCounters(tables, now);
  };

  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- synchronous here, and a rejection where it throws
    read: async (customerId, limits, now) => read((tables) => {
      const { customer, linkedTo } = customerId === null ? { customer: null, linkedTo: null } : getHeld(tables, customerId, now);
      const limitUsage = new Map(limits.map(({ counter }) => [counter, usageOf(tables, counter, now)]));
      return linkedTo === null ? { customer, limitUsage } : { customer, limitUsage, linkedTo };
    }),

    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    limitUse: async (limits, now) => read((tables) => new Map(limits.map(({ counter }) => [counter, useOf(tables, counter, now)]))),

    putProfile: (customerId, profile, ifVersion, wakeAt) => write((tables, version) => {
      if (wakeAt !== undefined) expectTimes([wakeAt]);
      const stored = tables.customers.get(customerId);
      if (ifVersion !== undefined && ifVersion !== (stored?.profileVersion ?? 0)) return 'conflict';
      tables.customers.put(customerId, { profile, contacts: stored?.contacts ?? [], events: eventsUnder(profile, stored?.events ?? noEvents), profileVersion: version, ledgerVersion: version });
      if (endsPartnerConsent(stored?.profile, profile)) forgetPartners(tables, customerId);
      if (wakeAt !== undefined) wake(tables, customerId, wakeAt);
      return stored === null ? 'created' : 'replaced';
    }),

    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    export: async (customerId) => read((tables): StoredCustomer | null => {
      // 0: what has not been removed yet is held, whether or not its time is over.
      const { customer: stored, linkedTo } = getHeld(tables, customerId, 0);
      if (linkedTo !== null) return { id: customerId, profile: { attributes: {}, consents: [], holdings: [] }, contacts: [], linkedTo };
      if (stored === null) return null;
      const visitors = linksOf(tables, customerId);
      const agenda = heldAgenda(tables, customerId);
      return {
        id: customerId, profile: stored.profile, contacts: stored.contacts, events: stored.events,
        ...(visitors.length > 0 && { visitors: visitors.map(({ visitorId, linkedAt }) => ({ visitorId, linkedAt })) }),
        ...(agenda !== null && { agenda }),
      };
    }),

    erase: (customerId, tombstone) => write((tables) => {
      expectTimes([tombstone.erasedAt, tombstone.keptUntil]);
      const wasThere = eraseCustomer(tables, customerId, tombstone, tombstoneSalt);
      sweptTombstones = removeSomeTombstones(tables, sweptTombstones, tombstone.erasedAt);
      return wasThere;
    }),

    record: (contactWrite) => write((tables, version) => {
      const { customerId, now } = contactWrite;
      const erasedAt = findTombstone(tables, tombstoneSalt, customerId, now)?.erasedAt ?? null;
      const result = recordContact(tables, contactWrite, erasedAt, version);
      sweptTombstones = removeSomeTombstones(tables, sweptTombstones, now);
      removeExpiredVisitors(tables, now);
      if (contactWrite.confirm.length > 0) sweep(tables, now);
      return result;
    }),

    claim: (claimWrite) => write((tables, version) => {
      const result = claimContacts(tables, claimWrite, version);
      removeExpiredVisitors(tables, claimWrite.now);
      if (claimWrite.reserve.length > 0) sweep(tables, claimWrite.now);
      return result;
    }),

    takeIn: (eventWrite) => write((tables, version) => {
      const result = takeInEvent(tables, eventWrite, tombstoneSalt, version);
      removeExpiredVisitors(tables, eventWrite.now);
      return result;
    }),

    link: (linkWrite) => write((tables, version) => linkVisitor(tables, linkWrite, version)),

    wake: (customerIds, at) => write((tables) => {
      expectTimes([at]);
      for (const customerId of customerIds) wake(tables, customerId, at);
    }),

    beginWalk: (walkId, at) => write((tables) => {
      expectTimes([at]);
      if (hasSpoken(tables)) wake(tables, walkId, at);
    }),

    takeTurn: (ask) => takeTurnIn(environment, ask),

    walkAnew: () => write((tables) => walkAnewIn(tables)),

    takeDue: async (take) => {
      if (!read((tables) => isAnythingDue(tables, take))) return [];
      const { taken, unreadable } = await write((tables) => takeDue(tables, take));
      for (const { message } of unreadable) take.failed?.(unreadableAgenda(message));
      return taken;
    },

    settle: (settling) => write((tables) => settle(tables, settling)),

    takeInForAll: (eventWrite) => write((tables, version) => takeInForAll(tables, eventWrite, version)),

    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    shared: async (now) => read((tables) => readShared(tables, now)),

    putRhythms: (rhythms) => write((tables, version) => putRhythms(tables, rhythms, version)),

    load: (customers, wakeAt) => write((tables, version) => {
      expectTimes([...(wakeAt === undefined ? [] : [wakeAt]), ...customers.flatMap(({ agenda }) => agenda?.dueAt ?? [])]);
      // All are encoded before the first is written, so that one that cannot be stored leaves nothing behind.
      const values = customers.map(({ profile, contacts, events = noEvents }) => encodeCustomer({ profile, contacts: inLedgerOrder(contacts), events: eventsUnder(profile, events), profileVersion: version, ledgerVersion: version }));
      const others: string[] = [];
      for (const [place, { id, profile, agenda, replaces }] of customers.entries()) {
        if (!isAsExpected(tables, id, replaces)) {
          others.push(id);
          continue;
        }
        tables.customers.putBytes(id, values[place]!);
        if (agenda !== undefined) takeAgenda(tables, id, agendaUnder(profile, agenda));
        if (!allowsPartners(profile)) forgetPartners(tables, id);
        if (wakeAt !== undefined) wake(tables, id, wakeAt);
      }
      return others;
    }),

    ids: (after) => idsAfter(read, after),

    secret: (name, make) => secretOf(environment, name, make),

    holdings: lmdbHoldings(environment),

    problem: () => null,

    close,
  };
}

/** A page of keys at a time, so that no view of the store is held while the caller works; between two pages whoever waits
 *  for the process has its turn, which a promise that is fulfilled already would not give. */
async function* idsAfter(read: Environment['read'], after: string | undefined): AsyncGenerator<string> {
  let start: Buffer = after === undefined ? Buffer.of(0) : Buffer.from(after);
  for (;;) {
    const from = start;
    const keys = read(({ customers }) => Array.from(customers.stored.getKeys({ start: from, exclusiveStart: true, limit: idsPerRead })));
    for (const key of keys) yield key.toString();
    if (keys.length < idsPerRead) return;
    start = keys.at(-1)!;
    await setImmediate();
  }
}
