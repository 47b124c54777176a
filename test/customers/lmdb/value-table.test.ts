import { openEnvironment, type Environment } from '../../../src/customers/lmdb/environment.js';
import type { ValueTable } from '../../../src/customers/lmdb/value-table.js';
import { bareCustomer, decodeCustomer, encodeCustomer, type CustomerValue } from '../../../src/customers/values/customer-value.js';
import { createLmdbData, type LmdbData } from './lmdb-data.js';

type Customers = ValueTable<CustomerValue>;

let data: LmdbData;
let environment: Environment;
beforeEach(async () => {
  data = await createLmdbData();
  environment = await openEnvironment(data.folder);
});
afterEach(async () => {
  await environment.close();
  await data.cleanup();
});

const write = <T>(action: (customers: Customers) => T): Promise<T> => environment.write(({ customers }) => action(customers));
/** The state of a customer, told by its version. */
const put = (id: string, version: number) => (customers: Customers): void => customers.put(id, bareCustomer(version));
const versionOf = (id: string) => (customers: Customers): number | undefined => customers.get(id)?.ledgerVersion;
const stored = (id: string): number | undefined => environment.read(({ customers }) => customers.get(id)?.ledgerVersion);
const others = Array.from({ length: 20 }, (_, place) => `other-${place}`);

describe('within a turn', () => {
  test('a write sees what those before it put, also its bytes, and all of it is stored', async () => {
    const seen = await Promise.all([
      write(put('C-1', 7)), write(versionOf('C-1')),
      write((customers) => decodeCustomer(customers.getBytes('C-1') as Buffer).ledgerVersion),
      write(put('C-1', 8)), write(versionOf('C-1')),
    ]);
    expect(seen).toEqual([undefined, 7, 7, undefined, 8]);
    expect(stored('C-1')).toBe(8);
  });

  test('bytes that are put stand above what was kept', async () => {
    const seen = await Promise.all([write(put('C-1', 7)), write((customers) => customers.putBytes('C-1', encodeCustomer(bareCustomer(9)))), write(versionOf('C-1'))]);
    expect(seen.at(-1)).toBe(9);
    expect(stored('C-1')).toBe(9);
  });

  test('one who was removed is gone, and can come again', async () => {
    const remove = (customers: Customers): boolean => customers.remove('C-1');
    const seen = await Promise.all([write(put('C-1', 7)), write(remove), write(remove), write(versionOf('C-1')), write((customers) => customers.getBytes('C-1')), write(put('C-1', 8)), write(remove)]);
    expect(seen).toEqual([undefined, true, false, undefined, undefined, undefined, true]);
    expect(stored('C-1')).toBeUndefined();
  });

  test('more customers than are kept are all stored, each as it was put last', async () => {
    await Promise.all([...others, ...others.toReversed()].map((id, place) => write(put(id, place + 1))));
    expect(others.map(stored)).toEqual(others.map((_, place) => 40 - place));
  });
});

describe('a write that throws', () => {
  const changes: [string, (customers: Customers) => void][] = [
    ['put', put('C-1', 9)],
    ['put and looked at the bytes', (customers) => { put('C-1', 9)(customers); customers.getBytes('C-1'); }],
    ['put bytes', (customers) => customers.putBytes('C-1', encodeCustomer(bareCustomer(9)))],
    ['put bytes and read them', (customers) => { customers.putBytes('C-1', encodeCustomer(bareCustomer(9))); versionOf('C-1')(customers); }],
    ['removed', (customers) => void customers.remove('C-1')],
    ['removed and put', (customers) => { customers.remove('C-1'); put('C-1', 9)(customers); }],
    ['looked at the bytes', (customers) => void customers.getBytes('C-1')],
    ['read many others', (customers) => { for (const id of others) versionOf(id)(customers); }],
    ['put many others', (customers) => { for (const id of others) put(id, 9)(customers); }],
  ];
  describe.each([['in the same turn', true], ['before', false]])('after a customer was put %s', (_when, isSameTurn) => {
    test.each(changes)('leaves nothing of what it %s', async (_name, change) => {
      await Promise.all(others.map((id) => write(put(id, 1))));
      const first = write(put('C-1', 7));
      if (!isSameTurn) await first;
      const failing = write((customers) => {
        change(customers);
        throw new Error('no');
      });
      const seen = write((customers) => ['C-1', ...others].map((id) => versionOf(id)(customers)));
      await expect(failing).rejects.toThrow('no');
      await first;
      expect(await seen).toEqual([7, ...others.map(() => 1)]);
      expect(['C-1', ...others].map(stored)).toEqual([7, ...others.map(() => 1)]);
    });
  });

  test('leaves no customer whom nobody put', async () => {
    const failing = write((customers) => {
      put('C-1', 7)(customers);
      throw new Error('no');
    });
    const seen = write(versionOf('C-1'));
    await expect(failing).rejects.toThrow('no');
    expect(await seen).toBeUndefined();
  });
});

test('what cannot be stored is refused alone, and the others of its turn are stored', async () => {
  const bad: CustomerValue = { ...bareCustomer(1), contacts: [{ channel: 'web', outcome: 'clicked', occurredAt: Number.MAX_SAFE_INTEGER }] };
  const settled = await Promise.allSettled([write(put('C-1', 7)), write((customers) => customers.put('C-1', bad)), write(versionOf('C-1')), write((customers) => customers.put('C-2', bad)), write(put('C-3', 8))]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(settled[2]).toMatchObject({ value: 7 });
  expect(['C-1', 'C-2', 'C-3'].map(stored)).toEqual([7, undefined, 8]);
});

test('nothing is kept from turn to turn: another process may have written', async () => {
  const another = await openEnvironment(data.folder);
  await write(put('C-1', 7));
  await write(versionOf('C-1'));
  await another.write(({ customers }) => customers.put('C-1', bareCustomer(8)));
  expect(await write(versionOf('C-1'))).toBe(8);
  await another.close();
});

test('an id that cannot be one is refused when it is put', async () => {
  const settled = await Promise.allSettled([write(put('C-1', 7)), write(put('', 8)), write(put('C-2', 9))]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(['C-1', 'C-2'].map(stored)).toEqual([7, 9]);
});
