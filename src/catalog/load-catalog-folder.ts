import type { CatalogFiles } from './catalog-files.js';
import { loadCatalog, type CatalogDependencies, type CatalogResult } from './load-catalog.js';
import { sortProblems } from './problem.js';
import { readCatalogFolder } from './read-catalog-folder.js';

/** Reads a folder and loads the catalog in it. `files` are those that were read, good or not. */
export async function loadCatalogFolder(folder: string, dependencies: CatalogDependencies): Promise<{ readonly result: CatalogResult; readonly files: CatalogFiles }> {
  const { files, problems, isThere } = await readCatalogFolder(folder);
  // Of a folder that is not there nothing more is to be said.
  if (!isThere) return { files, result: { ok: false, problems } };
  const result = await loadCatalog(files, dependencies);
  if (problems.length === 0) return { result, files };
  const all = sortProblems([...problems, ...(result.ok ? result.warnings : result.problems)]);
  if (result.ok && all.every(({ severity }) => severity === 'warning')) return { files, result: { ...result, warnings: all } };
  return { files, result: { ok: false, problems: all } };
}
