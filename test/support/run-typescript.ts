import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** What a running copy does not need, or has of its own. */
const notLinked = new Set(['src', 'test', 'bench', 'dist', 'data', 'coverage', '.git', '.demo']);

/** A copy of `src/` as JavaScript in a temporary folder, for tests that need a process of their own. */
export interface RunnableSources {
  /** The copy's root: `src/` lies in it as it does in the repository. */
  readonly folder: string;
  /** Where the copy of a file of `src/` or of the `files` asked for lies, by its path from the repository's root. */
  pathOf(file: string): string;
  /** Starts such a file in plain Node, with messages that carry maps, `undefined` and any text; stdout and stderr are
   *  pipes. */
  fork(file: string, args?: readonly string[], options?: ForkOptions): ChildProcess;
  remove(): Promise<void>;
}

/** Transpiles `src/` and the `files` (paths from the repository's root). Everything else of the repository, packages
 *  too, is linked, so that paths relative to the sources hold. Types are not checked. */
export async function transpileSources(files: readonly string[] = []): Promise<RunnableSources> {
  const folder = await mkdtemp(join(tmpdir(), 'nbo-sources-'));
  const sources = (await readdir(join(root, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  await Promise.all([...sources, ...files].map((file) => copy(file, folder)));
  for (const entry of await readdir(root)) if (!notLinked.has(entry)) await symlink(join(root, entry), join(folder, entry));
  const pathOf = (file: string): string => join(folder, withoutTypes(file));
  return {
    folder,
    pathOf,
    fork: (file, args = [], options = {}) => fork(pathOf(file), args, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], ...options }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function copy(file: string, folder: string): Promise<void> {
  const text = await readFile(join(root, file), 'utf8');
  const target = join(folder, withoutTypes(file));
  await mkdir(dirname(target), { recursive: true });
  if (extname(file) !== '.ts') return writeFile(target, text);
  const { code } = await transform(text, { filename: file, sourceMaps: 'inline', jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } });
  await writeFile(target, code);
}

function withoutTypes(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

/** How the process ended: its exit code, or the signal that ended it. */
export function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(child.signalCode);
  return new Promise((resolveEnd) => child.once('exit', (code, signal) => resolveEnd(code ?? signal ?? 0)));
}
