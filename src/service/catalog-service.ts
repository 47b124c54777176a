import { describeCatalog } from './catalog-description.js';
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
  readonly validate: (files: Readonly<Record<string, string>>) => Promise<CatalogValidation>;
}

export function createCatalogService({ current, loadedAt, refusedBecause, storeProblem, validate }: CatalogServiceParts): Pick<Services, 'catalog' | 'readiness'> {
  return {
    catalog: {
      describe: () => describeCatalog(current(), loadedAt()),
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
