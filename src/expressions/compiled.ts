import type { Slots } from '../decision/types.js';

export type Evaluate = (slots: Slots) => unknown;

/** A term as closures. `missing` adds the paths whose absence left it unknown; it is called only where `evaluate`
 *  gave `undefined`. */
export interface Compiled {
  readonly evaluate: Evaluate;
  readonly missing: (slots: Slots, into: Set<string>) => void;
}
