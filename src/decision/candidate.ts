import { strongestTrigger, type ActiveTrigger, type TriggerVerdict } from './triggers.js';
import { propensityOf, type Scores } from './propensity.js';
import { fillOffer } from './slots.js';
import { valuate, weigh, type Valuation } from './value.js';
import type { Situation } from './situation.js';
import type { Factors, Offer, Rejection, Strategy, Treatment } from './types.js';

/** One offer on its way through the decision; each step adds what it found. */
export interface Candidate {
  readonly offer: Offer;
  /** That it is judged in. */
  readonly situation: Situation;
  /** Everything that refused it so far; with a full explanation all, otherwise the first. */
  readonly rejections: Rejection[];
  /** One for each place of the request, `null` where the offer has none; empty where it has no treatments at all. */
  treatments: readonly (Treatment | null)[];
  /** Set by scoring. */
  score: Score | null;
}

/** What is found of all offers in one situation, and so in one channel. */
export interface Assessment {
  readonly situation: Situation;
  readonly verdicts: readonly TriggerVerdict[];
  readonly strategy: Strategy;
  readonly control: boolean;
  /** Every offer that was looked at. */
  readonly candidates: readonly Candidate[];
  /** Those that were scored: not refused before, or (with a full explanation) all. */
  readonly left: readonly Candidate[];
  readonly scores: Scores;
}

export interface Score {
  readonly propensity: number;
  readonly valuation: Valuation;
  readonly weights: Pick<Factors, 'strategy' | 'trigger' | 'lever'>;
  readonly trigger: ActiveTrigger | null;
  readonly weight: number;
  /** propensity × value × weight; 0 where the value is unknown. Whether a rule says no is not in it. */
  readonly priority: number;
}

/** Makes its situation's slots speak of this offer. */
export function enterOffer({ offer, situation, score }: Candidate): void {
  const { slots, catalog: { layout } } = situation;
  fillOffer(slots, layout, offer);
  slots[layout.always.propensity] = score?.propensity;
  slots[layout.always.value] = score?.valuation.value ?? undefined;
}

/** priority = propensity × value × weight. The offer's slots are filled. */
export function scoreOf(offer: Offer, situation: Situation, strategy: Strategy, triggers: readonly ActiveTrigger[], scores: Scores): Score {
  const propensity = propensityOf(offer, scores);
  const valuation = valuate(offer, situation.slots, scores);
  const trigger = strongestTrigger(triggers, offer);
  const { weight, ...weights } = weigh(offer, strategy, trigger?.trigger ?? null, situation.now);
  const priority = valuation.value === null ? 0 : propensity * valuation.value * weight;
  if (!Number.isFinite(priority)) return { propensity, valuation: { ...valuation, value: null }, weights, trigger, weight, priority: 0 };
  return { propensity, valuation, weights, trigger, weight, priority };
}
