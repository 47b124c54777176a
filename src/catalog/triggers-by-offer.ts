import { offersWeighed, weighsKind } from '../decision/activation.js';
import type { Offer, OfferKind, OfferTriggers, Trigger } from '../decision/types.js';

/** Gives what each offer has of the triggers. Nearly all offers are named by none, and share the answer of their kind: 10,000
 *  offers × 1,000 triggers are 10 million pairs. */
export function triggersByOffer(triggers: readonly Trigger[]): (offer: Pick<Offer, 'id' | 'kind'>) => OfferTriggers {
  const weightOf = (place: number): number => triggers[place]!.effect.weight;
  const strongestFirst = [...triggers.keys()].sort((a, b) => weightOf(b) - weightOf(a) || a - b);
  const naming = placesById(strongestFirst, (place) => offersWeighed(triggers[place]!));
  const unlocking = placesById([...triggers.keys()], (place) => triggers[place]!.effect.unlocks);
  const byKind = new Map<OfferKind, OfferTriggers>();
  const ofKind = (kind: OfferKind): OfferTriggers => {
    let found = byKind.get(kind);
    if (found === undefined) byKind.set(kind, found = Object.freeze({ naming: none, ofKind: strongestFirst.filter((place) => weighsKind(triggers[place]!, kind)), unlocking: none }));
    return found;
  };
  return ({ id, kind }) => {
    const shared = ofKind(kind);
    if (!naming.has(id) && !unlocking.has(id)) return shared;
    return Object.freeze({ naming: naming.get(id) ?? none, ofKind: shared.ofKind, unlocking: unlocking.get(id) ?? none });
  };
}

const none: readonly number[] = [];

function placesById(places: readonly number[], idsOf: (place: number) => Iterable<string>): ReadonlyMap<string, readonly number[]> {
  const byId = new Map<string, number[]>();
  for (const place of places) {
    for (const id of idsOf(place)) {
      const others = byId.get(id);
      if (others === undefined) byId.set(id, [place]);
      else others.push(place);
    }
  }
  return byId;
}
