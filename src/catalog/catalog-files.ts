import { createHash } from 'node:crypto';
import type { Pause } from './pauses.js';
import { compareText } from './problem.js';

/** The files of a catalog by their path in its folder ("offers/card.yaml", forward slashes): texts or bytes. */
export type CatalogFiles = ReadonlyMap<string, string | Uint8Array>;

/** The folders of which every file is an entry's; beside a model anything may lie. */
export const entryFolders = ['strategies', 'offers', 'rules', 'triggers'] as const;
export type EntryFolder = (typeof entryFolders)[number];
/** What an entry of a folder is called. */
export const entryWords: Readonly<Record<EntryFolder, string>> = { strategies: 'strategy', offers: 'offer', rules: 'rule', triggers: 'trigger' };

export const catalogFolders = [...entryFolders, 'models'] as const;
export type CatalogFolder = (typeof catalogFolders)[number];

/** What a file is to the catalog, by its path alone. `null`: nothing. */
export type FileRole =
  | { readonly role: 'schema' }
  | { readonly role: 'events' }
  | { readonly role: 'entries'; readonly folder: EntryFolder }
  | { readonly role: 'manifest'; readonly modelId: string }
  /** Counts only where the folder's manifest names it. */
  | { readonly role: 'model-file'; readonly modelId: string };

export const fileBounds = { yamlBytes: 1_000_000, modelBytes: 1_000_000_000, files: 10_000, pathLength: 512 } as const;

export const isYamlPath = (path: string): boolean => /\.ya?ml$/.test(path);

export function roleOf(path: string): FileRole | null {
  const [folder, ...below] = path.split('/');
  if (below.some((segment) => segment.startsWith('.'))) return null;
  if (below.length === 0) return folder === 'schema.yaml' || folder === 'schema.yml' ? { role: 'schema' } : null;
  if (folder === 'models') {
    const [modelId, file] = below;
    if (below.length !== 2 || modelId === undefined || file === undefined) return null;
    return file === 'model.yaml' || file === 'model.yml' ? { role: 'manifest', modelId } : { role: 'model-file', modelId };
  }
  if (!isYamlPath(path)) return null;
  if (path === 'triggers/events.yaml' || path === 'triggers/events.yml') return { role: 'events' };
  return folder === 'strategies' || folder === 'offers' || folder === 'rules' || folder === 'triggers' ? { role: 'entries', folder } : null;
}

/** A hash of the content: the first 16 hexadecimal digits of SHA-256 over every path that counts and its content's SHA-256. */
export async function revisionOf(files: CatalogFiles, counts: (path: string) => boolean, pause: Pause): Promise<string> {
  const whole = createHash('sha256');
  for (const path of [...files.keys()].filter(counts).sort(compareText)) {
    whole.update(JSON.stringify([path, createHash('sha256').update(files.get(path)!).digest('hex')]));
    await pause();
  }
  return whole.digest('hex').slice(0, 16);
}
