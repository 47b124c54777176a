import type { Catalog, Slots, Strategy } from './types.js';

/** The first strategy whose `when` holds is the customer's; an unknown condition does not hold. The last always does. */
export function chooseStrategy(catalog: Catalog, slots: Slots): Strategy {
  const strategy = catalog.strategies.find(({ when }) => when === null || when.evaluate(slots) === true);
  if (strategy === undefined) throw new Error('a catalog is loaded only with a last strategy that always holds');
  return strategy;
}
