// npm run bench [-- part …]: each part in a fresh process, medians over rounds, ratios measured in one run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const parts = ['decision', 'stores'];
const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}; the parts are ${parts.join(', ')}\n`);
  process.exit(2);
}
for (const part of asked.length > 0 ? asked : parts) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', join(import.meta.dirname, `${part}.mjs`)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
