import { stat, realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import { catalogFolders } from './catalog-files.js';
import type { CatalogLoad } from './live-catalog.js';
import type { Problem } from './problem.js';
import { wholeFile } from './read-files.js';
import { createReloadQueue, scheduleByTimer, type Schedule } from './reload-queue.js';

export interface CatalogWatchOptions {
  readonly folder: string;
  /** Reads, checks and compiles all of it: `loadCatalogFolder`. */
  readonly load: () => Promise<CatalogLoad>;
  /** A load is through, good or not. */
  readonly onLoad: (load: CatalogLoad) => void;
  /** A file counts as written when nothing has changed for so long. */
  readonly quietMs?: number;
  /** How often to look whether the folder itself is another one (see `identityOf`). */
  readonly identityMs?: number;
  readonly schedule?: Schedule;
}

export interface CatalogWatch {
  /** Resolves when changes from now on are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const watched = new Set<string>(['', 'schema.yaml', 'schema.yml', ...catalogFolders]);

/** Loads a folder again whenever something in it changes. */
export function watchCatalog({ folder, load, onLoad, quietMs = 200, identityMs = 1_000, schedule = scheduleByTimer }: CatalogWatchOptions): CatalogWatch {
  const root = resolve(folder);
  const queue = createReloadQueue(async () => {
    onLoad(await load().catch((error: unknown) => failed(error)));
  }, quietMs, schedule);

  const open = (): FSWatcher => {
    const opened = watch(root, { ignoreInitial: true, ignored: (path) => !watched.has(relative(root, path).split(sep)[0]!) });
    opened.on('all', () => queue.request());
    // An error of the watcher (too many files are watched, say) must not end the service; the next look reopens it.
    opened.on('error', () => void (identity = null));
    return opened;
  };
  let closed = false;
  let identity: string | null = null;
  let watcher = open();
  const ready = Promise.all([new Promise<void>((done) => void watcher.once('ready', done)), identityOf(root).then((now) => void (identity = now))]).then(() => undefined);

  // A watcher holds on to the folder that it was opened on: when that is moved away, removed, or a link that now leads
  // elsewhere (as releases are switched), it would see nothing any more.
  let cancelLook: () => void = () => undefined;
  const look = async (): Promise<void> => {
    const now = await identityOf(root);
    if (closed) return;
    if (now !== identity) {
      await watcher.close();
      identity = now;
      watcher = open();
      queue.request();
    }
    lookLater();
  };
  const lookLater = (): void => {
    if (!closed) cancelLook = schedule(() => void look(), identityMs);
  };
  void ready.then(lookLater);

  return {
    ready,
    close: async () => {
      closed = true;
      cancelLook();
      await watcher.close();
      await queue.close();
    },
  };
}

/** Which folder is behind the path at this moment; `null`: none. */
async function identityOf(folder: string): Promise<string | null> {
  try {
    const [path, { dev, ino }] = await Promise.all([realpath(folder), stat(folder)]);
    return `${path}:${dev}:${ino}`;
  } catch {
    return null;
  }
}

function failed(error: unknown): CatalogLoad {
  const problem: Problem = wholeFile('.', `the catalog could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  return { files: new Map(), result: { ok: false, problems: [problem] } };
}
