import { randomUUID } from 'node:crypto';
import { emptyAgenda, type Agenda, type HeldAgenda } from '../agenda.js';
import type { DueCustomer, Settling, TakeDue } from '../customer-store.js';
import { expectTimes } from '../store-values.js';
import { decodeAgenda, decodeEntry, encodeAgenda, encodeEntry, holdsNothing, ownPartOf, type AgendaEntry } from '../values/agenda-value.js';
import { UnreadableValue } from '../values/bytes.js';
import type { Tables } from './environment.js';
import { customerKey, expiredBy, expiryKey, timeOfExpiry } from './keys.js';

/**
 * Each entry stands in the table of dues once, at the time at which somebody must look: when it is due, or, while
 * somebody works on it, when the lease ends. Only who takes it, and an export, reads what is in the agenda: whatever else
 * is done with one does not depend on whether it can be read.
 */
export function wake(tables: Tables, customerId: string, at: number): void {
  const entry = getEntry(tables, customerId);
  if (entry !== null && entry.dueAt !== null && entry.dueAt <= at) return;
  putEntry(tables, customerId, entry, { dueAt: at, lease: entry?.lease ?? null, agenda: entry?.agenda ?? encodeAgenda(emptyAgenda) });
}

/** Whether there is anything to take: asked without a write, since mostly there is not. */
export function isAnythingDue(tables: Tables, { now, leaseUntil }: TakeDue): boolean {
  expectTimes([now, leaseUntil]);
  return Array.from(tables.dues.getKeys({ start: Buffer.of(0), end: expiredBy(now), limit: 1 })).length > 0;
}

/** `unreadable`: of each that cannot be read, why; it is due no more until somebody wakes the customer. */
export function takeDue(tables: Tables, { now, most, leaseUntil }: TakeDue): { readonly taken: readonly DueCustomer[]; readonly unreadable: readonly UnreadableValue[] } {
  const ids = Array.from(tables.dues.getRange({ start: Buffer.of(0), end: expiredBy(now), limit: most }), ({ value }) => value.toString());
  const unreadable: UnreadableValue[] = [];
  const taken = ids.flatMap((customerId): DueCustomer[] => {
    const entry = getEntry(tables, customerId)!;
    const agenda = ifReadable(() => decodeAgenda(entry.agenda));
    if (agenda instanceof UnreadableValue) {
      unreadable.push(agenda);
      putEntry(tables, customerId, entry, { dueAt: null, lease: null, agenda: entry.agenda });
      return [];
    }
    const token = randomUUID();
    putEntry(tables, customerId, entry, { dueAt: null, lease: { token, until: leaseUntil }, agenda: entry.agenda });
    return [{ customerId, lease: token, dueAt: timeOf(entry)!, agenda }];
  });
  return { taken, unreadable };
}

/** `CustomerStore.settle` within a transaction. */
export function settle(tables: Tables, { customerId, lease, agenda, dueAt }: Settling): boolean {
  if (dueAt !== null) expectTimes([dueAt]);
  const entry = getEntry(tables, customerId);
  if (entry?.lease?.token !== lease) return false;
  const due = dueAt === null ? entry.dueAt : Math.min(dueAt, entry.dueAt ?? Infinity);
  putEntry(tables, customerId, entry, { dueAt: due, lease: null, agenda: encodeAgenda(agenda) });
  return true;
}

export function holdsLease(tables: Tables, customerId: string, lease: string): boolean {
  return getEntry(tables, customerId)?.lease?.token === lease;
}

/** While the lease is held. */
export function putAgenda(tables: Tables, customerId: string, agenda: Agenda): void {
  const entry = getEntry(tables, customerId)!;
  putEntry(tables, customerId, entry, { ...entry, agenda: encodeAgenda(agenda) });
}

/** What hangs on partners' data goes; whoever works on the customer has read it, and can write nothing any more. */
export function forgetPartnersAgenda(tables: Tables, customerId: string): void {
  const entry = getEntry(tables, customerId);
  if (entry !== null) putEntry(tables, customerId, entry, { dueAt: entry.dueAt ?? timeOf(entry), lease: null, agenda: ownPartOf(entry.agenda) });
}

/** Of a customer, or a walk: for an export, or a move to another store. */
export function heldAgenda(tables: Tables, id: string): HeldAgenda | null {
  const entry = getEntry(tables, id);
  return entry === null ? null : { dueAt: timeOf(entry), agenda: decodeAgenda(entry.agenda) };
}

/** In place of what was there. */
export function takeAgenda(tables: Tables, id: string, held: HeldAgenda | null): void {
  putEntry(tables, id, getEntry(tables, id), held === null ? null : { dueAt: held.dueAt, lease: null, agenda: encodeAgenda(held.agenda) });
}

function getEntry(tables: Tables, customerId: string): AgendaEntry | null {
  // Kept beyond the next get, so not the bytes that it writes over.
  const bytes = tables.agendas.getBinary(customerKey(customerId));
  if (bytes === undefined) return null;
  const entry = ifReadable(() => decodeEntry(bytes));
  return entry instanceof UnreadableValue ? { dueAt: findDueTime(tables, customerId), lease: null, agenda: bytes } : entry;
}

/** Of an entry that does not tell: goes through all that are due. */
function findDueTime(tables: Tables, customerId: string): number | null {
  for (const { key, value } of tables.dues.getRange({ start: Buffer.of(0) })) {
    if (value.toString() === customerId) return timeOfExpiry(key);
  }
  return null;
}

function ifReadable<T>(decode: () => T): T | UnreadableValue {
  try {
    return decode();
  } catch (error) {
    if (error instanceof UnreadableValue) return error;
    throw error;
  }
}

function putEntry(tables: Tables, customerId: string, before: AgendaEntry | null, after: AgendaEntry | null): void {
  const key = customerKey(customerId);
  const [was, is] = [before === null ? null : timeOf(before), after === null ? null : timeOf(after)];
  if (was !== null && was !== is) void tables.dues.remove(expiryKey(was, key));
  if (is !== null && is !== was) void tables.dues.put(expiryKey(is, key), key);
  if (after === null || (is === null && holdsNothing(after.agenda))) void tables.agendas.remove(key);
  else void tables.agendas.put(key, encodeEntry(after));
}

function timeOf({ dueAt, lease }: AgendaEntry): number | null {
  return lease === null ? dueAt : lease.until;
}
