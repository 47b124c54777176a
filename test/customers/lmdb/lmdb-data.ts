import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '../../../src/customers/lmdb/lmdb-store.js';
import type { StoreUnderTest } from '../../contracts/customer-store.contract.js';

export interface LmdbData extends StoreUnderTest { readonly folder: string }

/** An empty folder of the system's temporary one. */
export async function createLmdbData(): Promise<LmdbData> {
  const parent = await mkdtemp(join(tmpdir(), 'nbo-store-'));
  const folder = join(parent, 'data');
  return { folder, open: () => openLmdbStore(folder), cleanup: () => rm(parent, { recursive: true, force: true }) };
}
