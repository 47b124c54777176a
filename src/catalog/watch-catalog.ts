import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import { messageOf } from '../errors.js';
import { catalogFolders } from './catalog-files.js';
import type { CatalogLoad } from './live-catalog.js';
import { formatProblem } from './problem.js';
import { wholeFile } from './read-files.js';
import { createReloadQueue, scheduleByTimer, type Schedule } from './reload-queue.js';
import { walkCatalogFolder } from './walk-catalog-folder.js';

export interface CatalogWatchOptions {
  readonly folder: string;
  /** Reads, checks and compiles all of it: `loadCatalogFolder`. */
  readonly load: () => Promise<CatalogLoad>;
  /** A load is through, good or not. */
  readonly onLoad: (load: CatalogLoad) => void;
  /** When the reading of what is live began, in epoch milliseconds: what has changed since is loaded at once. */
  readonly readAt?: number;
  /** A file counts as written when nothing has changed for so long. */
  readonly quietMs?: number;
  /** How often to look whether something has changed that no event told of. */
  readonly lookMs?: number;
  readonly schedule?: Schedule;
}

export interface CatalogWatch {
  /** Resolves when changes from now on are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const watched = new Set<string>(['', 'schema.yaml', 'schema.yml', ...catalogFolders]);
/** Looking takes at most this share of the time, however many files there are. */
const shareOfTime = 0.02;

/**
 * Loads a folder again whenever something in it changes. Events make that quick; they do not make it sure: the watcher
 * holds on to the folder that it was opened on, so it is deaf when that is moved away or a link leads elsewhere (as
 * releases are switched), and it loses changes when folders come and go within a moment. So the folder is looked at,
 * too: names, sizes and times, not contents.
 */
export function watchCatalog({ folder, load, onLoad, readAt = Infinity, quietMs = 200, lookMs = 1_000, schedule = scheduleByTimer }: CatalogWatchOptions): CatalogWatch {
  const path = resolve(folder);
  let closed = false;
  let seen: Glimpse = nothing;
  const queue = createReloadQueue(async () => {
    seen = { ...seen, files: (await glimpseOf(path)).files };
    onLoad(await load().catch((error: unknown) => failed(error)));
  }, quietMs, schedule);
  const open = (): FSWatcher => watch(path, { ignoreInitial: true, ignored: (name) => !watched.has(relative(path, name).split(sep)[0]!) })
    .on('all', () => queue.request())
    // Too many files are watched, say: looking goes on.
    .on('error', () => undefined);

  let watcher = open();
  let cancelLook: () => void = () => undefined;
  const look = async (): Promise<void> => {
    const begun = performance.now();
    const now = await glimpseOf(path);
    if (closed) return;
    if (now.files !== seen.files || now.root !== seen.root) queue.request();
    if (now.root !== seen.root) {
      await watcher.close();
      watcher = open();
    }
    // `files` is what the last load began with, or what this look has already asked a load for.
    seen = now;
    lookAfter(Math.max(lookMs, (performance.now() - begun) / shareOfTime));
  };
  const lookAfter = (delayMs: number): void => {
    if (!closed) cancelLook = schedule(() => void look(), delayMs);
  };

  const opened = new Promise<void>((done) => void watcher.once('ready', done));
  const looked = glimpseOf(path).then((first) => {
    seen = first;
    if (first.changedAt >= readAt) queue.request();
    lookAfter(lookMs);
  });
  return {
    ready: Promise.all([opened, looked]).then(() => undefined),
    close: async () => {
      closed = true;
      cancelLook();
      await watcher.close();
      await queue.close();
    },
  };
}

/** Which folder is behind the path at this moment, and what lies in it. */
interface Glimpse {
  readonly root: string;
  readonly files: string;
  /** The latest change of a file, in epoch milliseconds. */
  readonly changedAt: number;
}
const nothing: Glimpse = { root: '', files: '', changedAt: 0 };

async function glimpseOf(folder: string): Promise<Glimpse> {
  const { root, found, problems } = await walkCatalogFolder(folder);
  if (root === null) return nothing;
  const own = await stat(root).catch(() => null);
  // What only stands in the way, a folder of the wrong name or a link, is none of the files, and its going is a change.
  const files = [...[...found].map(([path, { ino, size, mtimeMs, ctimeMs }]) => `${path} ${ino} ${size} ${mtimeMs} ${ctimeMs}`), ...problems.map(formatProblem)].join('\n');
  const changedAt = [...found.values()].reduce((latest, { mtimeMs, ctimeMs }) => Math.max(latest, mtimeMs, ctimeMs), 0);
  return { root: `${root} ${own?.dev ?? 0} ${own?.ino ?? 0}`, files, changedAt };
}

function failed(error: unknown): CatalogLoad {
  const message = `the catalog could not be loaded: ${messageOf(error)}`;
  return { files: new Map(), result: { ok: false, problems: [wholeFile('.', message)] } };
}
