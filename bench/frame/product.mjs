import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = join(import.meta.dirname, '../..');
export const benchFolder = join(root, 'bench');

/** The build that is measured; the tests name another, so that they need no `dist`. */
const named = process.env.NBO_BENCH_BUILD ?? join(root, 'dist');
export const build = existsSync(named) ? realpathSync(named) : named;       // as it stands in profiles

/** A module of the product, by its path below `src`. */
export const product = (path) => import(pathToFileURL(join(build, path)).href);
