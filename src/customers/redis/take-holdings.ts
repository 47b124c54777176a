import type { HeldCounter, HeldCustomer, HeldTombstone, Taken } from '../store-holdings.js';
import { expectId, expectTimes } from '../store-values.js';
import { encodeAnswered } from '../values/answered-outcome.js';
import { encodeSecret } from '../values/secret.js';
import type { Argument, RedisConnection } from './connection.js';
import { clockGraceMs } from './customer-record.js';
import { takeCounterScript, takeCustomerScript } from './holding-scripts.js';
import { encodeHold } from './holds.js';
import { takeShared } from './shared-state.js';
import { counterKeys, customerKeys, movedTombstoneKey, movedTombstonesKey, secretKey } from './keys.js';

/** `StoreHoldings.take`: each entry is one step in its slot; where it rejects some may be there, and the same again puts it
 *  right. */
export async function takeHoldings(connection: RedisConnection, prefix: string, { secrets, customers = [], counters = [], tombstones = [], shared, goneCustomers = [], goneCounters = [] }: Taken, now: number): Promise<void> {
  for (const { id } of customers) expectId(id);
  expectTimes([now, ...counters.map(({ confirmed }) => confirmed)]);
  const lifeOf = (ends: readonly number[]): number => Math.max(0, ...ends.map((end) => end - now)) + clockGraceMs;

  const takeCustomer = (id: string, args: readonly Argument[]): Promise<unknown> => {
    const { value, outcomes, outcomeExpiry, holds, committed, aborted, ids } = customerKeys(prefix, id);
    return connection.script(takeCustomerScript, [value, outcomes, outcomeExpiry, holds, committed, aborted, ids], [id, ...args]);
  };
  const argumentsOf = ({ value, answered, reservations }: HeldCustomer): Argument[] => [
    value, lifeOf(answered.map(({ expiresAt }) => expiresAt)), lifeOf(reservations.map(({ heldUntil }) => heldUntil)),
    answered.length, ...answered.flatMap(({ name, ...answer }) => [Buffer.from(name, 'hex'), encodeAnswered(answer), answer.expiresAt]),
    ...reservations.flatMap(({ holder, ...hold }) => [Buffer.from(holder, 'hex'), encodeHold(hold)]),
  ];
  const takeCounter = (counter: string, args: readonly Argument[]): Promise<unknown> => {
    const { confirmed, reserved, pending, details } = counterKeys(prefix, counter);
    return connection.script(takeCounterScript, [confirmed, reserved, pending, details], args);
  };
  const counterArguments = ({ name, endsAt, confirmed, reserved }: HeldCounter): Argument[] => [
    name, endsAt ?? '', confirmed, endsAt === null ? -1 : lifeOf([endsAt, ...reserved.map(({ heldUntil }) => heldUntil)]),
    ...reserved.flatMap(({ holder, heldUntil }) => [heldUntil, Buffer.from(holder, 'hex')]),
  ];
  const takeTombstone = ({ name, erasedAt, keptUntil }: HeldTombstone): Promise<unknown> =>
    connection.command('set', movedTombstoneKey(prefix, name), `1 ${erasedAt} ${keptUntil}`, 'PX', lifeOf([keptUntil]));

  await Promise.all(Array.from(secrets ?? [], ([name, secret]) => connection.command('set', secretKey(prefix, name), encodeSecret(secret))));
  await Promise.all(goneCustomers.map((id) => takeCustomer(id, [''])));
  await Promise.all(customers.map((customer) => takeCustomer(customer.id, argumentsOf(customer))));
  await Promise.all(goneCounters.map((name) => takeCounter(name, [''])));
  await Promise.all(counters.map((counter) => takeCounter(counter.name, counterArguments(counter))));
  if (tombstones.length > 0) await connection.command('set', movedTombstonesKey(prefix), 1);
  await Promise.all(tombstones.map(takeTombstone));
  if (shared !== undefined) await takeShared(connection, prefix, shared);
}
