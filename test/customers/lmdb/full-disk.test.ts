import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { idsIn } from '../../contracts/customer-samples.js';
import { transpileSources } from '../../support/run-typescript.js';
import { createLmdbData } from './lmdb-data.js';

const child = 'test/customers/lmdb/fill-disk.child.ts';

test('a disk that takes no more is a StoreError; reads go on, and writes when there is room again', async () => {
  const sources = await transpileSources([child]);
  const data = await createLmdbData();
  try {
    // The shell's limit on the size of a file stands for the disk's end: about 2 MB. Its soft one, which the process can have lifted.
    const command = `trap '' XFSZ; ulimit -S -f 4000; exec "$0" "$@"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, sources.pathOf(child), data.folder]);
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toEqual({ written: expect.any(Number), refused: 5, areStoreErrors: true, message: expect.stringMatching(/^The store could not be written: .+\.$/), read: seen['written'], erased: 200, again: 'created' });
    expect(seen['written']).toBeGreaterThan(200);
    const store = await data.open();
    expect(await idsIn(store)).toHaveLength((seen['written'] as number) - 200 + 1);
    await store.close();
  } finally {
    await data.cleanup();
    await sources.remove();
  }
}, 60_000);
