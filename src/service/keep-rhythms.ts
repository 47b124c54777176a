import { mayOpenSooner } from '../decision/waking.js';
import type { Catalog } from '../decision/types.js';
import type { CustomerStore } from '../customers/customer-store.js';

/** Writes the population's usual intervals. Where something may now open sooner than was reckoned when somebody was last
 *  looked at, all customers are walked over. */
export async function keepRhythms(store: Pick<CustomerStore, 'shared' | 'putRhythms' | 'walkAnew'>, rhythms: ReadonlyMap<string, number | null>, catalog: Pick<Catalog, 'triggers' | 'derived' | 'layout' | 'models'>, now: number): Promise<void> {
  const { rhythms: before } = await store.shared(now);
  const isSooner = mayOpenSooner(before, rhythms, catalog);
  // Before the write, since nobody asks for it any more once they are written; and after it, since a walk that was begun in
  // between may have reckoned with those before. The second takes the place of the first.
  if (isSooner) await store.walkAnew();
  await store.putRhythms(rhythms);
  if (isSooner) await store.walkAnew();
}
