import { randomInt } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { StoreError, UnreadableError } from '../customer-store.js';
import { UnreadableValue } from '../values/bytes.js';
import { messageOf } from '../../errors.js';
import { expectStore, prepareFolder } from './folder.js';
import { createValueTable, type KeptValues, type Table, type ValueTable } from './value-table.js';
import { createWriteTurns } from './write-turns.js';
import { decodeCustomer, encodeCustomer, type CustomerValue } from '../values/customer-value.js';
import { decodeVisitor, encodeVisitor, type VisitorValue } from '../values/visitor-value.js';

/** The tables of one folder. Keys are made by keys.ts; every value begins with the version of its format. */
export interface Tables {
  /** Customer id → customer-value.ts. */
  readonly customers: ValueTable<CustomerValue>;
  /** Customer and outcome id → answered-outcomes.ts; and the same ordered by expiry. */
  readonly outcomes: Table;
  readonly outcomeExpiry: Table;
  /** Counter → how much of a limit is taken; customer and reservation → what it holds; counter and end → reservation. */
  readonly counters: Table;
  readonly reservations: Table;
  readonly reservationEnds: Table;
  /** Counter's end → the counter: for those of a period that ends. */
  readonly counterEnds: Table;
  /** Hash of an erased customer's id → tombstones.ts. */
  readonly tombstones: Table;
  readonly secrets: Table;
  /** Visitor's id as it is held → visitor-value.ts; the same by the end of its time; customer and visitor → visitor-link.ts. */
  readonly visitors: ValueTable<VisitorValue>;
  readonly visitorExpiry: Table;
  readonly links: Table;
  /** What concerns all customers: shared-state.ts. */
  readonly shared: Table;
  /** Customer id → agenda-table.ts; and when it is due and customer id → the id. */
  readonly agendas: Table;
  readonly dues: Table;
}

export interface Environment {
  readonly tables: Tables;
  /** Runs `action` with a fresh view of what every process has committed. Throws a StoreError. */
  readonly read: <T>(action: (tables: Tables) => T) => T;
  /** Runs `action` in a write transaction, in the order of the calls; many share one commit. It must be synchronous; of one that
   *  throws nothing is written. `version`: no other transaction has it. Resolves when the commit is on disk; rejects with a StoreError. */
  readonly write: <T>(action: (tables: Tables, version: number) => T) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** 5: contacts name the trigger that made them. 4: visitors, and agendas. 3: events of customers and of groups. 2: consent records, tombstones and the ends of counters; values of format 1 are read and rewritten as they change. */
const storeFormat = 5;
const mostTables = 32;
const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;

/** Opens the folder, creating it (for this user only) where it is not there, unless it must exist. Rejects with a StoreError. */
export async function openEnvironment(folder: string, { mustExist = false }: { readonly mustExist?: boolean } = {}): Promise<Environment> {
  if (mustExist) await expectStore(folder);
  const isNew = await prepareFolder(folder);
  let root: RootDatabase<Buffer, Buffer>;
  let tables: Tables & { readonly customers: KeptValues; readonly visitors: KeptValues };
  try {
    // Two of the library's defaults are bad on a full disk: with overlapping syncs the promise for "on disk" never
    // settles, and with batches by event turn a promise that nobody holds rejects, which ends the process. Without
    // them there is one promise for "committed and on disk", and many transactions still share a commit: 60,000
    // writes a second at 64 in flight, as with them.
    root = open<Buffer, Buffer>({ path: folder, noSubdir: false, overlappingSync: false, eventTurnBatching: false, maxDbs: mostTables, ...binary });
    const table = (name: string): Table => root.openDB<Buffer, Buffer>({ name, ...binary });
    tables = {
      customers: createValueTable(table('customers'), decodeCustomer, encodeCustomer), outcomes: table('outcomes'), outcomeExpiry: table('outcome-expiry'),
      counters: table('counters'), reservations: table('reservations'), reservationEnds: table('reservation-ends'),
      counterEnds: table('counter-ends'), tombstones: table('tombstones'), secrets: table('secrets'), shared: table('shared'),
      visitors: createValueTable(table('visitors'), decodeVisitor, encodeVisitor), visitorExpiry: table('visitor-expiry'), links: table('links'),
      agendas: table('agendas'), dues: table('dues'),
    };
  } catch (error) {
    throw new StoreError(`The store in ${folder} cannot be opened: ${messageOf(error)}. Is it a folder that this service made, and may this user write there?`);
  }
  if (isNew) await Promise.all(['data.mdb', 'lock.mdb'].map((file) => chmod(join(folder, file), 0o600)));
  const base = { version: 0 };
  const environment = createEnvironment(folder, root, tables, [tables.customers, tables.visitors], base);
  try {
    base.version = await checkFormat(environment, root.openDB<Buffer, Buffer>({ name: 'format', ...binary }), folder);
  } catch (error) {
    await environment.close();
    throw error;
  }
  return environment;
}

/** Gives where the versions of this store begin. A new one begins anywhere in 2^48, so that its versions are none that its
 *  customers had in another store, from which they may be moved (older ones: at 0). */
async function checkFormat(environment: Environment, table: Table, folder: string): Promise<number> {
  const [formatKey, baseKey] = [Buffer.of(1), Buffer.of(2)];
  const { found, base } = await environment.write(() => {
    const stored = table.getBinary(formatKey)?.[0];
    if ((stored ?? 0) < storeFormat) void table.put(formatKey, Buffer.of(storeFormat));
    if (stored === undefined) {
      const first = Buffer.alloc(6);
      first.writeUIntBE(randomInt(1, 2 ** 48 - 1), 0, 6);
      void table.put(baseKey, first);
    }
    return { found: stored ?? storeFormat, base: table.getBinary(baseKey) };
  });
  if (found > storeFormat) throw new StoreError(`The store in ${folder} has format ${found}, which a newer version of the service made; this one reads format ${storeFormat}. Start the newer version, or name another folder.`);
  return base?.readUIntBE(0, 6) ?? 0;
}

function createEnvironment(folder: string, root: RootDatabase<Buffer, Buffer>, tables: Tables, kept: readonly KeptValues[], base: { readonly version: number }): Environment {
  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  // A process that ends by itself waits for the library's thread, which waits for the process's part of the write: it
  // would stay for ever, with the lock of all writes. The lock of one that is killed is free.
  const releaseLock = (): void => {
    if (pending.size > 0) process.kill(process.pid, 'SIGKILL');
  };
  process.on('exit', releaseLock);
  const expectOpen = (): void => {
    if (closing !== undefined) throw new StoreError(`The store in ${folder} is closed.`);
  };

  const runInTurn = createWriteTurns((run) => root.transaction(() => {
    try {
      void root.childTransaction(() => {
        for (const each of kept) each.beginTurn();
        run();
        for (const each of kept) each.finishTurn();
      });
    } catch {
      // Something of the turn cannot be stored. Once more, and each write stores its own: one of them throws, the others do not.
      for (const each of kept) each.endTurn();
      run();
    } finally {
      for (const each of kept) each.endTurn();
    }
  }));
  /** In a child transaction, so that one that throws leaves nothing of itself to the others that share the commit: 3 µs. Within a
   *  transaction the library gives what the action gives, and no promise of it. */
  const runAlone = <T>(action: () => T): T => {
    for (const each of kept) each.beginWrite();
    try {
      return root.childTransaction(action) as unknown as T;
    } catch (error) {
      for (const each of kept) each.undoWrite();
      throw error;
    }
  };

  return {
    tables,
    read: (action) => {
      expectOpen();
      try {
        // The library keeps a view for up to a millisecond, in which another process may have acknowledged a write.
        root.resetReadTxn();
        return action(tables);
      } catch (error) {
        throw storeError(error, 'read');
      }
    },
    write: async (action) => {
      expectOpen();
      let done: Promise<ReturnType<typeof action>> | undefined;
      try {
        done = runInTurn(() => runAlone(() => action(tables, base.version + root.getWriteTxnId())));
        pending.add(done);
        return await done;
      } catch (error) {
        throw storeError(await commitErrorOf(error), 'written');
      } finally {
        if (done !== undefined) pending.delete(done);
      }
    },
    close: () => closing ??= Promise.allSettled(pending).then(async () => {
      await root.close();
      process.off('exit', releaseLock);
    }),
  };
}

/** The library rejects with a general error that carries the cause as a promise, rejected later in the same turn:
 *  unless somebody listens to it, it ends the process. */
async function commitErrorOf(error: unknown): Promise<unknown> {
  const cause = (error as { commitError?: Promise<unknown> }).commitError;
  if (cause === undefined) return error;
  return new Promise((resolve) => {
    cause.then(resolve, resolve);
    setImmediate(() => resolve(error));
  });
}

function storeError(error: unknown, verb: 'read' | 'written'): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof UnreadableValue) return new UnreadableError(`A stored value cannot be read: ${error.message}.`);
  return new StoreError(`The store could not be ${verb}: ${messageOf(error)}.`);
}
