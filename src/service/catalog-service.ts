import { describeCatalog } from './catalog-description.js';
import { catalogJson } from './catalog-json.js';
import type { Catalog } from '../decision/types.js';
import type { CatalogValidation } from './openapi-types.js';
import type { Services } from './service.js';

/** What the service tells of its catalog. The parts that need files come in, since the service knows no files. */
export interface CatalogServiceParts {
  readonly current: () => Catalog;
  readonly loadedAt: () => number;
  /** In one line, why the newest files are not live; `null`: they are. */
  readonly refusedBecause: () => string | null;
  /** Why the store cannot be used now; `null`: as far as is known it can. */
  readonly storeProblem: () => string | null;
  readonly monotonicMs: () => number;
  readonly validate: (files: Readonly<Record<string, string>>) => Promise<CatalogValidation>;
}

export function createCatalogService({ current, loadedAt, refusedBecause, storeProblem, monotonicMs, validate }: CatalogServiceParts): Pick<Services, 'catalog' | 'readiness'> {
  // It stays the same for as long as the catalog is live, so it is made once, however many ask.
  const described = new WeakMap<Catalog, Promise<Uint8Array>>();
  const describe = (): Promise<Uint8Array> => {
    const catalog = current();
    let json = described.get(catalog);
    if (json === undefined) described.set(catalog, json = catalogJson(describeCatalog(catalog, loadedAt()), monotonicMs));
    return json;
  };
  return {
    catalog: {
      describe,
      validate: ({ files }) => validate(files),
    },
    readiness: () => {
      const problem = refusedBecause();
      const noStore = storeProblem();
      return {
        ready: true,      // decisions are made without the store, too
        catalog: { revision: current().revision, loadedAt: new Date(loadedAt()).toISOString(), ...(problem !== null && { problem }) },
        ...(noStore !== null && { store: { problem: noStore } }),
      };
    },
  };
}
