import type { Catalog } from '../decision/types.js';

/** The port to the live catalog. It is swapped in one step between requests, so a request takes it once and keeps it. */
export interface CurrentCatalog {
  current(): Catalog;
}
