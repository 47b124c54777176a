import type { Scored, Scores } from './propensity.js';
import type { Situation } from './situation.js';
import type { ActiveTrigger } from './triggers.js';
import type { TriggerVerdicts } from './trigger-verdicts.js';
import type { FactorsFound, Lever, Offer, Strategy, Worth } from './types.js';
import { factorOf, valueOf } from './value.js';

/** What the offers of one situation are scored with. */
export interface Scoring {
  readonly situation: Situation;
  readonly strategy: Strategy;
  readonly verdicts: TriggerVerdicts;
  readonly scores: Scores;
  /** The strategy's, by row (`Catalog.settledWorths`). */
  readonly settled: readonly (Worth | null)[];
}

/** `trigger`: that weighs the offer. */
export function worthOf(scored: Scored, trigger: ActiveTrigger | null, { situation, strategy, scores, settled }: Scoring): Worth {
  const { offer } = scored;
  const known = trigger === null ? settled[offer.row] : null;
  if (known) return known;
  const { volume, margin, duration } = offer.value;
  return worthBy({
    volume: factorOf(volume, scored, situation, scores),
    margin: factorOf(margin, scored, situation, scores),
    duration: factorOf(duration, scored, situation, scores),
    strategy: strategyWeight(offer, strategy),
    trigger: trigger === null ? 1 : trigger.trigger.effect.weight,
    lever: leverOf(offer, situation.now)?.weight ?? 1,
  });
}

/** Where no trigger weighs the offer; `null`: it hangs on the customer, a model or the date. */
export function settledWorthOf(offer: Offer, strategy: Strategy): Worth | null {
  const { value: { volume, margin, duration }, lever } = offer;
  if (volume.type !== 'number' || margin.type !== 'number' || duration.type !== 'number' || lever !== null) return null;
  return worthBy({ volume: volume.number, margin: margin.number, duration: duration.number, strategy: strategyWeight(offer, strategy), trigger: 1, lever: 1 });
}

/** The factors are one object, which the explanation passes on as it is. What does not concern the offer weighs 1. */
function worthBy(factors: FactorsFound): Worth {
  return { factors, value: valueOf(factors), weight: factors.strategy * factors.trigger * factors.lever };
}

export function strategyWeight({ kind }: Offer, { weights }: Strategy): number {
  return weights.get(kind) ?? 1;
}

/** The offer's lever where `now` is within its dates. */
export function leverOf({ lever }: Offer, now: number): Lever | null {
  return lever !== null && now >= lever.fromMs && now < lever.untilMs ? lever : null;
}
