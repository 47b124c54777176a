import { firstMatchesOf, matchesOfTrigger } from '../../src/decision/matches-of-trigger.js';

describe('where a trigger\'s matches stand among all', () => {
  const matches = ['b', 'b', 'd', 'd', 'd', 'ö'].map((trigger, occurredAt) => ({ trigger, fromPartner: false, occurredAt }));
  test.each([['b', 0, 2], ['d', 2, 5], ['ö', 5, 6], ['a', 0, 0], ['c', 2, 2], ['e', 5, 5], ['ü', 6, 6]])('%s', (trigger, from, until) => {
    expect(matchesOfTrigger(matches, trigger)).toEqual({ from, until });
  });

  test('of none', () => expect(matchesOfTrigger([], 'a')).toEqual({ from: 0, until: 0 }));

  test('where each begins', () => {
    expect([...firstMatchesOf(matches)]).toEqual([['b', 0], ['d', 2], ['ö', 5]]);
    expect(firstMatchesOf(undefined).size).toBe(0);
  });
});
