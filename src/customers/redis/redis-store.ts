import { StoreError, type CustomerStore, type StoredCustomer } from '../customer-store.js';
import { decodeLink, inLinkOrder } from '../values/visitor-link.js';
import { isVisitorKey } from '../visitor-id.js';
import { parseRedisAddress } from '../redis-address.js';
import { claimContacts, expectClaimable } from './claim-contacts.js';
import { pause } from './pause.js';
import { connect, type RedisConnection } from './connection.js';
import { createCalls } from './calls.js';
import { customerIds, pagesOfIds } from './customer-ids.js';
import { createCustomerQueue } from './customer-queue.js';
import { heldIn, readable } from './customer-record.js';
import { createDues } from './dues.js';
import { eraseCustomer } from './erase-customer.js';
import { redisHoldings } from './holdings.js';
import { customerKeys, valueKey } from './keys.js';
import type { HoldingsOf } from './held-counters.js';
import { createLimitCounters } from './limit-counters.js';
import { isAway } from './failures.js';
import { expectLinkable, finishLink, linkVisitor } from './link-visitor.js';
import { loadCustomers } from './load-customers.js';
import { createPreparation } from './preparation.js';
import { putProfile } from './put-profile.js';
import { expectRecordable, recordContact } from './record-contact.js';
import { createSharedStore } from './shared-state.js';
import { expectTakable, takeInEvent } from './take-in-event.js';
import { secretOf } from './secrets.js';
import { createUsageReads } from './usage-reads.js';
import { createValueReads } from './value-reads.js';
import { within } from './within.js';
import { createSpeakingCatalogs } from './speaking-catalogs.js';
import type { StoreHoldings } from '../store-holdings.js';
import { expectId, expectTimes } from '../store-values.js';
import { shareSteps } from './write-together.js';
import { writeWithRoom, type PlannedWrite, type Writing } from './write-with-room.js';

export interface RedisStoreOptions {
  /** How long an answer of Redis is waited for; a call needs up to four of them, one after the other. Default 1,000. */
  readonly commandTimeoutMs?: number;
  /** Where nobody answers yet, resolves all the same; calls reject until somebody does. Default false. */
  readonly mayBeAway?: boolean;
  /** Rejects where there is no store yet. */
  readonly mustExist?: boolean;
  /** Done once, before the first call; a StoreError of it says that the store cannot be used. */
  readonly beforeUse?: (holdings: StoreHoldings) => Promise<void>;
  /** Told, once, how the Redis is less safe than it could be. */
  readonly warn?: ((risk: string) => void) | undefined;
}

export const defaultCommandTimeoutMs = 1000;
/** For so much of a command's time the limits are waited for once the customer is there: in a cluster they lie on other
 *  machines, and one that is frozen must not hold the customer back until the caller's deadline (500 ms) is over. */
const limitPatience = 0.2;

/** State on a Redis, a Redis Cluster, or the master that Sentinels name, by a URL as redis-address.ts has it. Rejects with
 *  a StoreError, without password. */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<CustomerStore> {
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) throw new StoreError(`The store's address ${parsed.problem}.`);
  const connection = await connect(parsed.address, { commandTimeoutMs: options.commandTimeoutMs ?? defaultCommandTimeoutMs, mayBeAway: options.mayBeAway ?? false });
  try {
    return await createRedisStore(connection, parsed.address.prefix, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** The store over a connection, which it closes. */
export async function createRedisStore(connection: RedisConnection, prefix: string, options: RedisStoreOptions = {}): Promise<CustomerStore> {
  const { commandTimeoutMs = defaultCommandTimeoutMs, mayBeAway = false, mustExist = false, beforeUse, warn } = options;
  const counters = createLimitCounters(connection, prefix);
  const queue = createCustomerQueue(3 * commandTimeoutMs);
  const writing: Writing = { connection, counters, prefix, queue, pause, tombstoneOf: async (id) => (await ready())(id) };
  const sharing = shareSteps(writing);
  const enqueue = async <T>(write: PlannedWrite<T>): Promise<T> => (write.shared === undefined ?
    queue.run(write.customerId, () => writeWithRoom(writing, write)) :
    queue.share(write.customerId, sharing, write) as Promise<T>);
  const holdingsBy = (run: HoldingsOf['call']): StoreHoldings => {
    const ids = (): AsyncGenerator<string> => customerIds((from) => run(() => pagesOfIds(connection, prefix, from)), undefined);
    return redisHoldings({ connection, counters, prefix, call: run, ids, finishLink: (visitor, seal) => finishLink(writing, visitor, seal) });
  };
  const { ready, problem } = createPreparation(connection, prefix, { mustExist, warn, beforeUse: async () => beforeUse?.(holdingsBy((action) => action())) });
  await ready().catch((error: unknown) => {
    if (!mayBeAway || !isAway(error as object)) throw error;
  });
  const readValue = createValueReads(connection);
  const readUsage = createUsageReads(counters);
  const shared = createSharedStore(connection, prefix, readValue);
  const dues = createDues(connection, prefix);
  const catalogs = createSpeakingCatalogs(connection, prefix);
  const { call, close } = createCalls(connection, ready);

  const stored = async (id: string, now: number): Promise<ReturnType<typeof heldIn>> => {
    expectId(id);
    for (;;) {
      const value = await readValue(valueKey(prefix, id));
      const held = readable(() => heldIn(value, isVisitorKey(id) ? now : null));
      if (held.seal === null) return held;
      await finishLink(writing, id, held.seal);
    }
  };

  return {
    read: (customerId, limits, now) => call(async () => {
      expectTimes([now]);
      // Asked for at the same time: one round trip.
      const usage = limits.length === 0 ? null : readUsage(limits, now);
      if (customerId === null) return { customer: null, limitUsage: usage === null ? nothingUsed : await usage };
      const usageIfReadable = usage?.catch(() => null);
      const { customer, linkedTo } = await stored(customerId, now);
      const limitUsage = usageIfReadable === undefined ? nothingUsed : await within(commandTimeoutMs * limitPatience, usageIfReadable);
      return linkedTo === null ? { customer, limitUsage } : { customer, limitUsage, linkedTo };
    }),

    limitUse: (limits, now) => call(async () => {
      expectTimes([now]);
      return counters.use(limits.map(({ counter }) => counter), now);
    }),

    putProfile: (customerId, profile, ifVersion, wakeAt) => call(async () => {
      expectId(customerId);
      if (wakeAt !== undefined) expectTimes([wakeAt]);
      return queue.run(customerId, () => putProfile(writing, customerId, profile, ifVersion, wakeAt));
    }),

    export: (customerId) => call(async (): Promise<StoredCustomer | null> => {
      // 0: what has not gone yet is held, whether or not its time is over.
      const [{ customer, linkedTo }, links, agenda] = await Promise.all([stored(customerId, 0), connection.command('hvals', customerKeys(prefix, customerId).links) as Promise<Buffer[]>, dues.held(customerId)]);
      if (linkedTo !== null) return { id: customerId, profile: { attributes: {}, consents: [], holdings: [] }, contacts: [], linkedTo };
      if (customer === null) return null;
      const visitors = readable(() => inLinkOrder(links.map(decodeLink)));
      return {
        id: customerId, profile: customer.profile, contacts: customer.contacts, events: customer.events,
        ...(visitors.length > 0 && { visitors: visitors.map(({ visitorId, linkedAt }) => ({ visitorId, linkedAt })) }),
        ...(agenda !== null && { agenda }),
      };
    }),

    erase: (customerId, tombstone) => call(async () => {
      expectId(customerId);
      expectTimes([tombstone.erasedAt, tombstone.keptUntil]);
      return queue.run(customerId, () => eraseCustomer(writing, customerId, tombstone));
    }),

    record: (write) => call(async (tombstoneOf) => {
      expectRecordable(write);
      return enqueue(recordContact(writing, write, tombstoneOf(write.customerId)));
    }),

    claim: (write) => call(async () => {
      expectClaimable(write);
      return queue.run(write.customerId, () => claimContacts(writing, write));
    }),

    takeIn: (write) => call(async (tombstoneOf) => {
      expectTakable(write);
      return enqueue(takeInEvent(writing, write, tombstoneOf(write.customerId)));
    }),

    link: (write) => call(async () => {
      expectLinkable(write);
      return queue.run(write.visitor, () => linkVisitor(writing, write));
    }),

    wake: (customerIds, at) => call(async () => {
      for (const customerId of customerIds) expectId(customerId);
      expectTimes([at]);
      await dues.wake(customerIds, at);
    }),

    beginWalk: (walkId, at) => call(async () => {
      expectId(walkId);
      expectTimes([at]);
      if (await catalogs.hasSpoken()) await dues.wake([walkId], at);
    }),

    takeTurn: (ask) => call(async () => {
      expectTimes([ask.now]);
      return catalogs.takeTurn(ask);
    }),

    walkAnew: () => call(() => catalogs.walkAnew()),

    takeDue: (take) => call(async () => {
      expectTimes([take.now, take.leaseUntil]);
      return dues.take(take);
    }),

    settle: (settling) => call(async () => {
      expectId(settling.customerId);
      if (settling.dueAt !== null) expectTimes([settling.dueAt]);
      return dues.settle(settling);
    }),

    takeInForAll: (write) => call(async () => {
      expectTimes([write.now, write.event.occurredAt, write.keptUntil]);
      return shared.takeInForAll(write);
    }),

    shared: (now) => call(() => shared.read(now)),

    putRhythms: (rhythms) => call(() => shared.putRhythms(rhythms)),

    load: (customers, wakeAt) => call(() => loadCustomers(connection, prefix, queue, customers, wakeAt)),

    ids: (after) => customerIds((from) => call(() => pagesOfIds(connection, prefix, from)), after),

    secret: (name, make) => call(() => secretOf(connection, prefix, name, make)),

    holdings: holdingsBy(call),

    problem,

    close,
  };
}

const nothingUsed: ReadonlyMap<string, number> = new Map();
