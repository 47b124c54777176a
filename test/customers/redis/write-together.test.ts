import { StoreError, UnreadableError, type ContactWrite, type CustomerStore, type RecordResult } from '../../../src/customers/customer-store.js';
import { contact, contactsIn, customerIn, idempotency, profile, recordOf, tombstone } from '../../contracts/customer-samples.js';
import { connect } from '../../../src/customers/redis/connection.js';
import { customerKeys, outcomeField } from '../../../src/customers/redis/keys.js';
import { openRedisStore } from '../../../src/customers/redis/redis-store.js';
import { parseRedisAddress } from '../../../src/customers/redis-address.js';
import { startRedis } from '../../support/redis-servers.js';
import { createDyingWorld } from './dying-world.js';

const count = 40;
const outcome = (place: number, members: Partial<ContactWrite> = {}): ContactWrite =>
  recordOf('C-1', contact('clicked', { decisionId: `d-${place}`, reason: String(place) }), { idempotency: idempotency(`o-${place}`, 'body-1', `answer-${place}`), ...members });
const all = Array.from({ length: count }, (_, place) => outcome(place));
const recordAll = (store: CustomerStore, writes: readonly ContactWrite[]): Promise<RecordResult[]> => Promise.all(writes.map((write) => store.record(write)));
const placesIn = async (store: CustomerStore): Promise<number[]> => (await contactsIn(store, 'C-1')).map(({ reason }) => Number(reason));
const upTo = (until: number): number[] => Array.from({ length: until }, (_, place) => place);

/** The first goes alone, and those behind it together: here the process dies, or another writes, at each of their steps. */
describe('many outcomes at once', () => {
  const world = createDyingWorld('together', async (store) => {
    await store.putProfile('C-1', profile);
  });

  test('are few steps; where the process dies at any of them, what was answered is there, and the same again completes it', async () => {
    const tried = await world.atEachDeath(async (death) => {
      world.dying.dieAt(death);
      const settled = await Promise.allSettled(all.map((write) => world.dying.store.record(write)));
      const answered = settled.flatMap(({ status }, place) => (status === 'fulfilled' ? [place] : []));
      const there = await placesIn(world.other);
      expect(there).toEqual(expect.arrayContaining(answered));
      // Those of a step are there together, or none of them.
      expect([[], [0], upTo(count)]).toContainEqual(there);
      const again = await recordAll(world.other, all);
      expect(again).toEqual(upTo(count).map((place) => (there.includes(place) ? { type: 'repeated', answer: `answer-${place}` } : { type: 'recorded' })));
      expect((await placesIn(world.other)).toSorted((one, other) => one - other)).toEqual(upTo(count));
    });
    // A look and a commit for the first, and for the others; a death before and after each; and one try that lives.
    expect(tried).toBe(9);
  });

  /** `meanwhile` is done by another process when the others have been looked at, and are about to be written. */
  const recordWith = async (meanwhile: () => Promise<unknown>): Promise<RecordResult[]> => {
    const first = world.dying.stopBefore('nboCommit');
    const results = recordAll(world.dying.store, all);
    const { goOn } = await first;
    const second = world.dying.stopBefore('nboCommit');
    goOn();
    const { goOn: goOnAgain } = await second;
    await meanwhile();
    goOnAgain();
    return results;
  };

  test('are looked at anew where another process recorded some of them meanwhile', async () => {
    const results = await recordWith(() => recordAll(world.other, [outcome(7), outcome(90), outcome(8, { idempotency: idempotency('o-8', 'other') })]));
    expect(results).toEqual(upTo(count).map((place) => (place === 7 ? { type: 'repeated', answer: 'answer-7' } : place === 8 ? { type: 'other-body' } : { type: 'recorded' })));
    expect(await placesIn(world.other)).toEqual([0, 7, 90, 8, ...upTo(count).filter((place) => ![0, 7, 8].includes(place))]);
  });

  test('keep a profile that another process wrote meanwhile', async () => {
    const results = await recordWith(() => world.other.putProfile('C-1', { ...profile, holdings: ['loan'] }));
    expect(results).toEqual(upTo(count).map(() => ({ type: 'recorded' })));
    expect((await customerIn(world.other, 'C-1')).profile.holdings).toEqual(['loan']);
    expect(await placesIn(world.other)).toEqual(upTo(count));
  });

  test('find their customer erased meanwhile, and leave nothing', async () => {
    const results = await recordWith(() => world.other.erase('C-1', tombstone));
    expect(results.slice(1)).toEqual(upTo(count - 1).map(() => ({ type: 'unknown-customer' })));
    expect(await world.other.export('C-1')).toBeNull();
    await world.other.putProfile('C-1', profile);
    expect(await recordAll(world.other, all)).toEqual(upTo(count).map(() => ({ type: 'recorded' })));
  });

  test('find the ledger filled up meanwhile, and take only the room that is left', async () => {
    const limited = all.map((write) => ({ ...write, maxContacts: 45 }));
    const first = world.dying.stopBefore('nboCommit');
    const results = recordAll(world.dying.store, limited);
    const { goOn } = await first;
    await recordAll(world.other, Array.from({ length: 30 }, (_, place) => outcome(100 + place)));
    goOn();
    expect((await results).map(({ type }) => type)).toEqual(upTo(count).map((place) => (place < 15 ? 'recorded' : 'ledger-full')));
    expect(await contactsIn(world.other, 'C-1')).toHaveLength(45);
  });
});

test('an answer that cannot be read is a failure of its own outcome alone', async () => {
  const server = await startRedis();
  const url = `${server.url}?prefix=unreadable`;
  const store = await openRedisStore(url, { commandTimeoutMs: 20_000 });
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const connection = await connect(parsed.address, { commandTimeoutMs: 20_000 });
  try {
    await store.putProfile('C-1', profile);
    await connection.command('hset', customerKeys('unreadable', 'C-1').outcomes, outcomeField('o-5'), 'spoilt');
    const settled = await Promise.allSettled(all.map((write) => store.record(write)));
    expect(settled.flatMap(({ status }, place) => (status === 'rejected' ? [place] : []))).toEqual([5]);
    const { reason } = settled[5] as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(StoreError);
    expect(reason).toBeInstanceOf(UnreadableError);
    expect(await placesIn(store)).toEqual(upTo(count).filter((place) => place !== 5));
  } finally {
    connection.close();
    await store.close();
    await server.stop();
  }
});
