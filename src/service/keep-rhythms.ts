import type { Catalog } from '../decision/types.js';
import type { CustomerStore } from '../customers/customer-store.js';

/** Writes the population's usual intervals. Where a pause may now be unusual sooner than was reckoned when somebody was
 *  last looked at, all customers are walked over. */
export async function keepRhythms(store: Pick<CustomerStore, 'shared' | 'putRhythms' | 'walkAnew'>, rhythms: ReadonlyMap<string, number | null>, { triggers }: Pick<Catalog, 'triggers'>, now: number): Promise<void> {
  const { rhythms: before } = await store.shared(now);
  await store.putRhythms(rhythms);
  const opensSooner = triggers.some(({ outbound, start }) => outbound !== null && start.type === 'absence' && start.rhythm !== null && (rhythms.get(start.of) ?? Infinity) < (before.get(start.of) ?? Infinity));
  if (opensSooner) await store.walkAnew();
}
