import fc from 'fast-check';
import { rankLazily } from '../../src/decision/ranked.js';

interface Ranked { readonly key: number; readonly id: number }
const items = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }).map((keys) => keys.map((key, id): Ranked => ({ key, id })));
const best = (a: Ranked, b: Ranked): number => b.key - a.key || a.id - b.id;

test('however it is read, it is the sorted list', () => {
  fc.assert(fc.property(items, fc.array(fc.oneof(fc.nat({ max: 45 }), fc.constant('all' as const)), { maxLength: 8 }), (list, reads) => {
    const sorted = [...list].sort(best);
    const ranked = rankLazily(list, best);
    expect(ranked.length).toBe(list.length);
    for (const read of reads) expect(read === 'all' ? [...ranked.all()] : ranked.at(read)).toEqual(read === 'all' ? sorted : sorted[read]);
    expect(ranked.all()).toEqual(sorted);
  }), { seed: 20261126 });
});

test('leaves the list that it was given as it is', () => {
  const list: readonly Ranked[] = Object.freeze([{ key: 1, id: 0 }, { key: 2, id: 1 }]);
  expect(rankLazily(list, best).at(0)).toBe(list[1]);
});
