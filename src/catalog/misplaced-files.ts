import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stepsBetween, suggest } from '../suggestion.js';
import { isYamlPath, roleOf } from './catalog-files.js';
import { compareText, type Problem } from './problem.js';
import { wholeFile } from './read-files.js';

/** The folders of which every file is an entry's; beside a model anything may lie. */
const entryFolders = ['strategies', 'offers', 'rules', 'triggers'] as const;
type EntryFolder = (typeof entryFolders)[number];
const singularOf: Readonly<Record<EntryFolder, string>> = { strategies: 'strategy', offers: 'offer', rules: 'rule', triggers: 'trigger' };

const endsInYaml = 'is not read: the name of a file here ends in .yaml';
const isManifest = (name: string): boolean => name === 'model.yaml' || name === 'model.yml';

/**
 * What is to be said of a file in a folder of the catalog that is not read for its name; `null`: nothing. "rules/card.YAML"
 * was meant to be read, or the catalog would go live without it: an error. "card.yaml.txt" or ".card.yaml" may have been
 * put aside so: a warning. Notes for people (*.md) are none by intent, nor are what a Mac lays beside each file
 * ("._card.yaml") and what lies in a folder that begins with a dot.
 */
export function misplacedFile(path: string): Problem | null {
  const [folder, ...below] = path.split('/');
  const name = below.pop();
  if (name === undefined || below.some((segment) => segment.startsWith('.'))) return null;
  const written = name.toLowerCase();
  if (folder === 'models') return below.length === 1 && isManifest(written) && !isManifest(name) ? wholeFile(path, wrongLetters(written)) : null;
  if (!entryFolders.some((each) => each === folder) || roleOf(path) !== null || written.endsWith('.md')) return null;
  if (name.startsWith('.')) return isYamlPath(name) && !name.startsWith('._') ? wholeFile(path, 'is not read: its name begins with a dot', 'warning') : null;
  return isYamlPath(written) ? wholeFile(path, wrongLetters(name.replace(/\w+$/, (ending) => ending.toLowerCase()))) : wholeFile(path, endsInYaml, 'warning');
}

const wrongLetters = (right: string): string => `${endsInYaml} or .yml, in small letters; rename it to ${right}. If it is no part of the catalog, give it another ending`;

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
  const named = entryFolders.find((folder) => [folder, singularOf[folder], `${singularOf[folder]}s`].includes(written));
  return named ?? entryFolders.find((folder) => folder[0] === written[0] && stepsBetween(written, folder) === 1);
}

const misnamed = (meant: EntryFolder): string => `is not read: the folder of ${meant} is ${meant}/; rename it, or move what it holds there. If it is no part of the catalog, give it another name`;

/** The error about the folder of a file ("rule/card.yaml"), which may not be passed over: the catalog would go live without
 *  it, a rule of consent, say. `null`: there is none. As on disk, what lies further below counts only where the folder that
 *  was meant is not there. */
export function misnamedFolderOf(path: string, isThere: (folder: EntryFolder) => boolean): Problem | null {
  const [folder, ...below] = path.split('/');
  if (folder === undefined || below.length === 0 || !isYamlPath(path.toLowerCase())) return null;
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
    const meant = entryFolderMeantBy(name);
    const similar = meant ?? suggest(name, entryFolders);
    if (similar !== undefined && similar !== name && await holdsYaml(join(root, name), meant !== undefined && !await isThere(join(root, meant))) && !await isSame(join(root, name), join(root, similar))) {
      problems.push(meant === undefined ? wholeFile(`${name}/`, `is not read: did you mean ${similar}/?`, 'warning') : wholeFile(`${name}/`, misnamed(meant)));
    } else if (isYamlPath(name.toLowerCase()) && roleOf(name) === null) {
      const word = entryFolders.find((folder) => name.toLowerCase().includes(singularOf[folder].replace(/y$/, '')));
      if (word !== undefined) problems.push(wholeFile(name, `is not read: ${word} are in files in the folder ${word}/`, 'warning'));
    }
  }
  return problems;
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
