import { execFileSync } from 'node:child_process';
import { StoreError } from '../../../src/customers/customer-store.js';
import { openLmdbStore } from '../../../src/customers/lmdb/lmdb-store.js';

/** Writes until it is refused, looks what still works, gets more room, and prints what it saw as JSON. */
const store = await openLmdbStore(process.argv[2]!);
const profile = { attributes: { note: 'x'.repeat(2000) }, consents: [], holdings: [] };
const written: string[] = [];
const refusals: unknown[] = [];
for (let batch = 0; refusals.length === 0 && batch < 10_000; batch++) {
  await Promise.all(Array.from({ length: 5 }, async (_, place) => {
    const id = `C-${batch}-${place}`;
    await store.putProfile(id, profile).then(() => written.push(id), (error: unknown) => refusals.push(error));
  }));
}
const read = await Promise.all(written.map((id) => store.export(id)));
execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited:']);
const erased: boolean[] = [];
for (const id of written.slice(0, 200)) erased.push(await store.erase(id, { erasedAt: 1, keptUntil: 2 }));
const again = await store.putProfile('C-after', profile);
await store.close();
process.stdout.write(JSON.stringify({
  written: written.length, refused: refusals.length, areStoreErrors: refusals.every((error) => error instanceof StoreError), message: (refusals[0] as Error).message,
  read: read.filter((customer) => customer !== null).length, erased: erased.filter(Boolean).length, again,
}));
