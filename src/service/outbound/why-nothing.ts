import type { Decision } from '../../decision/types.js';

/** What kept a decision with every reason (`explain: full`) from an offer, in words: the first no. */
export function whyNothing({ excluded, noOfferReason }: Decision): string {
  return excluded?.find(({ rejectedBy }) => rejectedBy.length > 0)?.rejectedBy[0]?.reason ?? noOfferReason ?? 'No offer is left';
}
