import { noEvents } from '../../../src/customers/event-ledger.js';
import { chmod, mkdir, open as openFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { Database } from 'lmdb';
import { StoreError } from '../../../src/customers/customer-store.js';
import { counterKey } from '../../../src/customers/lmdb/keys.js';
import { openLmdbStore } from '../../../src/customers/lmdb/lmdb-store.js';
import { claimOf, contact, contactsIn, customerIn, dayMs, idempotency, now, profile, recordOf, room, storedCustomer, tombstone, usageIn } from '../../contracts/customer-samples.js';
import { createLmdbData } from './lmdb-data.js';
import type { LmdbData } from './lmdb-data.js';

let data: LmdbData;
beforeEach(async () => {
  data = await createLmdbData();
});
afterEach(() => data.cleanup());

type Table = Database<Buffer, Buffer>;

/** The tables as bytes, beside the store: what an operator's broken disk, or another version, might leave there. */
async function withTable<T>(name: string, action: (table: Table) => T | Promise<T>): Promise<T> {
  const options = { keyEncoding: 'binary', encoding: 'binary' } as const;
  const root = open<Buffer, Buffer>({ path: data.folder, noSubdir: false, overlappingSync: false, ...options });
  try {
    return await action(root.openDB<Buffer, Buffer>({ name, ...options }));
  } finally {
    await root.close();
  }
}

const sizeOf = (name: string): Promise<number> => withTable(name, (table) => table.getKeysCount({ start: Buffer.of(0) }));

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(StoreError);
  return (error as StoreError).message;
}

describe('opening', () => {
  test('makes the folder and its files for this user only, also where folders above are missing', async () => {
    const folder = join(data.folder, 'a', 'b.c');
    const store = await openLmdbStore(folder);
    await store.close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of ['data.mdb', 'lock.mdb']) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  test('leaves the mode of a folder that is there', async () => {
    await mkdir(data.folder, { mode: 0o750 });
    await chmod(data.folder, 0o750);
    await (await openLmdbStore(data.folder)).close();
    expect((await stat(data.folder)).mode & 0o777).toBe(0o750);
  });

  test('what is a file is no folder', async () => {
    await writeFile(data.folder, 'text');
    expect(await messageOf(openLmdbStore(data.folder))).toContain('is a file');
    expect(await messageOf(openLmdbStore(join(data.folder, 'below')))).toContain('is a file');
    expect(await readFile(data.folder, 'utf8')).toBe('text');
  });

  test('where nobody may write', async () => {
    expect(await messageOf(openLmdbStore('/proc/nbo-store'))).toMatch(/\/proc\/nbo-store cannot be used/);
  });

  test.each([['short', 'x'], ['long', 'no store '.repeat(10_000)]])('a %s data file of something else', async (_name, text) => {
    await mkdir(data.folder);
    await writeFile(join(data.folder, 'data.mdb'), text);
    expect(await messageOf(openLmdbStore(data.folder))).toContain('cannot be opened');
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ['cut to its first pages', (path) => truncate(path, 8192)],
    ['with nonsense for its roots', async (path) => {
      const file = await openFile(path, 'r+');
      for (const meta of [0, 4096]) await file.write(Buffer.alloc(8, 0x7f), 0, 8, meta + 136);
      await file.close();
    }],
    ['that is a folder', async (path) => { await rm(path); await mkdir(path); }],
  ])('a data file %s is refused, and ends no process', async (_name, damage) => {
    const store = await data.open();
    await store.load(Array.from({ length: 200 }, (_, place) => storedCustomer(`C-${place}`, [])));
    await store.close();
    await damage(join(data.folder, 'data.mdb'));
    expect(await messageOf(data.open())).toContain('cannot be opened');
  });

  test('a store of a newer format is left alone', async () => {
    await (await data.open()).close();
    await withTable('format', (table) => table.put(Buffer.of(1), Buffer.of(9)));
    expect(await messageOf(data.open())).toMatch(/format 9.*newer version/);
    await withTable('format', (table) => table.put(Buffer.of(1), Buffer.of(3)));
    await (await data.open()).close();
  });

  test('a store of format 1 is read, and of the newest from then on', async () => {
    await (await data.open()).close();
    await withTable('format', (table) => table.put(Buffer.of(1), Buffer.of(1)));
    await withTable('customers', (table) => table.put(Buffer.from('C-1'), Buffer.concat([Buffer.of(1, 7, 8, 1, 48), Buffer.from('{"attributes":{},"consents":["a"],"holdings":[]}'), Buffer.of(0, 1, 0, 0)])));
    // 1 confirmed, and 2 confirmed with 1 reservation until the second millisecond.
    await withTable('counters', (table) => Promise.all([table.put(counterKey('old'), Buffer.of(1, 1, 0)), table.put(counterKey('held'), Buffer.of(1, 2, 1, 2))]));
    const store = await data.open();
    expect(await customerIn(store, 'C-1')).toEqual({ profile: { attributes: {}, consents: ['a'], holdings: [] }, contacts: [], events: noEvents, profileVersion: 7, ledgerVersion: 8 });
    expect([await usageIn(store, 'old'), await usageIn(store, 'held', 1)]).toEqual([1, 3]);
    expect(await store.record(recordOf('C-1', contact('accepted'), { confirm: [room(2, 'old', 'old', now + dayMs)] }))).toEqual({ type: 'recorded' });
    await store.close();
    expect(await withTable('format', (table) => table.get(Buffer.of(1)))).toEqual(Buffer.of(5));
    expect((await withTable('customers', (table) => table.get(Buffer.from('C-1'))))?.[0]).toBe(5);
    expect(Array.from((await withTable('counters', (table) => table.get(counterKey('old'))))!.subarray(0, 3))).toEqual([2, 2, 0]);
  });
});

describe('a value that cannot be read', () => {
  const broken: [string, Buffer, RegExp][] = [
    ['an empty one', Buffer.alloc(0), /cannot be read/],
    ['a torn one', Buffer.of(1, 1, 1, 1, 200), /cannot be read/],
    ['of a newer format', Buffer.of(6, 1, 1), /newer version/],
  ];
  test.each(broken)('%s is an error without personal data, for every call, and hurts nobody else', async (_name, bytes, message) => {
    const first = await data.open();
    await first.load([storedCustomer('Ada Lovelace'), storedCustomer('C-2')]);
    await first.close();
    await withTable('customers', (table) => table.put(Buffer.from('Ada Lovelace'), bytes));
    const store = await data.open();
    try {
      const calls = [
        store.read('Ada Lovelace', [], now), store.export('Ada Lovelace'), store.putProfile('Ada Lovelace', profile),
        store.record(recordOf('Ada Lovelace', contact('opened'))), store.claim(claimOf('Ada Lovelace', 1, [])),
      ];
      const [beside] = await Promise.all([store.record(recordOf('C-2', contact('opened'))), ...calls.map(async (call) => {
        const text = await messageOf(call);
        expect(text).toMatch(message);
        expect(text).not.toContain('Ada');
      })]);
      expect(beside).toEqual({ type: 'recorded' });
      expect(await contactsIn(store, 'C-2')).toHaveLength(1);
      // It can be put right: loaded again, or erased.
      await store.load([storedCustomer('Ada Lovelace')]);
      expect(await customerIn(store, 'Ada Lovelace')).toMatchObject({ profile });
    } finally {
      await store.close();
    }
  });

  test('a customer that cannot be read can be erased', async () => {
    await (await data.open()).close();
    await withTable('customers', (table) => table.put(Buffer.from('C-1'), Buffer.of(1)));
    const store = await data.open();
    expect(await store.erase('C-1', tombstone)).toBe(true);
    expect(await store.export('C-1')).toBeNull();
    await store.close();
  });
});

describe('what has gone takes no place', () => {
  test('outcome ids that expired', async () => {
    const store = await data.open();
    await store.putProfile('C-1', profile);
    const record = (place: number, at: number): Promise<unknown> => store.record(recordOf('C-1', contact('opened'), { now: at, idempotency: idempotency(`o-${place}`, 'b', 'a', at + dayMs) }));
    await Promise.all(Array.from({ length: 400 }, (_, place) => record(place, now)));
    await Promise.all(Array.from({ length: 100 }, (_, place) => record(1000 + place, now + dayMs)));
    await store.close();
    expect([await sizeOf('outcomes'), await sizeOf('outcome-expiry')]).toEqual([100, 100]);
  });

  test('reservations that ended, of this month and of one that nobody asks for any more', async () => {
    const store = await data.open();
    const ids = Array.from({ length: 40 }, (_, place) => `C-${place}`);
    await store.load(ids.map((id) => storedCustomer(id)));
    const hold = async (id: string, counter: string, at: number, heldUntil: number): Promise<unknown> => {
      const { ledgerVersion } = await customerIn(store, id);
      return store.claim(claimOf(id, ledgerVersion, [], { now: at, reserve: [{ ...room(100, counter), offerId: 'x', decisionId: `d-${counter}`, heldUntil, confirmed: false }] }));
    };
    for (const id of ids) await hold(id, 'november', now, now + 9);
    for (const id of ids) await hold(id, 'december', now, now + 9);
    for (const id of ids) await hold(id, 'january', now + 10, now + 20);
    expect([await usageIn(store, 'november', now + 10), await usageIn(store, 'january', now + 10)]).toEqual([0, 40]);
    await store.close();
    expect([await sizeOf('reservations'), await sizeOf('reservation-ends')]).toEqual([40, 40]);
  });

  test('counters of a period that is over, a day after its end, when no reservation in them is live', async () => {
    const store = await data.open();
    await store.putProfile('C-1', profile);
    let decisions = 0;
    const accept = (counter: string, endsAt: number | null, at: number): Promise<unknown> =>
      store.record(recordOf('C-1', contact('accepted', { decisionId: `a-${decisions++}`, occurredAt: at }), { now: at, confirm: [room(99, counter, 'limit', endsAt)] }));
    for (let day = 1; day <= 20; day++) await accept(`limit@${day}`, now + day * dayMs, now);
    await accept('total', null, now);
    const { ledgerVersion } = await customerIn(store, 'C-1');
    await store.claim(claimOf('C-1', ledgerVersion, [], { reserve: [{ ...room(99, 'limit@1', 'limit', now + dayMs), offerId: 'x', decisionId: 'd-1', heldUntil: now + 30 * dayMs, confirmed: false }] }));
    // What another machine, whose clock is behind, still writes to.
    for (let times = 0; times < 20; times++) await accept('limit@20', now + 20 * dayMs, now + 11 * dayMs - 1);
    expect(await usageIn(store, 'limit@1', now + 11 * dayMs)).toBe(2);
    expect(await usageIn(store, 'limit@10')).toBe(1);
    await store.close();
    // Of the days 1 to 9 the one with the reservation is left, and of those to come all; and the total.
    expect([await sizeOf('counters'), await sizeOf('counter-ends')]).toEqual([13, 12]);
    const again = await data.open();
    for (let times = 0; times < 20; times++) await again.record(recordOf('C-1', contact('accepted', { decisionId: `b-${times}`, occurredAt: now + 31 * dayMs }), { now: now + 31 * dayMs, confirm: [room(99, 'total', 'limit')] }));
    await again.close();
    expect([await sizeOf('counters'), await sizeOf('counter-ends'), await sizeOf('reservations')]).toEqual([1, 0, 0]);
  });

  test('tombstones whose time is over', async () => {
    const store = await data.open();
    await store.load(Array.from({ length: 40 }, (_, place) => storedCustomer(`C-${place}`, [])));
    for (let place = 0; place < 20; place++) await store.erase(`C-${place}`, { erasedAt: now, keptUntil: now + dayMs });
    for (let place = 20; place < 30; place++) await store.erase(`C-${place}`, { erasedAt: now + dayMs, keptUntil: now + 2 * dayMs });
    for (let place = 0; place < 10; place++) await store.record(recordOf('C-39', contact('opened'), { now: now + 2 * dayMs }));
    await store.close();
    expect(await sizeOf('tombstones')).toBe(0);
  });

  test('everything of a customer that was erased, and nothing of others', async () => {
    const store = await data.open();
    for (const id of ['C-1', 'C-10']) {
      await store.putProfile(id, profile);
      const { ledgerVersion } = await customerIn(store, id);
      await store.claim(claimOf(id, ledgerVersion, [contact('presented')], { reserve: [{ ...room(100), offerId: 'x', decisionId: 'd-1', heldUntil: now + 9, confirmed: false }] }));
      await store.record(recordOf(id, contact('clicked'), { idempotency: idempotency('o-1') }));
    }
    await store.erase('C-1', tombstone);
    await store.close();
    for (const table of ['customers', 'outcomes', 'outcome-expiry', 'reservations', 'reservation-ends']) expect([table, await sizeOf(table)]).toEqual([table, 1]);
  });
});

test('the map grows by itself, seen by a store that was open before', async () => {
  const [one, other] = [await data.open(), await data.open()];
  const note = 'x'.repeat(2000);
  for (let batch = 0; batch < 20; batch++) {
    await one.load(Array.from({ length: 500 }, (_, place) => ({ ...storedCustomer(`C-${batch}-${place}`), profile: { ...profile, attributes: { note } } })));
    expect((await customerIn(other, `C-${batch}-499`)).profile.attributes).toEqual({ note });
  }
  expect((await stat(join(data.folder, 'data.mdb'))).size).toBeGreaterThan(20_000_000);
  expect(await other.putProfile('C-0-0', profile)).toBe('replaced');
  await Promise.all([one.close(), other.close()]);
});
