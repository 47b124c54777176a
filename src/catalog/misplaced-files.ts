import { entryFolders, isYamlPath, roleOf } from './catalog-files.js';
import type { Problem } from './problem.js';
import { wholeFile } from './read-files.js';

const endsInYaml = 'is not read: the name of a file here ends in .yaml';
const isManifest = (name: string): boolean => name === 'model.yaml' || name === 'model.yml';

/**
 * What is to be said of a file in a folder of the catalog that is not read for its name; `null`: nothing. "rules/card.YAML"
 * was meant to be read, or the catalog would go live without it: an error. "card.yaml.txt" or ".card.yaml" may have been
 * put aside so: a warning. Notes for people (*.md) are none by intent, nor are what a Mac lays beside each file
 * ("._card.yaml") and what lies in a folder that begins with a dot.
 * `text`: what is in it, of what may be a stray manifest.
 */
export function misplacedFile(path: string, text = ''): Problem | null {
  const [folder, ...below] = path.split('/');
  const name = below.pop();
  if (name === undefined || below.some((segment) => segment.startsWith('.'))) return null;
  const written = name.toLowerCase();
  if (folder === 'models') return misplacedModelFile(path, below.length, name, text);
  if (!entryFolders.some((each) => each === folder) || roleOf(path) !== null || written.endsWith('.md')) return null;
  if (name.startsWith('.')) return isYamlPath(name) && !name.startsWith('._') ? wholeFile(path, 'is not read: its name begins with a dot', 'warning') : null;
  return isYamlPath(written) ? wholeFile(path, wrongLetters(name.replace(/\w+$/, (ending) => ending.toLowerCase()))) : wholeFile(path, endsInYaml, 'warning');
}

/** A YAML file in models/ itself, which may also be some tool's. */
export const mayBeStrayManifest = (path: string): boolean => /^models\/[^/]+\.ya?ml$/i.test(path);
const describesModel = (text: string): boolean => /^file\s*:/m.test(text) && /^outputs\s*:/m.test(text);

function misplacedModelFile(path: string, depth: number, name: string, text: string): Problem | null {
  const written = name.toLowerCase();
  if (depth === 1 && isManifest(written) && !isManifest(name)) return wholeFile(path, wrongLetters(written));
  return mayBeStrayManifest(path) && describesModel(text) ? wholeFile(path, `is not read: each model has a folder of its own, with a file model.yaml (models/${written.replace(/\.\w+$/, '')}/model.yaml)`, 'warning') : null;
}

const wrongLetters = (right: string): string => `${endsInYaml} or .yml, in small letters; rename it to ${right}. If it is no part of the catalog, give it another ending`;
