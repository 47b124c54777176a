import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suggest } from '../suggestion.js';
import { isYamlPath, roleOf } from './catalog-files.js';
import type { Problem } from './problem.js';
import { wholeFile } from './read-files.js';

/** The folders of which every file is an entry's; beside a model anything may lie. */
const entryFolders = ['strategies', 'offers', 'rules', 'triggers'] as const;
const words = [['strateg', 'strategies'], ['offer', 'offers'], ['rule', 'rules'], ['trigger', 'triggers']] as const;

/** A file in a folder of entries that is none by its name: "rules/card.YAML". Notes for people (*.md) are none by intent. */
export function isMisplaced(path: string): boolean {
  return entryFolders.some((folder) => path.startsWith(`${folder}/`)) && roleOf(path) === null && !/\.md$/i.test(path);
}

/**
 * What lies beside the folders of a catalog and was probably meant for one of them: a folder of a similar name that
 * holds YAML, a YAML file called after one. All else beside them is somebody's project.
 */
export async function misnamedIn(root: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const { name } = entry;
    if (name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      const meant = suggest(name, entryFolders);
      if (meant !== undefined && meant !== name && await holdsYaml(join(root, name)) && !await isSame(join(root, name), join(root, meant))) problems.push(wholeFile(`${name}/`, `is not read: did you mean ${meant}/?`, 'warning'));
    } else if (isYamlPath(name.toLowerCase()) && roleOf(name) === null) {
      const meant = words.find(([word]) => name.toLowerCase().includes(word))?.[1];
      if (meant !== undefined) problems.push(wholeFile(name, `is not read: ${meant} are in files in the folder ${meant}/`, 'warning'));
    }
  }
  return problems;
}

async function holdsYaml(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).some((name) => isYamlPath(name.toLowerCase()));
}

/** On a disk that does not tell "Rules" from "rules". */
async function isSame(path: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([path, other].map((each) => stat(each).catch(() => null)));
  return a !== null && b !== null && a!.ino === b!.ino && a!.dev === b!.dev;
}
