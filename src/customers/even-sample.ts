import { hash } from 'node:crypto';
import type { CustomerStore } from './customer-store.js';

export interface SampleWanted {
  readonly size: number;
  /** Another seed, another sample. */
  readonly seed?: string;
  readonly isOver?: () => boolean;
}
export interface CustomerSample {
  /** In an order that says nothing. Of a store that has no more than were wanted, all. */
  readonly ids: readonly string[];
  /** Customers of the store. */
  readonly customers: number;
}

/**
 * Customers spread evenly over the store: those whose ids have the least hashes, each as likely as any other, and the same
 * for everybody who looks at the same customers. All ids are gone through, and twice as many as are wanted held at the
 * most. Resolves `null` where `isOver` says so meanwhile.
 */
export async function takeSample(store: Pick<CustomerStore, 'ids'>, { size, seed = '', isOver = () => false }: SampleWanted): Promise<CustomerSample | null> {
  let kept: { readonly id: string; readonly place: string }[] = [];
  let customers = 0;
  let limit = null as string | null;
  const cut = (): void => {
    kept = kept.sort((a, b) => (a.place < b.place ? -1 : 1)).slice(0, size);
    if (kept.length === size) limit = kept.at(-1)!.place;
  };
  for await (const id of store.ids()) {
    if (isOver()) return null;
    customers++;
    const place = hash('sha1', seed + id);
    if (limit !== null && place >= limit) continue;
    kept.push({ id, place });
    if (kept.length >= 2 * size) cut();
  }
  cut();
  return { ids: kept.map(({ id }) => id), customers };
}
