import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byPriority, sortedByPriority } from '../../src/decision/by-priority.js';
import type { Candidate } from '../../src/decision/candidate.js';

const candidatesWith = (priorities: readonly number[]): Candidate[] => priorities.map((priority, row) => ({ offer: { row }, priority }) as Candidate);

const expectSorted = (priorities: readonly number[]): void => {
  const candidates = candidatesWith(priorities);
  expect(sortedByPriority(candidates).map(({ offer }) => offer.row)).toEqual([...candidates].sort(byPriority).map(({ offer }) => offer.row));
};

test('the order is that of comparing one with another, for whatever priorities', () => {
  const priority = fc.oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.double({ min: 0, max: 500, noNaN: true }), fc.constantFrom(0, -0, 5e-324, 40, 41, -3, 1e308, -1e308));
  fc.assert(fc.property(fc.array(priority, { maxLength: 600 }), expectSorted), { seed: 20261126, numRuns: 300 });
});

test.each<[string, (place: number) => number]>([
  ['all alike', () => 7],
  ['evenly spread, descending', (place) => 1000 - place],
  ['in a heap below one that is far above', (place) => (place === 500 ? 1e9 : (place * 37) % 211)],
  ['in two heaps', (place) => (place % 2 === 0 ? 1e6 : 1) + ((place * 37) % 211) / 1000],
  ['closer together than a bucket can be small', (place) => (place % 3) * 5e-324],
])('a thousand offers, their priorities %s', (_, priority) => {
  expectSorted(Array.from({ length: 1000 }, (__, place) => priority(place)));
});
