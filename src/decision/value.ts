import { fillOffer } from './slots.js';
import type { Scored, Scores } from './propensity.js';
import type { Situation } from './situation.js';
import type { Factor, Factors, Lever, Offer, Slots, Strategy, Trigger } from './types.js';

/** value = volume × margin × duration. A factor is `null` where it is unknown; then the value is, too. */
export interface Valuation {
  readonly volume: number | null;
  readonly margin: number | null;
  readonly duration: number | null;
  /** `null`: unknown, negative or beyond all numbers, and the offer is excluded. */
  readonly value: number | null;
}

export function valuate(scored: Scored, situation: Situation, scores: Scores): Valuation {
  const { value: factors } = scored.offer;
  const volume = factorOf(factors.volume, scored, situation, scores);
  const margin = factorOf(factors.margin, scored, situation, scores);
  const duration = factorOf(factors.duration, scored, situation, scores);
  if (volume === null || margin === null || duration === null || volume < 0 || margin < 0 || duration < 0) return { volume, margin, duration, value: null };
  const value = volume * margin * duration;
  return { volume, margin, duration, value: Number.isFinite(value) ? value : null };
}

function factorOf(factor: Factor, scored: Scored, { slots, catalog }: Situation, scores: Scores): number | null {
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
export function valueReason(offer: Offer, { volume, margin, duration }: Valuation, slots: Slots): string {
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

/** The offer's lever where `now` is within its dates. */
export function leverOf({ lever }: Offer, now: number): Lever | null {
  return lever !== null && now >= lever.fromMs && now < lever.untilMs ? lever : null;
}

export interface Weights extends Pick<Factors, 'strategy' | 'trigger' | 'lever'> {
  /** strategy × trigger × lever. */
  readonly weight: number;
}

/** What does not concern the offer weighs 1. */
export function weigh(offer: Offer, { weights }: Strategy, trigger: Trigger | null, now: number): Weights {
  const strategy = weights.get(offer.kind) ?? 1;
  const byTrigger = trigger?.effect.weight ?? 1;
  const lever = leverOf(offer, now)?.weight ?? 1;
  return { strategy, trigger: byTrigger, lever, weight: strategy * byTrigger * lever };
}
