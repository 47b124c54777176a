import type { HeldCounter, HeldCustomer, HeldVisitor, Taken } from '../store-holdings.js';
import { expectId, expectTimes } from '../store-values.js';
import { takeAgenda } from './agenda-table.js';
import { putAnsweredOutcome, removeAnsweredOutcomesOf } from './answered-outcomes.js';
import type { Tables } from './environment.js';
import { counterKey, customerPrefix, endedBy, hashAtEnd, ownerlessReservationKey, timeOfReservationEnd } from './keys.js';
import { getCounter, indexEnd, putCounter } from './limit-counters.js';
import { addReservation, removeReservation, removeReservationsOf } from './reservations.js';
import { putSecret } from './secret-table.js';
import { takeShared } from './shared-state.js';
import { putTombstoneAt } from './tombstones.js';
import { takeLinks } from './visitor-links.js';
import { removeVisitor, takeVisitorValue } from './visitor-table.js';

/** Before anything is written. Throws a `StoreError`. */
export function expectTakeable({ visitors = [], customers = [], sweeps = [], counters = [], tombstones = [] }: Taken): void {
  for (const { id, answered, reservations } of [...visitors, ...customers]) {
    expectId(id);
    expectTimes([...answered.map(({ expiresAt }) => expiresAt), ...reservations.map(({ heldUntil }) => heldUntil)]);
  }
  for (const { dueAt } of [...sweeps, ...customers.flatMap(({ agenda }) => agenda ?? [])]) if (dueAt !== null) expectTimes([dueAt]);
  for (const { confirmed, endsAt, reserved } of counters) expectTimes([confirmed, endsAt ?? 0, ...reserved.map(({ heldUntil }) => heldUntil)]);
  for (const { erasedAt, keptUntil } of tombstones) expectTimes([erasedAt, keptUntil]);
}

/** `StoreHoldings.take` within a transaction. */
export function takeHoldings(tables: Tables, { secrets, visitors = [], customers = [], sweeps = [], counters = [], tombstones = [], shared, goneVisitors = [], goneCustomers = [], goneSweeps = [], goneCounters = [] }: Taken, version: number): void {
  for (const [name, secret] of secrets ?? []) putSecret(tables, name, secret);
  for (const id of goneVisitors) removeVisitor(tables, id);
  for (const visitor of visitors) takeVisitor(tables, visitor);
  for (const id of goneCustomers) {
    takeEntry(tables, { id, answered: [], reservations: [] });
    takeLinks(tables, id, []);
    takeAgenda(tables, id, null);
    tables.customers.remove(id);
  }
  for (const customer of customers) takeCustomer(tables, customer);
  for (const id of goneSweeps) takeAgenda(tables, id, null);
  for (const { id, ...agenda } of sweeps) takeAgenda(tables, id, agenda);
  for (const name of goneCounters) {
    takeCounter(tables, { name, endsAt: null, confirmed: 0, reserved: [] });
    void tables.counters.remove(counterKey(name));
  }
  for (const counter of counters) takeCounter(tables, counter);
  for (const { name, ...tombstone } of tombstones) putTombstoneAt(tables, Buffer.from(name, 'hex'), tombstone);
  if (shared !== undefined) takeShared(tables, shared, version);
}

function takeVisitor(tables: Tables, held: HeldVisitor): void {
  takeVisitorValue(tables, held.id, held.value);
  takeEntry(tables, held);
}

function takeCustomer(tables: Tables, held: HeldCustomer): void {
  tables.customers.putBytes(held.id, held.value);
  takeEntry(tables, held);
  takeLinks(tables, held.id, held.links);
  takeAgenda(tables, held.id, held.agenda);
}

/** What lies beside the value. */
function takeEntry(tables: Tables, { id, answered, reservations }: Omit<HeldVisitor, 'value'>): void {
  const keyOf = (hash: string): Buffer => Buffer.concat([customerPrefix(id), Buffer.from(hash, 'hex')]);
  removeAnsweredOutcomesOf(tables, id);
  for (const { name, ...outcome } of answered) putAnsweredOutcome(tables, keyOf(name), outcome);
  removeReservationsOf(tables, id);
  for (const { holder, ...reservation } of reservations) {
    removeReservation(tables, ownerlessReservationKey(Buffer.from(holder, 'hex')));
    addReservation(tables, keyOf(holder), reservation);
  }
}

/** What is reserved for customers is there already, and stays theirs; the rest is held for nobody. */
function takeCounter(tables: Tables, { name, endsAt, confirmed, reserved }: HeldCounter): void {
  const wanted = new Map(reserved.map(({ holder, heldUntil }) => [holder, heldUntil]));
  const { start, end } = endedBy(name, Number.MAX_SAFE_INTEGER - 1);
  for (const { key, value } of Array.from(tables.reservationEnds.getRange({ start, end }), (each) => ({ key: Buffer.from(each.key), value: Buffer.from(each.value) }))) {
    const holder = hashAtEnd(key).toString('hex');
    if (wanted.get(holder) === timeOfReservationEnd(key)) wanted.delete(holder);
    else removeReservation(tables, value);
  }
  for (const [holder, heldUntil] of wanted) addReservation(tables, ownerlessReservationKey(Buffer.from(holder, 'hex')), { counter: name, heldUntil });
  indexEnd(tables, name, endsAt);
  putCounter(tables, name, { ...getCounter(tables, name), confirmed, endsAt });
}
