import { fillOffer } from './slots.js';
import type { Scored, Scores } from './propensity.js';
import type { Situation } from './situation.js';
import type { Factor, FactorsFound, Offer, Slots } from './types.js';

/** value = volume × margin × duration. `null`: unknown, negative or beyond all numbers, and the offer is excluded. */
export function valueOf({ volume, margin, duration }: FactorsFound): number | null {
  if (volume === null || margin === null || duration === null || volume < 0 || margin < 0 || duration < 0) return null;
  const value = volume * margin * duration;
  return Number.isFinite(value) ? value : null;
}

export function factorOf(factor: Factor, scored: Scored, { slots, catalog }: Situation, scores: Scores): number | null {
  switch (factor.type) {
    case 'number': return factor.number;
    case 'model': return scores.of(factor.model, factor.output, scored) ?? factor.prior;
    case 'expression': {
      const { expression } = factor;
      if (expression.reads.has('offer')) fillOffer(slots, catalog.layout, scored.offer);
      const number = expression.evaluate(slots);
      return number === undefined || !Number.isFinite(number) ? null : number;
    }
  }
}

/** Why the value excludes the offer, in words. Its slots are filled. */
export function valueReason(offer: Offer, { volume, margin, duration }: FactorsFound, slots: Slots): string {
  const numbers = { volume, margin, duration };
  for (const name of ['volume', 'margin', 'duration'] as const) {
    const number = numbers[name];
    if (number !== null && number < 0) return `The ${name} is negative`;
    if (number !== null) continue;
    const factor = offer.value[name];
    const missing = factor.type === 'expression' ? factor.expression.missing(slots) : [];
    return missing.length === 0 ? `The ${name} is unknown` : `The ${name} is unknown (missing: ${missing.join(', ')})`;
  }
  return 'The value is beyond all numbers';
}
