import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { benchFolder, root } from './product.mjs';

export const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
export const resultsFile = join(benchFolder, 'results', `${version}.json`);

/** Puts each part's results in the place of its last ones; the others stay, each with its own date, machine and commit. */
export function saveResults(results, file) {
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).parts : {};
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ version, parts: { ...before, ...Object.fromEntries(results.map((result) => [result.part, result])) } }, null, 1)}\n`);
}
