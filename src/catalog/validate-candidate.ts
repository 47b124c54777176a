import { fileBounds, roleOf, type CatalogFiles } from './catalog-files.js';
import { loadCatalog, type CatalogDependencies } from './load-catalog.js';
import { misnamedFolderOf } from './misnamed-folders.js';
import { misplacedFile } from './misplaced-files.js';
import { sortProblems, type Problem } from './problem.js';
import { wholeFile } from './read-files.js';

/**
 * Checks a candidate, files by their path, as a load would, with the live models: the file of a model, and the
 * manifest that the candidate does not bring, come from the live catalog. Everything that comes in is bounded.
 */
export async function validateCandidate(candidate: Readonly<Record<string, string>>, live: CatalogFiles, dependencies: CatalogDependencies): Promise<{ readonly valid: boolean; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const files = new Map<string, string | Uint8Array>();
  const own = Object.entries(candidate);
  if (own.length > fileBounds.files) return { valid: false, problems: [wholeFile('.', `${own.length} files: a catalog has at most ${fileBounds.files}`)] };
  const isThere = (folder: string): boolean => own.some(([path]) => path.startsWith(`${folder}/`));
  for (const [path, text] of own) {
    const refusal = refusalOf(path);
    if (refusal !== null) problems.push(wholeFile(shown(path), refusal));
    else if (roleOf(path) === null) problems.push(misnamedFolderOf(path, isThere) ?? misplacedFile(path, text) ?? wholeFile(path, 'is no file of a catalog (schema.yaml, strategies/, offers/, rules/, triggers/, models/<id>/model.yaml): it is passed over', 'warning'));
    else if (roleOf(path)?.role === 'model-file') problems.push(misplacedFile(path) ?? wholeFile(path, 'cannot come with a candidate: the live model is used', 'warning'));
    else files.set(path, text);
  }
  const modelsOnDemand = addLiveModels(files, live);
  const result = await loadCatalog(files, { ...dependencies, modelsOnDemand });
  const all = sortProblems([...problems, ...(result.ok ? result.warnings : result.problems)]);
  return { valid: !all.some(({ severity }) => severity === 'error'), problems: all };
}

/** Checks candidates one after the other: each takes its share of the processor, and together they must not take all. */
export function createCandidateQueue(live: () => CatalogFiles, dependencies: CatalogDependencies): (candidate: Readonly<Record<string, string>>) => ReturnType<typeof validateCandidate> {
  let last: Promise<unknown> = Promise.resolve();
  return (candidate) => {
    const next = last.then(() => validateCandidate(candidate, live(), dependencies));
    last = next.catch(() => undefined);
    return next;
  };
}

function refusalOf(path: string): string | null {
  if (path.length > fileBounds.pathLength) return `its path has more than ${fileBounds.pathLength} characters`;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (path === '' || /[\u0000-\u001f\u007f\\]/.test(path) || path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'is no path inside a catalog folder: write it as offers/card.yaml';
  }
  return null;
}

const shown = (path: string): string => {
  // eslint-disable-next-line no-control-regex -- control characters would garble a terminal
  const plain = path.slice(0, 100).replace(/[\u0000-\u001f\u007f]/g, '?');
  return plain === '' ? '.' : plain;
};

/** Fills in what the candidate does not bring of each live model; answers the models of which it brings no manifest. */
function addLiveModels(files: Map<string, string | Uint8Array>, live: CatalogFiles): ReadonlySet<string> {
  const brought = new Set([...files.keys()].flatMap((path) => {
    const role = roleOf(path);
    return role?.role === 'manifest' ? [role.modelId] : [];
  }));
  const onDemand = new Set<string>();
  for (const [path, content] of live) {
    const role = roleOf(path);
    if (role?.role === 'model-file' && !files.has(path)) files.set(path, content);
    if (role?.role !== 'manifest' || brought.has(role.modelId)) continue;
    files.set(path, content);
    onDemand.add(role.modelId);
  }
  return onDemand;
}
