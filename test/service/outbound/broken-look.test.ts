import { moved, noon, useStage } from './outbound-world.js';
import { leaseMs } from '../../../src/service/outbound/waker.js';
import { StoreError } from '../../../src/customers/customer-store.js';

const stage = useStage();

/** A node whose looks, from when it is asked to, break off where the agenda is to be written; and what is asked of the
 *  store after that. */
function breakingOffBy(fault: Error) {
  const asked: string[] = [];
  let [breaks, isBroken] = [false, false];
  const node = stage.nodeOver((store) => ({
    settle: (settling) => {
      isBroken = breaks;
      return breaks ? Promise.reject(fault) : store.settle(settling);
    },
    shared: (at) => {
      if (!isBroken) return store.shared(at);
      asked.push(`whether it is there, with ${failures().length} told`);
      return Promise.reject(fault);
    },
  }));
  const failures = (): string[] => node.told.filter(({ what }) => what === 'failed').map(({ words }) => words);
  return { node, asked, failures, begin: () => { breaks = true; } };
}

test.each<[string, Error, readonly string[]]>([
  ['the store: it is asked whether it is there, and then that is told', new StoreError('Redis does not answer in time.'), ['whether it is there, with 0 told']],
  ['a fault of ours: that is told, and the store is not asked', new TypeError('oops'), []],
])('a look broke off by %s; the next who takes the lease goes on', async (_, fault, askedThen) => {
  await stage.begin([moved]);
  const { node, asked, failures, begin } = breakingOffBy(fault);
  await node.settle(noon);
  await stage.happens('address.changed', noon);
  begin();
  expect(await node.waker.tick(noon)).toBe(1);
  expect([failures(), asked]).toEqual([[fault.message], askedThen]);
  const unsent = async (): Promise<number> => (await stage.store.export('C-1'))!.agenda!.agenda.publications.length;
  expect(await unsent()).toBe(1);
  await stage.node.settle(noon + leaseMs - 1);
  expect(await unsent()).toBe(1);
  await stage.node.settle(noon + leaseMs);
  expect([await unsent(), new Set(stage.sent.map(({ id }) => id)).size]).toEqual([0, 1]);
});
