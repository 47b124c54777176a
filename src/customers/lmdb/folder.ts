import type { FileHandle } from 'node:fs/promises';
import { access, constants, mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { NoStoreError, StoreError } from '../customer-store.js';
import { messageOf } from '../../errors.js';

/** What a page's header and the meta data behind it take. */
const metaBytes = 160;
const lmdbMagic = 0xbeefc0de;

/** Makes the folder, for this user only, where it is not there, and looks whether LMDB may open what is in it. True
 *  where there was no store in it before. Rejects with a StoreError. */
export async function prepareFolder(folder: string): Promise<boolean> {
  try {
    await makeFolder(resolve(folder));
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'it, or a folder above it, is a file' : messageOf(error);
    throw new StoreError(`The store's folder ${folder} cannot be used: ${reason}. Name a folder that this user may read and write.`);
  }
  if (await holdsData(folder)) return false;
  await expectRoom(folder);
  return true;
}

/** A new store takes less; LMDB ends the process with a signal where it cannot make one. */
const leastFreeBytes = 512 * 1024;

async function expectRoom(folder: string): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  // A file system that counts no blocks tells nothing.
  if (blocks > 0 && bavail * bsize < leastFreeBytes) throw new StoreError(`No store can be made in ${folder}: the disk is full. Make room, or name a folder on another one.`);
}

/** Rejects with a StoreError where there is no store in the folder; makes nothing. */
export async function expectStore(folder: string): Promise<void> {
  if (!(await holdsData(folder))) throw new NoStoreError(`There is no store in ${folder}.`);
}

/** LMDB crashes the process on a data file that is none, so the first page is looked at before it is opened. */
async function holdsData(folder: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(join(folder, 'data.mdb'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new StoreError(`The store in ${folder} cannot be opened: ${messageOf(error)}.`);
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new StoreError(`The store in ${folder} cannot be opened: data.mdb is no file.`);
    if (found.size === 0) return false;
    if (!(await isWhole(file))) {
      throw new StoreError(`The store in ${folder} cannot be opened: data.mdb is damaged, or was made by something else. Restore it, or name another folder.`);
    }
    return true;
  } finally {
    await file.close();
  }
}

/** Pages that a transaction took and gave back are counted, and may never have been written at the file's end. */
const unwrittenPages = 1024n;
const noPage = 0xffff_ffff_ffff_ffffn;

/**
 * Whether both meta pages are LMDB's, and what the newer one refers to is in the file. Offsets are those of `MDB_page`
 * and `MDB_meta` in LMDB's source, on a machine with the same order of bytes.
 */
async function isWhole(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  const first = await metaAt(file, 0);
  const second = first === null ? null : await metaAt(file, first.pageBytes);
  if (first === null || second === null) return false;
  const { pageBytes, lastPage, roots } = first.transaction >= second.transaction ? first : second;
  const pages = BigInt(Math.floor(size / pageBytes));
  return roots.every((root) => root === noPage || root < pages) && lastPage < pages + unwrittenPages;
}

/** `null`: there is no meta page of LMDB. */
async function metaAt(file: FileHandle, position: number): Promise<{ readonly pageBytes: number; readonly roots: readonly bigint[]; readonly lastPage: bigint; readonly transaction: bigint } | null> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(metaBytes), 0, metaBytes, position);
  if (bytesRead < metaBytes || buffer.readUInt32LE(24) !== lmdbMagic) return null;
  const pageBytes = buffer.readUInt32LE(48);
  if (pageBytes < 256 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) return null;
  return { pageBytes, roots: [buffer.readBigUInt64LE(88), buffer.readBigUInt64LE(136)], lastPage: buffer.readBigUInt64LE(144), transaction: buffer.readBigUInt64LE(152) };
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
