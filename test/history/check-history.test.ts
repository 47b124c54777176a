import { createSeededRandom } from '../../src/sample/seeded-random.js';
import { checkHistory } from './check-history.js';
import type { History } from './history.js';
import { createModelService, faults, type Fault } from './model-service.js';
import { policy } from './policy.js';
import { Workload } from './workload.js';

const seeds = Array.from({ length: 10 }, (_, place) => 4_000 + place);

function historyOf(fault: Fault, seed: number): Promise<History> {
  return new Workload(createModelService(policy, fault, createSeededRandom(seed)), { seed, clients: 6, calls: 600 }).run();
}

/** The history's checker, and the clients that make it, on services of which it is known what is wrong. */
describe('the checker of histories', () => {
  test('finds nothing wrong with a service that is right, though calls are refused and answers get lost', async () => {
    for (const seed of seeds) expect({ seed, ...checkHistory(await historyOf('none', seed), policy) }).toEqual({ seed, violations: [], lost: [] });
  });

  const words: Readonly<Record<Exclude<Fault, 'none'>, RegExp>> = {
    'forgets an acknowledged outcome': /acknowledged and lost: clicked/,
    'forgets an acknowledged presentation': /acknowledged and lost: presented/,
    'writes what is sent again anew': /counted twice/,
    'writes an outcome twice': /counted twice/,
    'is over a cap': /over the cap: .*\(acknowledged\)/,
    'is over the limit': /over the limit: scarce/,
    'writes what it refuses': /refused with 409, and written/,
    'does not erase': /erased, and there at the end/,
    'brings an erased customer back': /after the erasure was answered/,
    'loses a customer': /did not find the customer/,
    'decides on an old ledger': /was shown in spite of an outcome/,
    'shows an old ledger': /a reading did not see/,
    'shows anything without its store': /was shown without the store/,
    'answers differently the second time': /not as the first time/,
    'shows another ledger on another node': /two nodes show different ledgers/,
    'writes what nobody asked for': /nobody wrote/,
    'presents what nobody asked for': /presented by decisions that nobody was told of \(meanwhile\)/,
    'leaves what came too late': /presented by decisions that nobody was told of \(at the end\)/,
    fails: /answered 500/,
  };
  test.each(faults.filter((fault) => fault !== 'none'))('rejects a service that %s', async (fault) => {
    for (const seed of seeds) {
      const { violations } = checkHistory(await historyOf(fault, seed), policy);
      expect({ seed, violations }).toEqual({ seed, violations: expect.arrayContaining([expect.stringMatching(words[fault])]) });
    }
  });

  test('what a failover may lose is counted, and nothing else is let pass', async () => {
    const history = await historyOf('forgets an acknowledged outcome', seeds[0]!);
    const all = checkHistory(history, policy, { entries: ({ type }) => type === 'outcome', counts: () => false });
    expect(all.violations).toEqual([]);
    expect(all.lost.length).toBeGreaterThan(5);
    const early = checkHistory(history, policy, { entries: ({ type, ended }) => type === 'outcome' && ended < 200, counts: () => false });
    expect(early.lost.length).toBeLessThan(all.lost.length);
    expect(early.violations).toContainEqual(expect.stringContaining('acknowledged and lost'));
  });
});
