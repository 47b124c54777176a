import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { contactsIn, storedCustomer, usageIn } from '../../contracts/customer-samples.js';
import type { RunnableSources } from '../../support/run-typescript.js';
import { ended, transpileSources } from '../../support/run-typescript.js';
import { createLmdbData } from './lmdb-data.js';
import type { LmdbData } from './lmdb-data.js';
import { outcomeCustomers, outcomeWrite } from './outcome-writes.js';

const child = 'test/customers/lmdb/record-outcomes.child.ts';
const exitingChild = 'test/customers/lmdb/exit-in-write.child.ts';
const outcomeCount = 1000;

let sources: RunnableSources;
let data: LmdbData;
beforeAll(async () => {
  sources = await transpileSources([child, exitingChild, 'test/customers/lmdb/outcome-writes.ts', 'test/contracts/customer-samples.ts']);
}, 60_000);
afterAll(() => sources.remove());
beforeEach(async () => {
  data = await createLmdbData();
  const store = await data.open();
  await store.load(outcomeCustomers.map((id) => storedCustomer(id)));
  await store.close();
});
afterEach(() => data.cleanup());

/** The numbers that the child acknowledged; it is killed as soon as it has acknowledged `killAfter`. */
async function acknowledged(writer: ChildProcess, killAfter: number): Promise<number[]> {
  const places: number[] = [];
  for await (const line of createInterface({ input: writer.stdout! })) {
    places.push(Number(line));
    if (places.length === killAfter) writer.kill('SIGKILL');
  }
  return places;
}

async function recordedIn(store: CustomerStore): Promise<number[]> {
  const contacts = (await Promise.all(outcomeCustomers.map((id) => contactsIn(store, id)))).flat();
  return contacts.map(({ decisionId }) => Number(decisionId!.slice(2))).sort((one, other) => one - other);
}

/** Moments spread by a fixed seed: the n-th acknowledgement of 1,000. */
const moments = Array.from({ length: 8 }, (_, round) => 1 + ((round * 7919 + 4242) * 2_654_435_761 % 4_294_967_296) % (outcomeCount - 1));

test.each(moments.map((moment) => [moment]))('killed at its acknowledgement %d, a process has lost nothing and doubled nothing', async (moment) => {
  const writer = sources.fork(child, [data.folder, String(outcomeCount)]);
  const [places, end] = [await acknowledged(writer, moment), await ended(writer)];
  expect(end).toBe('SIGKILL');
  expect(places.length).toBeGreaterThanOrEqual(moment);

  const store = await data.open();
  try {
    const recorded = await recordedIn(store);
    expect(new Set(recorded).size).toBe(recorded.length);
    expect(recorded).toEqual(expect.arrayContaining(places));
    expect(await usageIn(store)).toBe(recorded.length);

    // Everybody who got no answer sends again, and those who got one may.
    const results = await Promise.all(Array.from({ length: outcomeCount }, (_, place) => store.record(outcomeWrite(place))));
    expect(results.map(({ type }) => type)).toEqual(results.map((_, place) => (recorded.includes(place) ? 'repeated' : 'recorded')));
    expect(await recordedIn(store)).toEqual(results.map((_, place) => place));
    expect(await usageIn(store)).toBe(outcomeCount);
  } finally {
    await store.close();
  }
}, 60_000);

test('a process that ends itself in the middle of a write does not keep the others from writing', async () => {
  const store = await data.open();
  try {
    await ended(sources.fork(exitingChild, [data.folder]));
    expect(await store.record(outcomeWrite(1))).toEqual({ type: 'recorded' });
  } finally {
    await store.close();
  }
}, 60_000);

test('a process that writes on is not hurt when another one is killed in the middle', async () => {
  const store = await data.open();
  try {
    const writer = sources.fork(child, [data.folder, '100000']);
    const others = acknowledged(writer, 400);
    const other = { isDead: false };
    void ended(writer).then(() => other.isDead = true);
    const own: number[] = [];
    while (!other.isDead || own.length < 300) {
      const place = 200_000 + own.length;
      expect(await store.record({ ...outcomeWrite(place), maxContacts: 1_000_000 })).toEqual({ type: 'recorded' });
      own.push(place);
    }
    const recorded = await recordedIn(store);
    expect(new Set(recorded).size).toBe(recorded.length);
    expect(recorded).toEqual(expect.arrayContaining([...await others, ...own]));
    expect(await usageIn(store)).toBe(recorded.length);
  } finally {
    await store.close();
  }
}, 60_000);
