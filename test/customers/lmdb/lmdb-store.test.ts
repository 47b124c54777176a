import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { emptyAgenda } from '../../../src/customers/agenda.js';
import { now, profile, storedCustomer, tombstone } from '../../contracts/customer-samples.js';
import { createLmdbData, rewriteAgenda } from './lmdb-data.js';

describeCustomerStore('The embedded store', createLmdbData);

test('others have their turn while somebody goes through all ids, though reads take none', async () => {
  const data = await createLmdbData();
  const store = await data.open();
  await store.load(Array.from({ length: 2500 }, (_, place) => storedCustomer(`c-${place}`)));
  const seenAtTurns: number[] = [];
  let seen = 0;
  let going = true;
  const turn = (): void => {
    seenAtTurns.push(seen);
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  for await (const id of store.ids()) seen += id === '' ? 0 : 1;
  going = false;
  expect(seen).toBe(2500);
  expect(seenAtTurns.filter((count, place) => count > (seenAtTurns[place - 1] ?? 0)).length).toBeGreaterThanOrEqual(3);
  await store.close();
  await data.cleanup();
});

test('of a write that fails in its middle nothing is written, and those that share its commit are', async () => {
  const data = await createLmdbData();
  const store = await data.open();
  const settled = await Promise.allSettled([store.wake(['C-1'], now), store.wake(['C-2', ''], now), store.wake(['C-3'], now)]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await store.takeDue({ now, most: 10, leaseUntil: now + 1 })).map(({ customerId }) => customerId)).toEqual(['C-1', 'C-3']);
  await store.close();
  await data.cleanup();
});

describe.each([['without an end', '\u0001[1'], ['of nothing known', '\u0001{}\n'], ['of a newer format', '\u0009x\n'], ['that is empty', '']])('an entry of an agenda %s', (_, bytes) => {
  const open = async () => {
    const data = await createLmdbData();
    const store = await data.open();
    await store.load(['C-1', 'C-2'].map((id) => ({ ...storedCustomer(id), agenda: { dueAt: now, agenda: emptyAgenda } })));
    await rewriteAgenda(data.folder, 'C-1', () => Buffer.from(bytes));
    const failures: Error[] = [];
    const take = async (): Promise<string[]> => (await store.takeDue({ now, most: 10, leaseUntil: now + 1, failed: (error) => failures.push(error) })).map(({ customerId }) => customerId);
    const close = () => store.close().then(data.cleanup);
    return { store, failures, take, close };
  };

  test('is set aside, and can be woken', async () => {
    const { store, failures, take, close } = await open();
    expect(await take()).toEqual(['C-2']);
    expect(await take()).toEqual([]);
    expect(failures).toHaveLength(1);
    await store.wake(['C-1'], now);
    expect(await take()).toEqual([]);
    expect(failures).toHaveLength(2);
    await close();
  });

  test('goes with its customer, and so does its place among those that are due', async () => {
    const { store, failures, take, close } = await open();
    expect(await store.erase('C-1', tombstone)).toBe(true);
    expect(await take()).toEqual(['C-2']);
    expect(failures).toEqual([]);
    await store.putProfile('C-1', profile);
    expect((await store.export('C-1'))?.agenda).toBeUndefined();
    await close();
  });
});
