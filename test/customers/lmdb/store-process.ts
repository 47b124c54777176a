import type { ChildProcess } from 'node:child_process';
import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { StoreError } from '../../../src/customers/customer-store.js';
import type { RunnableSources } from '../../support/run-typescript.js';
import { ended } from '../../support/run-typescript.js';
import type { listsOfHoldings, StoreAnswer, StoreCall } from './store-calls.js';

type ListOfHoldings = (typeof listsOfHoldings)[number];

const storeChild = 'test/customers/lmdb/store.child.ts';
/** What that process runs, to be made runnable. */
export const storeChildFiles = [storeChild, 'test/customers/lmdb/store-calls.ts'];

/** A process of its own that opens stores; what it gives looks like a store of this process. */
export interface StoreProcess {
  readonly child: ChildProcess;
  open(folder: string): Promise<CustomerStore>;
  stop(): Promise<void>;
}

export function startStoreProcess(sources: RunnableSources): StoreProcess {
  const child = sources.fork(storeChild);
  const waiting = new Map<number, (answer: StoreAnswer) => void>();
  let calls = 0;
  child.on('message', (answer: StoreAnswer) => {
    waiting.get(answer.number)!(answer);
    waiting.delete(answer.number);
  });
  const call = <T>(store: number, method: StoreCall['method'], ...args: unknown[]): Promise<T> => new Promise((resolve, reject) => {
    const number = calls++;
    waiting.set(number, ({ value, error }) => {
      if (error === undefined) resolve(value as T);
      else reject(error.isStoreError ? new StoreError(error.message) : new Error(error.message));
    });
    child.send({ number, store, method, args } satisfies StoreCall);
  });
  return {
    child,
    open: async (folder) => storeOver(call, await call<number>(-1, 'open', folder)),
    stop: async () => {
      child.kill();
      await ended(child);
    },
  };
}

function storeOver(call: <T>(store: number, method: Exclude<StoreCall['method'], 'open'>, ...args: unknown[]) => Promise<T>, store: number): CustomerStore {
  async function* list<T>(method: ListOfHoldings, now: number): AsyncGenerator<T> {
    yield* await call<T[]>(store, `holdings.${method}`, now);
  }
  return {
    read: (...args) => call(store, 'read', ...args),
    limitUse: (...args) => call(store, 'limitUse', ...args),
    putProfile: (...args) => call(store, 'putProfile', ...args),
    export: (...args) => call(store, 'export', ...args),
    erase: (...args) => call(store, 'erase', ...args),
    record: (...args) => call(store, 'record', ...args),
    claim: (...args) => call(store, 'claim', ...args),
    takeIn: (...args) => call(store, 'takeIn', ...args),
    link: (...args) => call(store, 'link', ...args),
    takeInForAll: (...args) => call(store, 'takeInForAll', ...args),
    wake: (...args) => call(store, 'wake', ...args),
    beginWalk: (...args) => call(store, 'beginWalk', ...args),
    takeTurn: (...args) => call(store, 'takeTurn', ...args),
    walkAnew: (...args) => call(store, 'walkAnew', ...args),
    takeDue: (...args) => call(store, 'takeDue', ...args),
    settle: (...args) => call(store, 'settle', ...args),
    shared: (...args) => call(store, 'shared', ...args),
    putRhythms: (...args) => call(store, 'putRhythms', ...args),
    load: (...args) => call(store, 'load', ...args),
    ids: async function* (after) {
      yield* await call<string[]>(store, 'ids', after);
    },
    secret: (name, make) => call(store, 'secret', name, make()),
    holdings: {
      customerCount: () => call(store, 'holdings.customerCount'),
      visitors: (now) => list('visitors', now),
      customers: (now) => list('customers', now),
      sweeps: (now) => list('sweeps', now),
      counters: (now) => list('counters', now),
      tombstones: (now) => list('tombstones', now),
      shared: (now) => call(store, 'holdings.shared', now),
      secrets: () => call(store, 'holdings.secrets'),
      take: (...args) => call(store, 'holdings.take', ...args),
      arrival: () => call(store, 'holdings.arrival'),
      setArrival: (...args) => call(store, 'holdings.setArrival', ...args),
    },
    problem: () => null,
    close: () => call(store, 'close'),
  };
}
