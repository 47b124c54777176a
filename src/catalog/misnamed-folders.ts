import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stepsBetween, suggest } from '../suggestion.js';
import { entryFolders, entryWords, isYamlPath, roleOf, type EntryFolder } from './catalog-files.js';
import { compareText, type Problem } from './problem.js';
import { wholeFile } from './read-files.js';

/** A folder of models is told from somebody's project by what it holds. */
export type MeantFolder = EntryFolder | 'models';
const isNearlyModels = (name: string): boolean => name !== 'models' && stepsBetween(name.toLowerCase(), 'models') <= 1;
const manifestBelow = /^[^/]+\/model\.ya?ml$/i;

/** Words that are one slip away. */
const otherWords: readonly string[] = ['role', 'roles', 'ruled', 'ruler', 'rulers', 'runes'];

/**
 * The folder of entries that a folder of this name was meant to be, of whichever case, in the singular, in the plural
 * that is not ("strategys"), or with one slip behind its first letter; `undefined`: it may be anything. "Rules", "rule" and
 * "ruels" were; "rules2", "_rules" and "rules-old" are named so to be passed over, perhaps, as "orders" is another matter.
 */
function entryFolderMeantBy(name: string): EntryFolder | undefined {
  const written = name.toLowerCase();
  if (!/^[a-z]+$/.test(written) || otherWords.includes(written)) return undefined;
  const named = entryFolders.find((folder) => [folder, entryWords[folder], `${entryWords[folder]}s`].includes(written));
  return named ?? entryFolders.find((folder) => folder[0] === written[0] && stepsBetween(written, folder) === 1);
}

const misnamed = (meant: MeantFolder): string => `is not read: the folder of ${meant} is ${meant}/; rename it, or move what it holds there. If it is no part of the catalog, give it another name`;

/** The error about the folder of a file ("rule/card.yaml"), which may not be passed over: the catalog would go live without
 *  it, a rule of consent, say. `null`: there is none. As on disk, what lies further below counts only where the folder that
 *  was meant is not there. */
export function misnamedFolderOf(path: string, isThere: (folder: MeantFolder) => boolean): Problem | null {
  const [folder, ...below] = path.split('/');
  if (folder === undefined || below.length === 0 || !isYamlPath(path.toLowerCase())) return null;
  if (isNearlyModels(folder) && manifestBelow.test(below.join('/'))) return likeModels(folder, isThere('models'));
  const meant = entryFolderMeantBy(folder);
  if (meant === undefined || meant === folder || (below.length > 1 && isThere(meant))) return null;
  return wholeFile(`${folder}/`, misnamed(meant));
}

/**
 * What lies beside the folders of a catalog and was probably meant for one of them: a folder of a similar name that
 * holds YAML, a YAML file called after one. All else beside them is somebody's project. An error where there is hardly
 * a doubt, and a warning where there is.
 */
export async function misnamedIn(root: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const name of (await readdir(root)).sort(compareText)) {
    if (name.startsWith('.')) continue;
    const own = await misnamedFile(name, (path) => isThere(join(root, path))) ?? await misnamedModels(root, name);
    if (own !== null) {
      problems.push(own);
      continue;
    }
    const meant = entryFolderMeantBy(name);
    const similar = meant ?? suggest(name, entryFolders);
    if (similar !== undefined && similar !== name && await holdsYaml(join(root, name), meant !== undefined && !await isThere(join(root, meant))) && !await isSame(join(root, name), join(root, similar))) {
      problems.push(meant === undefined ? wholeFile(`${name}/`, `is not read: did you mean ${similar}/?`, 'warning') : wholeFile(`${name}/`, misnamed(meant)));
    } else if (isYamlPath(name.toLowerCase()) && roleOf(name) === null) {
      const word = entryFolders.find((folder) => name.toLowerCase().includes(entryWords[folder].replace(/y$/, '')));
      if (word !== undefined) problems.push(wholeFile(name, `is not read: ${word} are in files in the folder ${word}/`, 'warning'));
    }
  }
  return problems;
}

/** What is not there for the errors that `misnamedIn` has found: nothing more is to be said of what refers to it. */
export function lostBy(problems: readonly Problem[]): ReadonlySet<MeantFolder> {
  return new Set(problems.flatMap(({ file, severity }) => {
    const folder = file.slice(0, -1);
    if (severity !== 'error' || !file.endsWith('/')) return [];
    return entryFolderMeantBy(folder) ?? (isNearlyModels(folder) ? ['models'] : []);
  }));
}

/** A file beside the folders that was meant to be schema.yaml, or triggers/events.yaml, where there is none. */
async function misnamedFile(name: string, isThere: (path: string) => Promise<boolean>): Promise<Problem | null> {
  const lacks = async (stem: string): Promise<boolean> => !await isThere(`${stem}.yaml`) && !await isThere(`${stem}.yml`);
  const stem = name.toLowerCase().replace(/\.\w+$/, '');
  if (roleOf(name) === null && /\.(?:ya?ml|json)$/i.test(name) && stepsBetween(stem, 'schema') <= 1 && await lacks('schema')) return wholeFile(name, 'is not read: what is known of customers, contexts and offers is in schema.yaml; rename it');
  if (/^events?\.ya?ml$/i.test(name) && await lacks('triggers/events')) return wholeFile(name, 'is not read: events are declared in triggers/events.yaml', 'warning');
  return null;
}

/** Beside models/ it may be what somebody trains with. */
const likeModels = (name: string, isBesideModels: boolean): Problem => (isBesideModels ? wholeFile(`${name}/`, 'is not read: did you mean models/?', 'warning') : wholeFile(`${name}/`, misnamed('models')));

/** A folder that holds models and is called nearly as theirs. */
async function misnamedModels(root: string, name: string): Promise<Problem | null> {
  if (!isNearlyModels(name) || await isSame(join(root, name), join(root, 'models'))) return null;
  const below = await readdir(join(root, name), { recursive: true }).catch(() => []);
  return below.some((path) => manifestBelow.test(path.replaceAll('\\', '/'))) ? likeModels(name, await isThere(join(root, 'models'))) : null;
}

/** `alsoBelow`: as the folder that was meant is read; where that is there, too, the other may be a program's, with its settings
 *  somewhere. `false` of a file. */
async function holdsYaml(folder: string, alsoBelow: boolean): Promise<boolean> {
  return (await readdir(folder, { recursive: alsoBelow }).catch(() => [])).some((name) => isYamlPath(name.toLowerCase()));
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).catch(() => null) !== null;
}

/** On a disk that does not tell "Rules" from "rules". */
async function isSame(path: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([path, other].map((each) => stat(each).catch(() => null)));
  return a !== null && b !== null && a!.ino === b!.ino && a!.dev === b!.dev;
}
