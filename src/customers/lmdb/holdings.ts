import { isSweepId } from '../agenda.js';
import { arrivalName, byBytes, decodeArrival, encodeArrival, secretNames, type HeldAnswer, type HeldCounter, type HeldCustomer, type HeldReservation, type HeldSweep, type HeldTombstone, type HeldVisitor, type StoreHoldings, type Taken } from '../store-holdings.js';
import { StoreError } from '../customer-store.js';
import { decodeAnswered } from '../values/answered-outcome.js';
import { decodeVisitor } from '../values/visitor-value.js';
import { heldAgenda } from './agenda-table.js';
import type { Environment, Tables } from './environment.js';
import { afterPrefix, counterNameOf, customerPrefix, endedBy, hashAtEnd, timeOfReservationEnd } from './keys.js';
import { getCounter } from './limit-counters.js';
import { getReservation } from './reservations.js';
import { getSecret, putSecret, removeSecret } from './secret-table.js';
import { heldShared } from './shared-state.js';
import { expectTakeable, takeHoldings } from './take-holdings.js';
import { readTombstone } from './tombstones.js';
import type { Table } from './value-table.js';
import { linksOf } from './visitor-links.js';

const entriesPerRead = 128;
/** Their ids begin with the byte 1 (agenda.ts), and so stand before those of customers. */
const endOfSweeps = Buffer.of(2);
/** After every time. */
const noTime = Number.MAX_SAFE_INTEGER - 1;

export function lmdbHoldings({ read, write }: Environment): StoreHoldings {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- synchronous here, and a rejection where it throws
    customerCount: async () => read((tables) => tables.customers.stored.getKeysCount({ start: Buffer.of(0) })),

    visitors: (now) => entries(read, ({ visitors }) => visitors.stored, (tables, key, value): HeldVisitor | null => {
      const visitor = decodeVisitor(value);
      return visitor.state === 'open' && visitor.expiresAt <= now ? null : heldEntry(tables, key.toString(), value, now);
    }),

    customers: (now) => entries(read, ({ customers }) => customers.stored, (tables, key, value): HeldCustomer => {
      const id = key.toString();
      return { ...heldEntry(tables, id, value, now), links: linksOf(tables, id).toSorted((one, other) => byBytes(one.visitorId, other.visitorId)), agenda: heldAgenda(tables, id) };
    }),

    sweeps: () => entries(read, ({ agendas }) => agendas, (tables, key): HeldSweep | null => {
      const id = key.toString();
      return isSweepId(id) ? { id, ...heldAgenda(tables, id)! } : null;
    }, endOfSweeps),

    counters: (now) => entries(read, ({ counters }) => counters, (tables, key) => heldCounter(tables, key, now)),

    tombstones: (now) => entries(read, ({ tombstones }) => tombstones, (_tables, key, value): HeldTombstone | null => {
      const { erasedAt, keptUntil } = readTombstone(value);
      return keptUntil <= now ? null : { name: key.toString('hex'), erasedAt, keptUntil };
    }),

    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    shared: async (now) => read((tables) => heldShared(tables, now)),

    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    secrets: async () => read((tables) => new Map(secretNames.flatMap((name) => {
      const secret = getSecret(tables, name);
      return secret === undefined ? [] : [[name, secret] as const];
    }))),

    take: async (taken: Taken) => {
      expectTakeable(taken);
      await write((tables, version) => takeHoldings(tables, taken, version));
    },

    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    arrival: async () => read((tables) => {
      const text = getSecret(tables, arrivalName);
      return text === undefined ? null : decodeArrival(text);
    }),

    setArrival: (arrival) => write((tables) => {
      if (arrival === null) removeSecret(tables, arrivalName);
      else putSecret(tables, arrivalName, encodeArrival(arrival));
    }),
  };
}

/** A page of a table at a time, each of one moment; no view of the store is held while the caller works. */
async function* entries<T>(read: Environment['read'], tableOf: (tables: Tables) => Table, toEntry: (tables: Tables, key: Buffer, value: Buffer) => T | null, end?: Buffer): AsyncGenerator<T> {
  let start = Buffer.of(0);
  let isFirst = true;
  for (;;) {
    const { found, last, isEnd } = read((tables) => {
      const page = Array.from(tableOf(tables).getRange({ start, ...(end !== undefined && { end }), exclusiveStart: !isFirst, limit: entriesPerRead }), ({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
      return { found: page.flatMap(({ key, value }) => toEntry(tables, key, value) ?? []), last: page.at(-1)?.key, isEnd: page.length < entriesPerRead };
    });
    yield* found as T[];
    if (isEnd) return;
    start = last!;
    isFirst = false;
    await Promise.resolve();
  }
}

function heldEntry(tables: Tables, id: string, value: Buffer, now: number): HeldVisitor {
  const start = customerPrefix(id);
  const range = { start, end: afterPrefix(start) };
  const answered = Array.from(tables.outcomes.getRange(range), ({ key, value: bytes }): HeldAnswer => ({ name: hashAtEnd(key).toString('hex'), ...decodeAnswered(bytes) }));
  const holders = Array.from(tables.reservations.getKeys(range), (key) => Buffer.from(key));
  const reservations = holders.map((key): HeldReservation => {
    const { counter, heldUntil, heldBy } = getReservation(tables, key)!;
    return { holder: hashAtEnd(key).toString('hex'), counter, heldUntil, ...(heldBy !== undefined && { heldBy }) };
  });
  return { id, value, answered: answered.filter(({ expiresAt }) => expiresAt > now), reservations: reservations.filter(({ heldUntil }) => heldUntil > now) };
}

/** `null`: nothing is counted there. */
function heldCounter(tables: Tables, key: Buffer, now: number): HeldCounter | null {
  const name = counterNameOf(key);
  if (name === null) throw new StoreError('A limit\'s counter has too long a name to be moved; give the offer a shorter id.');
  const { confirmed, endsAt } = getCounter(tables, name);
  const { start, end } = endedBy(name, noTime);
  const reserved = Array.from(tables.reservationEnds.getKeys({ start, end }), (each) => ({ holder: hashAtEnd(each).toString('hex'), heldUntil: timeOfReservationEnd(each) }))
    .filter(({ heldUntil }) => heldUntil > now)
    .sort((one, other) => (one.holder < other.holder ? -1 : 1));
  return confirmed === 0 && reserved.length === 0 ? null : { name, endsAt, confirmed, reserved };
}
