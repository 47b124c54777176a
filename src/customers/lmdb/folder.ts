import type { FileHandle } from 'node:fs/promises';
import { access, constants, mkdir, open, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../customer-store.js';

/** The least page that LMDB uses; two pages of a data file say what it is. */
const pageBytes = 4096;
const lmdbMagic = 0xbeefc0de;
const magicOffset = 24;

/** Makes the folder, for this user only, where it is not there, and looks whether LMDB may open what is in it. True
 *  where there was no store in it before. Rejects with a StoreError. */
export async function prepareFolder(folder: string): Promise<boolean> {
  try {
    await makeFolder(resolve(folder));
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'it, or a folder above it, is a file' : reasonOf(error);
    throw new StoreError(`The store's folder ${folder} cannot be used: ${reason}. Name a folder that this user may read and write.`);
  }
  return !(await holdsData(folder));
}

/** LMDB crashes the process on a data file that is none, so the first page is looked at before it is opened. */
async function holdsData(folder: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(join(folder, 'data.mdb'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new StoreError(`The store in ${folder} cannot be opened: ${reasonOf(error)}.`);
  }
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2 * pageBytes), 0, 2 * pageBytes, 0);
    if (bytesRead === 0) return false;
    const magic = buffer.readUInt32LE(magicOffset);
    if (bytesRead < 2 * pageBytes || (magic !== lmdbMagic && buffer.readUInt32BE(magicOffset) !== lmdbMagic)) {
      throw new StoreError(`The store in ${folder} cannot be opened: data.mdb is damaged, or was made by something else. Restore it, or name another folder.`);
    }
    return true;
  } finally {
    await file.close();
  }
}

/** Not `recursive`, which never returns where the system says that a folder that is there is not (as /proc does). */
async function makeFolder(folder: string, mayMakeParent = true): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || !mayMakeParent || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder, false);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
