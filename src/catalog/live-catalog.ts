import type { Catalog } from '../decision/types.js';
import type { CatalogFiles } from './catalog-files.js';
import type { CatalogResult, CatalogSummary } from './load-catalog.js';
import type { Problem } from './problem.js';

/** The catalog that decides now, and what became of the last attempt to put another in its place. */
export interface LiveCatalog {
  /** Takes one step to change, between requests: a request takes it once and keeps it. */
  current(): Catalog;
  /** When the current one became live, in epoch milliseconds. */
  loadedAt(): number;
  warnings(): readonly Problem[];
  summary(): CatalogSummary;
  /** The files that the current one was made from. */
  files(): CatalogFiles;
  /** Why the files as they are now are not live; `null`: they are. */
  refused(): { readonly at: number; readonly problems: readonly Problem[] } | null;
  /** Takes a load's result: a good one becomes live at once, a bad one changes nothing but `refused`. */
  take(load: CatalogLoad, at: number): void;
  /** Called after every change of `current` or `refused`; the answer ends it. */
  subscribe(listener: () => void): () => void;
}

export interface CatalogLoad { readonly result: CatalogResult; readonly files: CatalogFiles }
export type GoodLoad = CatalogLoad & { readonly result: Extract<CatalogResult, { ok: true }> };

export function createLiveCatalog(first: GoodLoad, at: number): LiveCatalog {
  let live = { ...first, loadedAt: at };
  let refused: ReturnType<LiveCatalog['refused']> = null;
  const listeners = new Set<() => void>();
  return {
    current: () => live.result.catalog,
    loadedAt: () => live.loadedAt,
    warnings: () => live.result.warnings,
    summary: () => live.result.summary,
    files: () => live.files,
    refused: () => refused,
    take: ({ result, files }, takenAt) => {
      if (!result.ok) {
        refused = { at: takenAt, problems: result.problems };
      } else {
        const changed = result.catalog.revision !== live.result.catalog.revision;
        if (!changed && refused === null) return;
        refused = null;
        // The same content again (a touched file, a change taken back): what is live stays, with all that is cached by it.
        if (changed) live = { result, files, loadedAt: takenAt };
      }
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
