import { settledWorthOf, strategyWeight } from '../decision/worth.js';
import type { Offer, Strategy, Worth } from '../decision/types.js';
import { deepFreeze } from './deep-freeze.js';
import { mapPausing, type Pause } from './pauses.js';

type Worths = readonly (Worth | null)[];

/** Most offers bring what the catalog says, whoever the customer is: that is multiplied out here, and not in every decision. */
export async function settleWorths(offers: readonly Offer[], strategies: readonly Strategy[], pause: Pause): Promise<ReadonlyMap<Strategy, Worths>> {
  const byOffer = await mapPausing(offers, pause, (offer) => worthsOf(offer, strategies));
  return new Map(await mapPausing(strategies, pause, (strategy, index) => [strategy, byOffer.map((worths) => worths[index]!)] as const));
}

/** By strategy; those that weigh the offer alike share one. */
function worthsOf(offer: Offer, strategies: readonly Strategy[]): Worths {
  const byWeight = new Map<number, Worth | null>();
  return strategies.map((strategy) => {
    const weight = strategyWeight(offer, strategy);
    if (!byWeight.has(weight)) byWeight.set(weight, deepFreeze(settledWorthOf(offer, strategy)));
    return byWeight.get(weight)!;
  });
}
