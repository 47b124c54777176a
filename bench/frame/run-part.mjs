// One part, in a process of its own; what it finds goes to run.mjs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { benchFolder } from './product.mjs';

process.once('disconnect', () => process.exit());      // at the end, or when run.mjs is gone
const [part, settings] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), `nbo-bench-${part}-`));
try {
  const { run } = await import(pathToFileURL(join(benchFolder, 'parts', `${part}.mjs`)).href);
  const found = await run({ ...JSON.parse(settings), folder });
  await new Promise((resolve) => process.send({ tables: [], goals: [], notes: [], ...found }, resolve));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  process.disconnect?.();
}
