import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEnvironment } from '../../../src/customers/lmdb/environment.js';
import { customerKey } from '../../../src/customers/lmdb/keys.js';
import { openLmdbStore } from '../../../src/customers/lmdb/lmdb-store.js';
import type { StoreUnderTest } from '../../contracts/customer-store.contract.js';

export interface LmdbData extends StoreUnderTest { readonly folder: string }

/** An empty folder of the system's temporary one. */
export async function createLmdbData(): Promise<LmdbData> {
  const parent = await mkdtemp(join(tmpdir(), 'nbo-store-'));
  const folder = join(parent, 'data');
  const spoilAgenda = (customerId: string): Promise<void> => rewriteAgenda(folder, customerId, (bytes) => bytes.subarray(0, -1));
  return { folder, open: () => openLmdbStore(folder), spoilAgenda, cleanup: () => rm(parent, { recursive: true, force: true }) };
}

/** Writes other bytes in place of a customer's entry, which must be there. */
export async function rewriteAgenda(folder: string, customerId: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const { write, close } = await openEnvironment(folder);
  await write(({ agendas }) => {
    void agendas.put(customerKey(customerId), change(agendas.getBinary(customerKey(customerId))!));
  });
  await close();
}
