import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { StoreError } from '../../../src/customers/customer-store.js';
import { openLmdbStore } from '../../../src/customers/lmdb/lmdb-store.js';
import { listsOfHoldings, type StoreAnswer, type StoreCall } from './store-calls.js';

/** Serves stores to the process that started it: one message a call, answered under its number. */
const stores = new Map<number, CustomerStore>();

process.on('message', (call: StoreCall) => {
  answer(call).then(
    (value) => send({ number: call.number, value }),
    (error: unknown) => send({ number: call.number, error: { isStoreError: error instanceof StoreError, message: (error as Error).message } }),
  );
});

async function answer({ number, store: storeNumber, method, args }: StoreCall): Promise<unknown> {
  if (method === 'open') {
    stores.set(number, await openLmdbStore(args[0] as string));
    return number;
  }
  const store = stores.get(storeNumber)!;
  if (method === 'ids') {
    const ids: string[] = [];
    for await (const id of store.ids(args[0] as string | undefined)) ids.push(id);
    return ids;
  }
  const [owner, name] = method.startsWith('holdings.') ? [store.holdings, method.slice('holdings.'.length)] : [store, method];
  const list = listsOfHoldings.find((each) => method === `holdings.${each}`);
  if (list !== undefined) {
    const entries: unknown[] = [];
    for await (const entry of store.holdings[list](args[0] as number)) entries.push(entry);
    return entries;
  }
  if (method === 'secret') return store.secret(args[0] as string, () => args[1] as string);
  return (owner as unknown as Readonly<Record<string, (...all: unknown[]) => Promise<unknown>>>)[name]!(...args);
}

function send(message: StoreAnswer): void {
  process.send!(message);
}
