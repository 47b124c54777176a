import { openLmdbStore } from '../../../src/customers/lmdb/lmdb-store.js';
import { outcomeWrite } from './outcome-writes.js';

/** Records outcomes, 16 at a time, and writes the number of each to stdout once it is acknowledged. */
const [folder, count] = [process.argv[2]!, Number(process.argv[3])];
const store = await openLmdbStore(folder);
let next = 0;
await Promise.all(Array.from({ length: 16 }, async () => {
  while (next < count) {
    const place = next++;
    const { type } = await store.record(outcomeWrite(place));
    if (type !== 'recorded') throw new Error(`Outcome ${place} was ${type}.`);
    process.stdout.write(`${place}\n`);
  }
}));
await store.close();
