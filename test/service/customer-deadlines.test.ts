import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { compile } from '../support/golden-case.js';
import { createCustomerService } from '../../src/service/customer-service.js';
import { messageOf } from '../../src/errors.js';
import { noEvents } from '../../src/customers/event-ledger.js';
import { scopes, type CallContext, type Services } from '../../src/service/service.js';
import type { CustomerStore, StoredProfile, StoredState } from '../../src/customers/customer-store.js';

/** What the store is to write, and waits for the test to let it. */
interface HeldWrite { readonly profile: StoredProfile; finish(): void }

const catalog = await compile({ offers: [{ id: 'card' }] });

let stored: StoredProfile;
let writes: HeldWrite[];
let customers: Services['customers'];
beforeEach(() => {
  jest.useFakeTimers();
  stored = { attributes: {}, consents: [], holdings: [] };
  writes = [];
  const store = {
    read: (): Promise<StoredState> => Promise.resolve({ customer: { profile: stored, contacts: [], events: noEvents, profileVersion: 1, ledgerVersion: 1 }, limitUsage: new Map() }),
    putProfile: (_id: string, profile: StoredProfile) => new Promise((answer) => {
      writes.push({ profile, finish: () => {
        stored = profile;
        answer('replaced');
      } });
    }),
  } as unknown as CustomerStore;
  customers = createCustomerService({ catalog: { current: () => catalog }, store, monotonicMs: () => performance.now() });
});
afterEach(() => {
  jest.useRealTimers();
});

const within = (timeoutMs: number): CallContext => ({ now: Date.parse('2026-11-23T10:00:00Z'), timeoutMs, scopes: new Set(scopes), caller: null });
/** What a call was answered so far. */
function heard(call: Promise<unknown>): { told?: string } {
  const answer: { told?: string } = {};
  call.then(() => { answer.told = 'made'; }, (error: unknown) => { answer.told = messageOf(error); });
  return answer;
}

const nothingWritten = 'The store does not answer, and nothing was written; try again';
const perhapsWritten = 'The store does not answer; it is not known whether the write happened, send it again';

test('behind a patient caller whose write hangs, each is answered at its own deadline, counted from its own call, and is not made later', async () => {
  const patient = heard(customers.patch('C-1', { attributes: { region: 'north' } }, within(5000)));
  await jest.advanceTimersByTimeAsync(1000);
  expect(writes).toHaveLength(1);
  const hasty = [heard(customers.patch('C-1', { attributes: { age: 30 } }, within(50))), heard(customers.put('C-1', { holdings: ['card'] }, within(50)))];
  await jest.advanceTimersByTimeAsync(44);
  expect(hasty).toEqual([{}, {}]);
  await jest.advanceTimersByTimeAsync(1);
  expect(hasty).toEqual([{ told: nothingWritten }, { told: nothingWritten }]);
  const later = heard(customers.patch('C-1', { locale: 'sv' }, within(500)));
  writes[0]!.finish();
  await jest.advanceTimersByTimeAsync(0);
  writes[1]!.finish();
  await jest.advanceTimersByTimeAsync(0);
  expect([patient, later]).toEqual([{ told: 'made' }, { told: 'made' }]);
  expect(stored).toMatchObject({ attributes: { region: 'north' }, holdings: [], locale: 'sv' });
  expect(stored.attributes).not.toHaveProperty('age');
  expect(writes).toHaveLength(2);
});

test('together with a patient one in the write that hangs, a hasty one is told at its deadline that it is not known', async () => {
  const first = heard(customers.patch('C-1', { attributes: { region: 'north' } }, within(5000)));
  await jest.advanceTimersByTimeAsync(0);
  const patient = heard(customers.patch('C-1', { attributes: { income: 9 } }, within(5000)));
  const hasty = heard(customers.patch('C-1', { attributes: { age: 30 } }, within(50)));
  writes[0]!.finish();
  await jest.advanceTimersByTimeAsync(44);
  expect([first, hasty]).toEqual([{ told: 'made' }, {}]);
  await jest.advanceTimersByTimeAsync(1);
  expect(hasty).toEqual({ told: perhapsWritten });
  expect(patient).toEqual({});
  await jest.advanceTimersByTimeAsync(4929);
  expect(patient).toEqual({});
  await jest.advanceTimersByTimeAsync(1);
  expect(patient).toEqual({ told: perhapsWritten });
});

test('a PATCH that does not fit what is stored is told so, though the write of those that came with it hangs', async () => {
  void heard(customers.patch('C-1', { attributes: { region: 'north' } }, within(5000)));
  await jest.advanceTimersByTimeAsync(0);
  const made = heard(customers.patch('C-1', { attributes: { income: 9 } }, within(500)));
  const wrong = heard(customers.patch('C-1', { attributes: { age: 'thirty' } }, within(500)));
  writes[0]!.finish();
  await jest.advanceTimersByTimeAsync(475);
  expect([made, wrong]).toEqual([{ told: perhapsWritten }, { told: "The customer does not fit the catalog's schema" }]);
});
