import type { Detail } from '../errors.js';
import type { Catalog, JsonObject } from '../decision/types.js';

/** A live catalog, with the checks that its schema makes of requests. */
export interface ServedCatalog {
  readonly catalog: Catalog;
  readonly loadedAt: number;
  /** Problems with customer attributes, as pointers below `pointer`. `complete`: what the schema requires must be there. */
  checkAttributes(attributes: JsonObject, pointer: string, complete: boolean): readonly Detail[];
  /** Problems with a request's context, as pointers below `pointer`. */
  checkContext(context: JsonObject, pointer: string): readonly Detail[];
}

/** The port to the live catalog: swapped in one step, so a request takes it once and keeps it. */
export interface LiveCatalog {
  current(): ServedCatalog;
}
