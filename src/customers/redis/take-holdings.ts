import type { HeldAgenda } from '../agenda.js';
import type { HeldCounter, HeldCustomer, HeldTombstone, HeldVisitor, Taken } from '../store-holdings.js';
import { expectId, expectTimes } from '../store-values.js';
import { encodeAnswered } from '../values/answered-outcome.js';
import { encodeSecret } from '../values/secret.js';
import { encodeLink } from '../values/visitor-link.js';
import { decodeVisitor } from '../values/visitor-value.js';
import type { Argument, RedisConnection } from './connection.js';
import { clockGraceMs, readable } from './customer-record.js';
import { agendaArguments } from './dues.js';
import { takeAgendaScript, takeCounterScript, takeEntryScript } from './holding-scripts.js';
import { encodeHold } from './holds.js';
import { encodeNamed } from './named-visitor.js';
import { takeShared } from './shared-state.js';
import { counterKeys, customerKeys, movedTombstoneKey, movedTombstonesKey, secretKey } from './keys.js';

/** `StoreHoldings.take`: each entry is one step in its slot; where it rejects some may be there, and the same again puts it
 *  right. */
export async function takeHoldings(connection: RedisConnection, prefix: string, taken: Taken, now: number): Promise<void> {
  const { secrets, visitors = [], customers = [], sweeps = [], counters = [], tombstones = [], shared, goneVisitors = [], goneCustomers = [], goneSweeps = [], goneCounters = [] } = taken;
  expectTakeable(taken, now);
  const takeEntry = (id: string, args: readonly Argument[]): Promise<unknown> => {
    const { value, outcomes, outcomeExpiry, holds, committed, aborted, ids, links, calledOff, agenda, due } = customerKeys(prefix, id);
    return connection.script(takeEntryScript, [value, outcomes, outcomeExpiry, holds, committed, aborted, ids, links, calledOff, agenda, due.at, due.leases, due.woken], [id, ...args]);
  };
  const takeAgenda = (id: string, held: HeldAgenda | null): Promise<unknown> => {
    const { agenda, due } = customerKeys(prefix, id);
    return connection.script(takeAgendaScript, [agenda, due.at, due.leases, due.woken], [id, ...agendaArguments(held)]);
  };
  const takeCounter = (counter: string, args: readonly Argument[]): Promise<unknown> => {
    const { confirmed, reserved, pending, details } = counterKeys(prefix, counter);
    return connection.script(takeCounterScript, [confirmed, reserved, pending, details], args);
  };
  const takeTombstone = ({ name, erasedAt, keptUntil }: HeldTombstone): Promise<unknown> =>
    connection.command('set', movedTombstoneKey(prefix, name), `1 ${erasedAt} ${keptUntil}`, 'PX', lifeOf([keptUntil], now));

  await Promise.all(Array.from(secrets ?? [], ([name, secret]) => connection.command('set', secretKey(prefix, name), encodeSecret(secret))));
  await Promise.all([...goneVisitors, ...goneCustomers].map((id) => takeEntry(id, ['', '', '', '', '', '', ''])));
  await Promise.all(visitors.map((visitor) => takeEntry(visitor.id, visitorArguments(visitor, now))));
  await Promise.all(customers.map((customer) => takeEntry(customer.id, customerArguments(customer, now))));
  await Promise.all(goneSweeps.map((id) => takeAgenda(id, null)));
  await Promise.all(sweeps.map(({ id, ...held }) => takeAgenda(id, held)));
  await Promise.all(goneCounters.map((name) => takeCounter(name, [''])));
  await Promise.all(counters.map((counter) => takeCounter(counter.name, counterArguments(counter, now))));
  if (tombstones.length > 0) await connection.command('set', movedTombstonesKey(prefix), 1);
  await Promise.all(tombstones.map(takeTombstone));
  if (shared !== undefined) await takeShared(connection, prefix, shared);
}

/** Before anything is written. Throws a `StoreError`. */
function expectTakeable({ visitors = [], customers = [], sweeps = [], counters = [] }: Taken, now: number): void {
  for (const { id } of [...visitors, ...customers, ...sweeps]) expectId(id);
  expectTimes([now, ...counters.map(({ confirmed }) => confirmed), ...[...sweeps, ...customers.flatMap(({ agenda }) => agenda ?? [])].flatMap(({ dueAt }) => dueAt ?? [])]);
}

function lifeOf(ends: readonly number[], now: number): number {
  return Math.max(0, ...ends.map((end) => end - now)) + clockGraceMs;
}

function customerArguments(customer: HeldCustomer, now: number): Argument[] {
  return [customer.value, 1, ...besideValue(customer, '', customer.agenda, now), ...customer.links.flatMap((link) => [link.visitorId, encodeLink(link)])];
}

function visitorArguments(visitor: HeldVisitor, now: number): Argument[] {
  const value = readable(() => decodeVisitor(visitor.value));
  return [encodeNamed(visitor.id, visitor.value), 0, ...besideValue(visitor, value.state === 'open' ? lifeOf([value.expiresAt], now) : '', null, now)];
}

function besideValue({ answered, reservations }: HeldVisitor, lifeMs: Argument, agenda: HeldAgenda | null, now: number): Argument[] {
  return [
    lifeMs, lifeOf(answered.map(({ expiresAt }) => expiresAt), now), lifeOf(reservations.map(({ heldUntil }) => heldUntil), now), ...agendaArguments(agenda),
    answered.length, ...answered.flatMap(({ name, ...answer }) => [Buffer.from(name, 'hex'), encodeAnswered(answer), answer.expiresAt]),
    reservations.length, ...reservations.flatMap(({ holder, ...hold }) => [Buffer.from(holder, 'hex'), encodeHold(hold)]),
  ];
}

function counterArguments({ name, endsAt, confirmed, reserved }: HeldCounter, now: number): Argument[] {
  return [
    name, endsAt ?? '', confirmed, endsAt === null ? -1 : lifeOf([endsAt, ...reserved.map(({ heldUntil }) => heldUntil)], now),
    ...reserved.flatMap(({ holder, heldUntil }) => [heldUntil, Buffer.from(holder, 'hex')]),
  ];
}
