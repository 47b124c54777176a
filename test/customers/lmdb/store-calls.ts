import type { CustomerStore } from '../../../src/customers/customer-store.js';
import type { StoreHoldings } from '../../../src/customers/store-holdings.js';

export interface StoreCall { readonly number: number; readonly store: number; readonly method: keyof CustomerStore | `holdings.${keyof StoreHoldings}` | 'open'; readonly args: readonly unknown[] }
export interface StoreAnswer { readonly number: number; readonly value?: unknown; readonly error?: { readonly isStoreError: boolean; readonly message: string } }

/** Sent as a whole. */
export const listsOfHoldings = ['visitors', 'customers', 'sweeps', 'counters', 'tombstones'] as const;
