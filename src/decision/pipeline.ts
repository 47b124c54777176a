import { adviseChannels } from './channel-advice.js';
import { activeTriggers, openVerdicts } from './trigger-verdicts.js';
import { candidateOf, enterOffer, refuse, score, type Assessment, type Candidate } from './candidate.js';
import { chooseStrategy } from './strategy.js';
import { deriveAttributes } from './derivation.js';
import { describe, findingsOf } from './explanation.js';
import { inControlGroup } from './control.js';
import { judge } from './rules.js';
import { openRefusals, screenWithReasons } from './refusals.js';
import { placesOf } from './places.js';
import { rowsOf, screen, type Screen } from './screening.js';
import { inChannel, openSituation, type DecisionInput, type Situation } from './situation.js';
import { byPriority } from './by-priority.js';
import { fillPlaces } from './ranking.js';
import { rankLazily } from './ranked.js';
import { scoreOffers } from './propensity.js';
import { valueReason } from './value.js';
import type { Scoring } from './worth.js';
import type { Decision, ModelAnswer, ModelRun, OfferRule } from './types.js';

/** Hands out runs of models, and is given their answers in the same order. */
type Steps<Result> = Generator<readonly ModelRun[], Result, readonly ModelAnswer[]>;

/**
 * The decision, step by step. Pure and synchronous: where a step needs models, the generator hands out the runs
 * and is given their answers, in the same order. The outcome is that of scoring every offer and then filtering;
 * without a full explanation, what a rule refuses anyway is not scored.
 *
 * Where the request gives several channels, each is assessed by itself, and every offer gets its best one.
 */
export function* decide(input: DecisionInput): Steps<Decision> {
  const situation = openSituation(input);
  const { channels } = input.request;
  if (channels === undefined) return answer(yield* assess(situation));
  const assessments: Assessment[] = [];
  for (const channel of channels) assessments.push(yield* assess(inChannel(situation, channel)));
  return adviseChannels(assessments);
}

/** What each offer is worth in this situation, and what refuses it. */
function* assess(situation: Situation): Steps<Assessment> {
  const { catalog, request, customer, slots } = situation;
  const withReasons = request.explain === 'full';

  // 1. Who is it, and what is going on?
  yield* deriveAttributes(situation);
  const verdicts = openVerdicts(situation);
  slots[catalog.layout.always.triggers] = activeTriggers(situation, verdicts.of);

  // 2. The customer's strategy: the goal of the relationship.
  const strategy = chooseStrategy(catalog, slots);
  const control = customer.id !== undefined && inControlGroup(customer.id, catalog.control);

  // 3. Which offers may be made at all? Cheap questions first.
  const screened: Screen = { situation, verdicts, places: placesOf(situation), rows: rowsToLookAt(situation, control) };
  const left = withReasons ? screenWithReasons(screened) : screen(screened);

  // 4. Propensity and value: each model runs once, over all the offers that are left.
  const scores = yield* scoreOffers(situation, left);
  scoreAll(left, { situation, strategy, verdicts, scores, settled: catalog.settledWorths.get(strategy)! });

  // 5. The rules that read propensity or value.
  judgeScores(left, situation, withReasons);
  return { situation, verdicts, strategy, control, looked: screened.rows?.length ?? catalog.offers.length, left, refusedBefore: openRefusals(screened, left), scores };
}

/** `null`: all of the catalog's. Customers of the control group get nothing but fallbacks. */
function rowsToLookAt(situation: Situation, control: boolean): Int32Array | null {
  const { offers, explain } = situation.request;
  if (!control || explain === 'full') return offers === undefined ? null : rowsOf(offers, situation);
  return rowsOf(fallbackIdsOf(situation).filter((id) => offers === undefined || offers.has(id)), situation);
}

function fallbackIdsOf(situation: Situation): readonly string[] {
  return placesOf(situation).flatMap(({ fallback }) => fallback ?? []);
}

function scoreAll(candidates: readonly Candidate[], scoring: Scoring): void {
  for (const candidate of candidates) score(candidate, scoring);
}

function judgeScores(candidates: readonly Candidate[], { catalog: { screening: { byOffer } } }: Situation, withReasons: boolean): void {
  for (const candidate of candidates) {
    const { onScore } = byOffer[candidate.offer.row]!;
    if (onScore.length > 0 || candidate.worth!.value === null) judgeScore(candidate, onScore, withReasons);
  }
}

function judgeScore(candidate: Candidate, onScore: readonly OfferRule[], withReasons: boolean): void {
  const { offer, situation, worth } = candidate;
  for (const offerRule of onScore) {
    enterOffer(candidate);
    const rejection = judge(offerRule, offer, situation);
    if (rejection === null) continue;
    refuse(candidate, rejection);
    if (!withReasons) break;
  }
  if (worth!.value !== null) return;
  enterOffer(candidate);
  refuse(candidate, { rule: 'value', kind: 'value', reason: valueReason(offer, worth!.factors, situation.slots) });
}

function answer(assessment: Assessment): Decision {
  const { situation, control, left } = assessment;

  // 6. Ranking: by priority, into the places.
  const ranked = rankLazily(control ? [] : left.filter(({ rejections, priority }) => rejections.length === 0 && priority > 0), byPriority);
  const fallbacks = new Map<string, Candidate>();
  for (const id of fallbackIdsOf(situation)) {
    fallbacks.set(id, candidateOf(assessment, situation.catalog.offersById.get(id)!)!);
  }
  const ranking = fillPlaces(placesOf(situation), ranked, fallbacks);

  // 7. The answer, explained as deep as was asked.
  return describe(findingsOf(assessment, ranked, ranking));
}
