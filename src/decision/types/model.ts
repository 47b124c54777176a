import type { Root, SlotLayout, Slots } from './expression.js';
import type { Offer } from './offer.js';

/** A model as the decision sees it: by name, with the outputs that it declares. */
export interface Model {
  readonly id: string;
  readonly outputs: readonly string[];
  /** Which roots its columns read; a model that does not read the offer gives one row for all offers. */
  readonly reads: ReadonlySet<Root>;
}

/** One run of one model: one row for each offer, in order; `offers: null` is one row without an offer. */
export interface ModelRun {
  readonly model: Model;
  readonly layout: SlotLayout;
  /** Filled but for the offer's slots, which the encoder fills row by row (`fillOffer`) and leaves as the last row had them. */
  readonly slots: Slots;
  readonly offers: readonly Offer[] | null;
  /** Outputs that must be probabilities, within 0 and 1; all must be finite. */
  readonly probabilities: readonly string[];
  readonly outputs: readonly string[];
}

/** One finite number per row for each output asked for; or why the model could not answer. */
export type ModelAnswer =
  | { readonly ok: true; readonly outputs: ReadonlyMap<string, ArrayLike<number>> }
  | { readonly ok: false; readonly reason: string };
