import { fillOffer } from './slots.js';
import { propensityOf, type Scores } from './propensity.js';
import type { ActiveTrigger } from './triggers.js';
import type { TriggerVerdicts } from './trigger-verdicts.js';
import { worthOf, type Scoring } from './worth.js';
import type { Situation } from './situation.js';
import type { Offer, Rejection, Strategy, Treatment, Worth } from './types.js';

/** One offer on its way through the decision; each step adds what it found. */
export interface Candidate {
  readonly offer: Offer;
  /** Among those that are scored, from 0; of another -1. */
  readonly place: number;
  /** That it is judged in. */
  readonly situation: Situation;
  /** Everything that refused it so far; with a full explanation all, otherwise the first. */
  rejections: readonly Rejection[];
  /** By place of the request, as far as they have been chosen. */
  treatments: (Treatment | null | undefined)[] | null;
  /** The rest is set by scoring; here, and not in an object of its own, since a full explanation has it for every offer of the
   *  catalog. `null`: it has not been scored. */
  worth: Worth | null;
  trigger: ActiveTrigger | null;
  propensity: number;
  /** propensity × value × weight; 0 where the value is unknown. Whether a rule says no is not in it. */
  priority: number;
}

export function newCandidate(offer: Offer, situation: Situation, place = -1, rejections = notRefused): Candidate {
  return { offer, place, situation, rejections, treatments: null, worth: null, trigger: null, propensity: 0, priority: 0 };
}

export function refuse(candidate: Candidate, rejection: Rejection): void {
  candidate.rejections = [...candidate.rejections, rejection];
}

/** Of an offer that nothing has refused. Lists of rejections are shared, and never changed. */
export const notRefused: readonly Rejection[] = Object.freeze([]);

/** What is found of all offers in one situation, and so in one channel. */
export interface Assessment {
  readonly situation: Situation;
  readonly verdicts: TriggerVerdicts;
  readonly strategy: Strategy;
  readonly control: boolean;
  /** How many offers were looked at. */
  readonly looked: number;
  /** Those that were scored: not refused before, or (with a full explanation) all. Ascending by id. */
  readonly left: readonly Candidate[];
  /** The others, each with its first refusal; found out when it is asked for. */
  readonly refusedBefore: RefusedBefore;
  readonly scores: Scores;
}

export interface RefusedBefore {
  all(): readonly Candidate[];
  /** `undefined`: it was not looked at, or it is among those that are left. */
  find(offer: Offer): Candidate | undefined;
}

/** All that were looked at, ascending by id. */
export function lookedAt({ left, refusedBefore }: Assessment): readonly Candidate[] {
  return [...left, ...refusedBefore.all()].sort((a, b) => a.offer.row - b.offer.row);
}

/** `undefined`: the offer was not looked at. */
export function candidateOf({ left, refusedBefore }: Assessment, offer: Offer): Candidate | undefined {
  let low = 0;
  let high = left.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (left[middle]!.offer.row < offer.row) low = middle + 1;
    else high = middle;
  }
  return left[low]?.offer === offer ? left[low] : refusedBefore.find(offer);
}

/** Makes its situation's slots speak of this offer. */
export function enterOffer({ offer, situation, worth, propensity }: Candidate): void {
  const { slots, catalog: { layout } } = situation;
  fillOffer(slots, layout, offer);
  slots[layout.always.propensity] = worth === null ? undefined : propensity;
  slots[layout.always.value] = worth?.value ?? undefined;
}

/** priority = propensity × value × weight. */
export function score(candidate: Candidate, scoring: Scoring): void {
  const { verdicts, scores } = scoring;
  const propensity = propensityOf(candidate, scores);
  const trigger = verdicts.strongestOn(candidate.offer);
  const worth = worthOf(candidate, trigger, scoring);
  const { value, weight } = worth;
  const priority = value === null ? 0 : propensity * value * weight;
  const isNumber = Number.isFinite(priority);
  candidate.worth = isNumber ? worth : { ...worth, value: null };
  candidate.trigger = trigger;
  candidate.propensity = propensity;
  candidate.priority = isNumber ? priority : 0;
}
