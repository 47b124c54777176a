import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that holds `files`, in a folder of its own which goes with it. */
export async function temporaryFolder(files: ReadonlyMap<string, string>): Promise<{ readonly base: string; readonly folder: string; readonly write: (path: string, text: string) => Promise<void>; readonly remove: () => Promise<void> }> {
  const base = await mkdtemp(join(tmpdir(), 'nbo-catalog-'));
  const folder = join(base, 'catalog');
  await fill(folder, files);
  return {
    base, folder,
    write: (path, text) => fill(folder, new Map([[path, text]])),
    remove: () => rm(base, { recursive: true, force: true }),
  };
}

export async function fill(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
