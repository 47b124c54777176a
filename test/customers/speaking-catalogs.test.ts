import { aliveMs, takeTurn, walkAnew, type SpeakingCatalog, type TurnAsk } from '../../src/customers/speaking-catalogs.js';

/** A process asks at a second; the state goes on from ask to ask. */
function createRegistry() {
  let catalogs: readonly SpeakingCatalog[] = [];
  return {
    ask: (revision: string, second: number, more: Partial<TurnAsk> = {}): string => {
      const { speaks, turn, catalogs: after } = takeTurn(catalogs, { revision, now: 1e9 + second * 1000, joins: null, handsOver: false, ...more });
      const isWritten = after !== catalogs;
      catalogs = after;
      return `${speaks ? 'speaks' : 'waits'} ${turn}${isWritten ? '' : ', nothing written'}`;
    },
    walkAnew: () => { catalogs = walkAnew(catalogs); },
  };
}
const deadAfter = aliveMs / 1000;

test('one catalog: it speaks, with a sign now and then, in the same turn', () => {
  const { ask } = createRegistry();
  expect(ask('A', 0, { joins: 'start' })).toBe('speaks 1');
  expect(ask('A', 1)).toBe('speaks 1, nothing written');
  expect(ask('A', 1, { joins: 'start' })).toBe('speaks 1, nothing written');
  expect(ask('A', 40)).toBe('speaks 1');
  expect(ask('A', 100_000, { joins: 'start' })).toBe('speaks 1');
});

test('a new one takes over at once, and the others wait, and say once that they have ended', () => {
  const { ask } = createRegistry();
  ask('A', 0, { joins: 'start' });
  expect(ask('B', 1, { joins: 'start' })).toBe('speaks 2');
  expect(ask('A', 2, { handsOver: true })).toBe('waits 3');
  expect(ask('A', 3)).toBe('waits 3, nothing written');
  expect(ask('B', 3)).toBe('speaks 3, nothing written');
  expect(ask('A', 4, { joins: 'start' })).toBe('waits 3, nothing written');
  expect(ask('B', 5, { joins: 'change', handsOver: true })).toBe('speaks 4');
});

test('a catalog that is rolled back is one anew', () => {
  const { ask } = createRegistry();
  ask('A', 0, { joins: 'start' });
  ask('B', 1, { joins: 'change', handsOver: true });
  expect(ask('A', 2, { joins: 'change', handsOver: true })).toBe('speaks 3');
});

test('where nobody has the one that speaks any more, another takes over, in a turn of its own', () => {
  const { ask } = createRegistry();
  ask('A', 0, { joins: 'start' });
  ask('B', 1, { joins: 'start' });
  expect(ask('A', deadAfter)).toBe('waits 2');
  expect(ask('A', deadAfter + 1)).toBe('speaks 3');
});

test('a walk anew is another turn of the same', () => {
  const { ask, walkAnew: again } = createRegistry();
  again();
  ask('A', 0, { joins: 'start' });
  again();
  expect(ask('A', 1)).toBe('speaks 2, nothing written');
});
