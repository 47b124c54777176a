import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { storedCustomer } from '../../contracts/customer-samples.js';
import { createLmdbData } from './lmdb-data.js';

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
