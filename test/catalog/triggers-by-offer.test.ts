import fc from 'fast-check';
import { triggersByOffer } from '../../src/catalog/triggers-by-offer.js';
import type { OfferKind, Trigger } from '../../src/decision/types.js';

const ids = ['card', 'loan', 'shelter'];
const kinds: readonly OfferKind[] = ['cross-sell', 'retention'];
const someOf = <T>(items: readonly T[]): fc.Arbitrary<ReadonlySet<T>> => fc.subarray([...items], { minLength: 1 }).map((list) => new Set(list));
const effects = fc.record({
  weight: fc.constantFrom(0.5, 1, 2), offers: fc.option(someOf(ids)), kinds: fc.option(someOf<string>(kinds)), unlocks: fc.oneof(fc.constant(new Set<string>()), someOf(ids)),
});

function triggerWith(effect: Trigger['effect'], place: number): Trigger {
  return { id: `t${place}`, type: 'business', start: { type: 'dates' }, fromMs: -Infinity, untilMs: Infinity, audience: null, fromPartner: false, endsWith: [], restMs: 0, priority: Infinity, outbound: null, control: 0, effect };
}

/** By its id or its kind; where an effect names neither offers nor kinds, what it unlocks, else all. */
function weighs({ offers, kinds, unlocks }: Trigger['effect'], id: string, kind: string): boolean {
  if (offers === null && kinds === null) return unlocks.size === 0 || unlocks.has(id);
  return offers?.has(id) === true || kinds?.has(kind) === true;
}

test('an offer has the triggers that weigh it, the strongest first, and those that unlock it', () =>
  fc.assert(fc.property(fc.array(effects, { maxLength: 8 }), (list) => {
    const triggers = list.map(triggerWith);
    const weightOf = (place: number): number => triggers[place]!.effect.weight;
    const strongestFirst = [...triggers.keys()].sort((a, b) => weightOf(b) - weightOf(a) || a - b);
    const triggersOf = triggersByOffer(triggers);
    for (const id of [...ids, 'unnamed']) for (const kind of kinds) {
      const { naming, ofKind, unlocking } = triggersOf({ id, kind });
      expect(strongestFirst.filter((place) => naming.includes(place) || ofKind.includes(place))).toEqual(strongestFirst.filter((place) => weighs(triggers[place]!.effect, id, kind)));
      for (const places of [naming, ofKind]) expect(places).toEqual(strongestFirst.filter((place) => places.includes(place)));
      expect(unlocking).toEqual([...triggers.keys()].filter((place) => triggers[place]!.effect.unlocks.has(id)));
    }
  }), { seed: 20261127, numRuns: 300 }));

test('offers of one kind that no trigger names share one answer', () => {
  const triggersOf = triggersByOffer([triggerWith({ weight: 2, offers: new Set(['card']), kinds: null, unlocks: new Set() }, 0)]);
  expect(triggersOf({ id: 'loan', kind: 'cross-sell' })).toBe(triggersOf({ id: 'shelter', kind: 'cross-sell' }));
  expect(triggersOf({ id: 'card', kind: 'cross-sell' }).ofKind).toBe(triggersOf({ id: 'loan', kind: 'cross-sell' }).ofKind);
});
