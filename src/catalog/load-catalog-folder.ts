import type { CatalogFiles } from './catalog-files.js';
import { loadCatalog, type CatalogDependencies, type CatalogResult, type CatalogSummary } from './load-catalog.js';
import { lostBy } from './misnamed-folders.js';
import { sortProblems, type Problem } from './problem.js';
import { readCatalogFolder } from './read-catalog-folder.js';
import { wholeFile } from './read-files.js';

/** Reads a folder and loads the catalog in it. `files` are those that were read, good or not. */
export async function loadCatalogFolder(folder: string, dependencies: CatalogDependencies): Promise<{ readonly result: CatalogResult; readonly files: CatalogFiles }> {
  const { files, problems, isThere } = await readCatalogFolder(folder);
  // Of a folder that is not there nothing more is to be said.
  if (!isThere) return { files, result: { ok: false, problems } };
  const result = await loadCatalog(files, { ...dependencies, lost: lostBy(problems) });
  const more = result.ok ? [...problems, ...noRules(result.summary)] : problems;
  if (more.length === 0) return { result, files };
  const all = sortProblems([...more, ...(result.ok ? result.warnings : result.problems)]);
  if (result.ok && all.every(({ severity }) => severity === 'warning')) return { files, result: { ...result, warnings: all } };
  return { files, result: { ok: false, problems: all } };
}

/** Offers without any rule are a catalog, and in a folder, which rules may have got lost from, seldom what was meant. */
function noRules({ offers, rules }: CatalogSummary): readonly Problem[] {
  if (offers === 0 || rules > 0) return [];
  return [wholeFile('rules/', 'no rule at all: every offer may be made to everybody in each channel that it has a treatment for, as often as is asked, and no consent is asked for. Rules are in files as rules/rules.yaml', 'warning')];
}
