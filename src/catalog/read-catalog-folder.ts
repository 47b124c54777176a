import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileBounds, roleOf, type CatalogFiles } from './catalog-files.js';
import type { Problem } from './problem.js';
import { wholeFile } from './read-files.js';
import { passingOver, walkCatalogFolder } from './walk-catalog-folder.js';
import { parseYamlFile } from './yaml-file.js';

/** The files of a catalog folder that count, and what could not be read. */
export async function readCatalogFolder(folder: string): Promise<{ readonly files: CatalogFiles; readonly problems: readonly Problem[]; readonly isThere: boolean }> {
  const files = new Map<string, Uint8Array>();
  const walk = await walkCatalogFolder(folder);
  const { root, found } = walk;
  if (root === null) return { files, isThere: false, problems: [wholeFile('.', `there is no folder ${folder}: a catalog is a folder that holds schema.yaml (NBO_CATALOG)`)] };
  const problems = [...walk.problems];
  const read = (path: string, most: number): Promise<void> => passingOver(path, problems, async () => {
    files.set(path, await readBounded(join(root, path), most));
  });

  for (const path of found.keys()) {
    if (roleOf(path)?.role !== 'model-file') await read(path, fileBounds.yamlBytes);
  }
  // Only now is it known which file of a model's folder is the model.
  for (const [path, content] of [...files]) {
    const named = roleOf(path)?.role === 'manifest' ? modelFileOf(path, content) : null;
    if (named !== null && found.has(named)) await read(named, fileBounds.modelBytes);
  }
  return { files, problems, isThere: true };
}

/** Where the manifest says that its model is; `null` where it does not, or names a place that is not beside it. */
function modelFileOf(path: string, content: Uint8Array): string | null {
  const { value } = parseYamlFile(path, new TextDecoder().decode(content));
  const file = typeof value === 'object' && value !== null && 'file' in value ? value.file : undefined;
  if (typeof file !== 'string') return null;
  const beside = path.slice(0, path.lastIndexOf('/') + 1) + file;
  return roleOf(beside)?.role === 'model-file' ? beside : null;
}

/** One byte more than allowed at most, so that who checks the size sees that it is too large. */
async function readBounded(path: string, most: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, most + 1));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
