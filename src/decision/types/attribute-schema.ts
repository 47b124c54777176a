import type { JsonObject } from './words.js';

/** One of the JSON Schemas of schema.yaml. */
export interface AttributeSchema {
  readonly json: JsonObject;
  /**
   * What of the value does not fit, each with a JSON pointer into the value; none: it fits. `complete: false` lets
   * top-level members that the schema requires be missing, as a decision may come without them.
   */
  violations(value: JsonObject, how: { readonly complete: boolean }): readonly { readonly pointer: string; readonly detail: string }[];
}
