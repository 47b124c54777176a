import type { Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { catalogFolders, fileBounds, roleOf, type CatalogFiles } from './catalog-files.js';
import { compareText, type Problem } from './problem.js';
import { wholeFile } from './read-files.js';
import { parseYamlFile } from './yaml-file.js';

const deepestFolder = 16;

/**
 * The files of a catalog folder that count, and what could not be read. Names that begin with a dot are passed over;
 * links are followed within the folder only. A file that goes away meanwhile is as one that was not there.
 */
export async function readCatalogFolder(folder: string): Promise<{ readonly files: CatalogFiles; readonly problems: readonly Problem[] }> {
  const files = new Map<string, Uint8Array>();
  const problems: Problem[] = [];
  let root: string;
  try {
    root = await realpath(folder);
  } catch {
    return { files, problems: [wholeFile('.', 'there is no catalog folder here: set NBO_CATALOG to the folder that holds schema.yaml')] };
  }

  const read = async (path: string, most: number): Promise<void> => {
    const bytes = await readBounded(join(root, path), most);
    if (bytes !== null) files.set(path, bytes);
  };
  /** What the path leads to, or `null`: nothing, or nothing that counts. */
  const look = async (path: string): Promise<Stats | null> => {
    const real = await realpath(join(root, path));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
      problems.push(wholeFile(path, 'is a link that leads out of the catalog folder: it is not followed'));
      return null;
    }
    return stat(real);
  };
  const visit = async (path: string, depth: number): Promise<void> => {
    const found = await look(path);
    if (found?.isDirectory() === true) {
      if (depth > deepestFolder) problems.push(wholeFile(path, `lies more than ${deepestFolder} folders deep: does a link lead in a circle?`));
      else for (const name of (await readdir(join(root, path))).sort(compareText)) if (!name.startsWith('.')) await passingOver(`${path}/${name}`, (below) => visit(below, depth + 1));
    } else if (found?.isFile() === true) {
      const role = roleOf(path)?.role;
      if (role === undefined || role === 'model-file' || files.size > fileBounds.files) return;
      await read(path, fileBounds.yamlBytes);
    }
  };
  const passingOver = async (path: string, act: (path: string) => Promise<void>): Promise<void> => {
    try {
      await act(path);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') problems.push(wholeFile(path, `cannot be read (${code})`));
    }
  };

  for (const path of ['schema.yaml', 'schema.yml', ...catalogFolders]) await passingOver(path, (below) => visit(below, 1));
  for (const [path, content] of [...files]) {
    const role = roleOf(path);
    const named = role?.role === 'manifest' ? modelFileOf(path, content) : null;
    if (named === null) continue;
    await passingOver(named, async () => {
      if ((await look(named))?.isFile() === true) await read(named, fileBounds.modelBytes);
    });
  }
  return { files, problems };
}

/** Where the manifest says that its model is; `null` where it does not, or names a place that is not beside it. */
function modelFileOf(path: string, content: Uint8Array): string | null {
  const { value } = parseYamlFile(path, new TextDecoder().decode(content));
  const file = typeof value === 'object' && value !== null && 'file' in value ? value.file : undefined;
  if (typeof file !== 'string') return null;
  const beside = path.slice(0, path.lastIndexOf('/') + 1) + file;
  return roleOf(beside)?.role === 'model-file' ? beside : null;
}

/** One byte more than allowed at most, so that who checks the size sees that it is too large. `null`: no regular file. */
async function readBounded(path: string, most: number): Promise<Uint8Array | null> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const wanted = Math.min(size, most + 1);
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await handle.read(bytes, filled, wanted - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
