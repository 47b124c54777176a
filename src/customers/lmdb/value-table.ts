import type { Database } from 'lmdb';
import { customerKey } from './keys.js';

export type Table = Database<Buffer, Buffer>;

/**
 * A table of customers, or visitors, by their id. All reads and writes of single ones go through here: within a turn of
 * writes what was read or written is kept as it was decoded, and is encoded when the turn ends, so that a hundred outcomes
 * of one customer decode and encode the ledger once. Nobody else reads a turn's writes before it is committed.
 */
export interface ValueTable<Value> {
  /** Throws `UnreadableValue`. */
  get(id: string): Value | null;
  put(id: string, value: Value): void;
  /** As they are stored, good until the next get. */
  getBytes(id: string): Uint8Array | undefined;
  putBytes(id: string, bytes: Buffer): void;
  /** False where there is none. */
  remove(id: string): boolean;
  /** For going over all of them, outside of writes. */
  readonly stored: Table;
}

/** What a table keeps in memory, as the turns of writes go on. */
export interface KeptValues {
  beginTurn(): void;
  beginWrite(): void;
  /** A write threw: what it had changed is as it was before. */
  undoWrite(): void;
  /** Writes what has not been written. Throws where something cannot be stored. */
  finishTurn(): void;
  /** Forgets all, and keeps nothing until the next turn begins. */
  endTurn(): void;
}

/** What is kept is encoded when it has to go, so that a turn ends in a few milliseconds, however many customers it wrote. */
const mostKept = 8;

interface Kept<Value> { readonly value: Value; readonly isStored: boolean }

export function createValueTable<Value>(stored: Table, decode: (bytes: Buffer) => Value, encode: (value: Value) => Buffer): ValueTable<Value> & KeptValues {
  const kept = new Map<string, Kept<Value>>();
  /** Of what the write that runs has changed: what was kept before. */
  const before = new Map<string, Kept<Value> | undefined>();
  let isTurn = false;

  const store = (id: string, value: Value): void => {
    void stored.put(customerKey(id), encode(value));
  };
  const change = (id: string, to: Kept<Value> | undefined): void => {
    const found = kept.get(id);
    if (!before.has(id)) before.set(id, found);
    // The one that was used last stands last.
    kept.delete(id);
    if (to !== undefined) kept.set(id, to);
  };
  const keep = (id: string, value: Kept<Value>): void => {
    change(id, value);
    if (kept.size <= mostKept) return;
    const [oldest, { value: its, isStored }] = kept.entries().next().value!;
    if (!isStored) store(oldest, its);
    change(oldest, undefined);
  };
  /** The table has what is kept. */
  const settle = (id: string): void => {
    const found = kept.get(id);
    if (found === undefined || found.isStored) return;
    store(id, found.value);
    change(id, { value: found.value, isStored: true });
  };

  return {
    stored,
    get: (id) => {
      const found = kept.get(id);
      if (found !== undefined) return found.value;
      const bytes = stored.getBinaryFast(customerKey(id));
      if (bytes === undefined) return null;
      const value = decode(bytes);
      if (isTurn) keep(id, { value, isStored: true });
      return value;
    },
    put: (id, value) => {
      const key = customerKey(id);
      if (isTurn) keep(id, { value, isStored: false });
      else void stored.put(key, encode(value));
    },
    getBytes: (id) => {
      settle(id);
      return stored.getBinaryFast(customerKey(id));
    },
    putBytes: (id, bytes) => {
      void stored.put(customerKey(id), bytes);
      change(id, undefined);
    },
    remove: (id) => {
      const key = customerKey(id);
      const isThere = kept.has(id) || stored.doesExist(key);
      void stored.remove(key);
      change(id, undefined);
      return isThere;
    },
    beginTurn: () => {
      isTurn = true;
    },
    beginWrite: () => before.clear(),
    undoWrite: () => {
      for (const [id, its] of before) {
        kept.delete(id);
        if (its !== undefined) kept.set(id, its);
      }
      before.clear();
    },
    finishTurn: () => {
      for (const [id, { value, isStored }] of kept) if (!isStored) store(id, value);
    },
    endTurn: () => {
      isTurn = false;
      kept.clear();
      before.clear();
    },
  };
}
