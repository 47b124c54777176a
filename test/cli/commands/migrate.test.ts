import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, openStoreAt, openStoreForMove, startService } from '../../../src/app.js';
import { commandConfig, serviceConfig } from '../../../src/cli/opening/settings.js';
import type { Surroundings } from '../../../src/cli/surroundings.js';
import type { CustomerStore } from '../../../src/customers/customer-store.js';
import { contact, customerIn, idempotency, profile, recordOf, room, storedCustomer } from '../../contracts/customer-samples.js';
import { sweepId } from '../../../src/customers/agenda.js';
import { visitorKey } from '../../../src/customers/visitor-id.js';
import { ofVisitor } from '../../contracts/visitors.contract.js';
import { everythingIn, fillWithEverything } from '../../contracts/store-holdings.contract.js';
import { createNbo, now, type Nbo } from '../in-process.js';

let nbo: Nbo;
let from: string;
let to: string;
beforeEach(async () => {
  nbo = createNbo();
  from = nbo.environment['NBO_STORE']!;
  to = join(nbo.folder, 'new');
  await within(from, fillWithEverything);
});
afterEach(() => nbo.remove());

async function within<T>(folder: string, work: (store: CustomerStore) => Promise<T>): Promise<T> {
  const store = await openStoreForMove({ type: 'lmdb', folder }, 'to');
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
const migrate = (args: readonly string[] = [], changes: Partial<Surroundings> = {}) => nbo.run(['migrate', '--from', from, '--to', to, ...args], changes);
const heldIn = (folder: string) => within(folder, (store) => everythingIn(store, now));

test('everything is moved, counted and compared', async () => {
  const { code, out, err } = await migrate();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.replaceAll(nbo.folder, '…')).toBe(`From …/store to …/new:
                              held   written   removed   different
  Customers                      4         4         0           0
  Visitors                       3         3         0           0
  Contacts                       9         9         0           0
  Idempotency keys               9         9         0           0
  Reservations                   4         4         0           0
  Agendas of triggers            3         3         0           0
  Walks over all customers       2         2         0           0
  Limits                         3         2         0           0
  Events of all customers        2         2         0           0
  Marks of erased customers      2         2         0           0
  Secrets                        2         2         0           0
…/new is complete: it holds all that was there when it was compared. If the service still writes to the old store, stop it and run this again; then start it with NBO_STORE on the new one.
`);
  expect(await heldIn(to)).toEqual(await heldIn(from));
});

test('a second run carries what has changed, and nothing else', async () => {
  await within(from, (store) => store.load(Array.from({ length: 500 }, (_, place) => storedCustomer(`N-${place}`))));
  await migrate();
  await within(from, async (store) => {
    // A profile, a ledger, an idempotency key alone, one more and one less, a limit, and one that is no more.
    await store.putProfile('C-2', { ...profile, holdings: [] });
    await store.record(recordOf('N-7', contact('declined')));
    await store.record(recordOf('C-1', contact('presented', { decisionId: 'd-2' }), { idempotency: idempotency('o-9') }));
    await store.putProfile('ny', profile);
    await store.erase('N-8', { erasedAt: now, keptUntil: now + 1000 });
    await store.record(recordOf('N-9', contact('accepted'), { confirm: [room(9, 'new', 'new')] }));
    await store.putRhythms(new Map([['purchase', 1]]));
    await store.erase(visitorKey('é'), { erasedAt: now, keptUntil: now + 1000 });
    await store.record(ofVisitor(contact('clicked'), { customerId: visitorKey('v-3') }));
    await store.wake(['N-10', sweepId('event/3')], now);
    await store.holdings.take({ goneCounters: ['loan/accepted/total'] }, now);
  });
  const { code, out } = await migrate(['--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    from, to, complete: true,
    customers: { held: 504, written: 6, removed: 1, differing: 0 },
    limits: { held: 3, written: 1, removed: 1 },
    visitors: { held: 3, written: 1, removed: 1 }, agendas: { held: 4 }, sweeps: { held: 3, written: 1 },
    tombstones: { held: 4, written: 2 },
    secrets: { held: 2, written: 0 },
  });
  expect(await heldIn(to)).toEqual(await heldIn(from));
});

describe('while the old store is written', () => {
  /** The source, where a customer is written each time that the customers are read to be compared. */
  const beingWritten: Partial<Surroundings> = {
    openStoreForMove: async (location, end) => {
      const store = await openStoreForMove(location, end);
      let reads = 0;
      if (end === 'to') return store;
      return { ...store, holdings: { ...store.holdings, customers: async function* (at) {
        // Once to see whether there is anything; the counting does not read.
        if (++reads === 2) await store.putProfile('C-2', { ...profile, holdings: [] });
        yield* store.holdings.customers(at);
      } } };
    },
  };

  test('what differs is said, the service does not start on the new one, and a further run completes it', async () => {
    const { code, out } = await migrate([], beingWritten);
    expect(code).toBe(1);
    expect(out).toContain('Not complete. When all was compared, this was different (customers: 1), as it is while the service writes to the old store. Stop the service and run this again.');

    const environment = { ...nbo.environment, NBO_STORE: to };
    await expect(openStoreAt({ type: 'lmdb', folder: to })).rejects.toThrow('being filled by "nbo migrate"');
    for (const command of [['export'], ['erase', '--customer', 'C-1'], ['decide', '--channel', 'web']]) {
      expect(await nbo.run(command, { environment })).toEqual({ code: 1, out: '', err: 'This store is being filled by "nbo migrate", and is not complete: run the same command again until it says that it is.\n' });
    }
    expect((await migrate()).code).toBe(0);
    expect((await nbo.run(['export'], { environment })).code).toBe(0);
    // Looking at it does not end the move.
    expect((await migrate()).code).toBe(0);
  });

  test('the verify pass finds what was moved wrongly', async () => {
    const losing: Partial<Surroundings> = {
      openStoreForMove: async (location, end) => {
        const store = await openStoreForMove(location, end);
        if (end === 'from') return store;
        return { ...store, holdings: { ...store.holdings, take: (taken, at) => store.holdings.take({ ...taken, counters: [], tombstones: [], ...(taken.secrets !== undefined && { secrets: new Map() }) }, at) } };
      },
    };
    const { code, out } = await migrate(['--json'], losing);
    expect(code).toBe(1);
    // Secrets are compared, too: the salt and the kept secret are not the old ones.
    expect(JSON.parse(out)).toMatchObject({ complete: false, customers: { differing: 0 }, limits: { differing: 2 }, tombstones: { differing: 2 }, secrets: { differing: 2 } });
  });
});

describe('where nothing is moved', () => {
  const refused = async (code: number, words: string): Promise<void> => {
    const before = [await heldIn(from), existsSync(to) ? await heldIn(to) : null];
    const answer = await migrate();
    expect({ ...answer, err: answer.err.replaceAll(nbo.folder, '…') }).toEqual({ code, out: '', err: `${words}\n` });
    expect([await heldIn(from), existsSync(to) && before[1] !== null ? await heldIn(to) : null]).toEqual(before);
  };

  test('the same folder under another name', async () => {
    to = join(from, '..', 'store', '.');
    await refused(2, `Both are the same store, …/store: name another one to move it to.`);
  });

  test('a copy of the store', async () => {
    await migrate();
    cpSync(from, join(nbo.folder, 'copy'), { recursive: true });
    to = join(nbo.folder, 'copy');
    await refused(1, '…/store and …/copy are the same store, or one is a copy of the other. Name an empty one to move it to.');
  });

  test('another installation', async () => {
    await within(to, (store) => store.load([storedCustomer('X')]));
    await refused(1, '…/new is not empty, and holds another installation. Nothing is moved there; name an empty store (on Redis another prefix will do: ?prefix=name).');
  });

  test('one that is filled from another store', async () => {
    await migrate();
    from = join(nbo.folder, 'other');
    await within(from, (store) => store.load([storedCustomer('X')]));
    await refused(1, '…/new is being filled from another store. Nothing is moved there from …/other; go on from that one, or name an empty store.');
  });

  test('one that has been in service since', async () => {
    await migrate();
    const started = await startService(serviceConfig({ environment: { ...nbo.environment, NBO_STORE: to, PORT: '0', LOG_LEVEL: 'silent' } }));
    if (started.ok) await started.service.close();
    expect(started.ok).toBe(true);
    await refused(1, '…/new has been in service since this installation was moved there. Nothing more is moved there, since that would undo what was written to it; name an empty store.');
  });

  test('an empty one on which a service has been started: it would go on with its own secrets, and what it writes would be undone', async () => {
    const started = await startService(serviceConfig({ environment: { ...nbo.environment, NBO_STORE: to, PORT: '0', LOG_LEVEL: 'silent' } }));
    if (started.ok) await started.service.close();
    await refused(1, 'A service has been started on …/new, and would go on with what it found there. Nothing is moved there; stop it, and name an empty store (on Redis another prefix will do: ?prefix=name).');
  });

  test.each(['redi://:hunter2@127.0.0.1:1', 'redis://u:hunter2@127.0.0.1:99999', 'redis://:hunter2%zz@a', 'redis://:hunt#er2@a'])('an address that is none, without its password: %s', async (address) => {
    const { code, err } = await nbo.run(['migrate', '--from', from, '--to', address]);
    expect(code).toBe(2);
    expect(err).not.toContain('er2');
  });

  test.each([['erase', ['erase', '--customer', 'C-1']], ['import', ['import', '-']]])('one that was written by nbo %s since', async (_name, command) => {
    await migrate();
    expect((await nbo.run(command, { environment: { ...nbo.environment, NBO_STORE: to } })).code).toBe(0);
    await refused(1, '…/new has been in service since this installation was moved there. Nothing more is moved there, since that would undo what was written to it; name an empty store.');
  });

  test('a source that is half filled itself', async () => {
    await within(from, (store) => store.holdings.setArrival({ from: 'elsewhere', isComplete: false }));
    await refused(1, '…/store is itself being filled by a move that is not complete. Finish that one first.');
  });

  test('a source that is empty, and one that is not there', async () => {
    from = join(nbo.folder, 'empty');
    await within(from, () => Promise.resolve());
    await refused(1, 'There is nothing to move: …/empty is empty.');
    from = join(nbo.folder, 'nowhere');
    const { code, err } = await migrate();
    expect([code, err]).toEqual([1, `There is no store in ${from}.\n`]);
    expect(existsSync(from)).toBe(false);
  });

  test.each([
    [['--to', 'x'], "required option '--from <store>' not specified"],
    [['--from', 'x'], "required option '--to <store>' not specified"],
    [['--from', 'x', '--to', ' '], "It must be a folder's path, or the URL of a Redis."],
    [['--from', 'mysql://x', '--to', 'y'], 'It names a mysql server'],
  ])('wrong use: %j', async (args, words) => {
    const { code, err } = await nbo.run(['migrate', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  test('no password is shown', async () => {
    const { err } = await nbo.run(['migrate', '--from', 'redis://user:secret@127.0.0.1:1/3', '--to', 'redis://other:hidden@127.0.0.1:1/3?prefix=nbo']);
    expect(err).toBe('Both are the same store, redis://127.0.0.1:1/3: name another one to move it to.\n');
  });
});

test('a customer\'s version is not used again in a store that a customer was moved to', async () => {
  const versions = await within(from, async (store) => {
    const seen: number[] = [];
    for (let round = 0; round < 20; round++) {
      await store.putProfile('C-2', profile);
      seen.push((await customerIn(store, 'C-2')).profileVersion);
    }
    return seen;
  });
  await migrate();
  const store = await openStore({ ...commandConfig(nbo), store: { type: 'lmdb', folder: to } });
  try {
    for (let round = 0; round < 60; round++) {
      await store.putProfile('C-2', profile);
      expect(versions).not.toContain((await customerIn(store, 'C-2')).profileVersion);
    }
  } finally {
    await store.close();
  }
});
