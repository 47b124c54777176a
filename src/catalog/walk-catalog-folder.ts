import { misnamedIn } from './misnamed-folders.js';
import { mayBeStrayManifest, misplacedFile } from './misplaced-files.js';
import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { catalogFolders, fileBounds, roleOf } from './catalog-files.js';
import { compareText, type Problem } from './problem.js';
import { wholeFile } from './read-files.js';

const deepestFolder = 16;
const warningsAtMost = 100;

export interface CatalogWalk {
  /** The folder without links; `null`: there is none. */
  readonly root: string | null;
  /** What a file of a catalog could be, by its path; of a model's folder everything that lies in it. */
  readonly found: ReadonlyMap<string, Stats>;
  readonly problems: readonly Problem[];
}

/**
 * Looks at a catalog folder without reading a file, but for YAML in models/ itself. Names that begin with a dot are passed over; links are followed
 * within the folder only. A file that goes away meanwhile is as one that was not there.
 */
export async function walkCatalogFolder(folder: string): Promise<CatalogWalk> {
  const found = new Map<string, Stats>();
  const problems: Problem[] = [];
  const root = await realpath(folder).catch(() => null);
  if (root === null || (await stat(root).catch(() => null))?.isDirectory() !== true) return { root: null, found, problems };
  const inside = root.endsWith(sep) ? root : root + sep;

  const tellOf = (path: string, text?: string): void => {
    const problem = misplacedFile(path, text);
    if (problem !== null && (problem.severity === 'error' || problems.length < warningsAtMost)) problems.push(problem);
  };
  const visit = async (path: string, depth: number): Promise<void> => {
    const real = await realpath(join(root, path));
    if (real !== root && !real.startsWith(inside)) {
      problems.push(wholeFile(path, 'is a link that leads out of the catalog folder: it is not followed'));
      return;
    }
    const stats = await stat(real);
    if (stats.isFile() && roleOf(path) !== null && found.size <= fileBounds.files) found.set(path, stats);
    if (stats.isFile()) tellOf(path, mayBeStrayManifest(path) && stats.size <= fileBounds.yamlBytes ? await readFile(real, 'utf8') : undefined);
    if (!stats.isDirectory()) return;
    if (depth > deepestFolder) {
      problems.push(wholeFile(path, `lies more than ${deepestFolder} folders deep: does a link lead in a circle?`));
      return;
    }
    for (const entry of (await readdir(real, { withFileTypes: true })).sort((a, b) => compareText(a.name, b.name))) {
      const below = `${path}/${entry.name}`;
      if (!entry.name.startsWith('.')) await passingOver(below, problems, () => visit(below, depth + 1));
      else if (entry.isFile()) tellOf(below);
    }
  };
  for (const path of ['schema.yaml', 'schema.yml', ...catalogFolders]) await passingOver(path, problems, (below) => visit(below, 1));
  await passingOver('.', problems, async () => void problems.push(...await misnamedIn(root)));
  return { root, found, problems };
}

/** Does something with a file that may be gone by now, or may not be read. */
export async function passingOver(path: string, problems: Problem[], act: (path: string) => Promise<void>): Promise<void> {
  try {
    await act(path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(wholeFile(path, `cannot be read (${code})`));
  }
}
