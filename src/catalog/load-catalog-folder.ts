import type { CatalogFiles } from './catalog-files.js';
import { loadCatalog, type CatalogDependencies, type CatalogResult } from './load-catalog.js';
import { sortProblems } from './problem.js';
import { readCatalogFolder } from './read-catalog-folder.js';

/** Reads a folder and loads the catalog in it. `files` are those that were read, good or not. */
export async function loadCatalogFolder(folder: string, dependencies: CatalogDependencies): Promise<{ readonly result: CatalogResult; readonly files: CatalogFiles }> {
  const { files, problems } = await readCatalogFolder(folder);
  const result = await loadCatalog(files, dependencies);
  if (problems.length === 0) return { result, files };
  return { files, result: { ok: false, problems: sortProblems([...problems, ...(result.ok ? result.warnings : result.problems)]) } };
}
