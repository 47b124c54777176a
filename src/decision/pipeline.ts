import { adviseChannels } from './channel-advice.js';
import { askRules, placesOf, screen } from './screening.js';
import { isActive, judgeTriggers } from './triggers.js';
import { enterOffer, scoreOf, type Assessment, type Candidate } from './candidate.js';
import { chooseStrategy } from './strategy.js';
import { deriveAttributes } from './derivation.js';
import { describe } from './explanation.js';
import { inControlGroup } from './control.js';
import { openRules } from './rules.js';
import { inChannel, openSituation, type DecisionInput, type Situation } from './situation.js';
import { byPriority, fillPlaces } from './ranking.js';
import { scoreOffers } from './propensity.js';
import { valueReason } from './value.js';
import type { Decision, ModelAnswer, ModelRun } from './types.js';

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
  const inquiry = { all: request.explain === 'full' };

  // 1. Who is it, and what is going on?
  yield* deriveAttributes(situation);
  const verdicts = judgeTriggers(situation);
  const triggers = verdicts.filter(isActive);
  slots[catalog.layout.always.triggers] = triggers.map(({ trigger }) => trigger.id);

  // 2. The customer's strategy: the goal of the relationship.
  const strategy = chooseStrategy(catalog, slots);
  const control = customer.id !== undefined && inControlGroup(customer.id, catalog.control);

  // 3. Which offers may be made at all? Cheap questions first.
  const places = placesOf(situation);
  const fallbackIds = new Set(places.flatMap(({ fallback }) => fallback ?? []));
  const rules = openRules(situation);
  const candidates = catalog.offers
    .filter(({ id }) => (!control || inquiry.all || fallbackIds.has(id)) && (request.offers === undefined || request.offers.has(id)))
    .map((offer): Candidate => ({ offer, situation, rejections: [], treatments: [], score: null }));
  for (const candidate of candidates) {
    askRules(candidate, ({ rule }) => rule.beforeScoring, rules, inquiry);
    screen(candidate, triggers, places, inquiry);
  }

  // 4. Propensity and value: each model runs once, over all the offers that are left.
  const left = inquiry.all ? candidates : candidates.filter(({ rejections }) => rejections.length === 0);
  const scores = yield* scoreOffers(situation, left.map(({ offer }) => offer));
  for (const candidate of left) {
    enterOffer(candidate);
    candidate.score = scoreOf(candidate.offer, situation, strategy, triggers, scores);
  }

  // 5. The rules that read propensity or value.
  for (const candidate of left) {
    askRules(candidate, ({ rule }) => !rule.beforeScoring, rules, inquiry);
    const { valuation } = candidate.score!;
    if (valuation.value !== null) continue;
    enterOffer(candidate);
    candidate.rejections.push({ rule: 'value', kind: 'value', reason: valueReason(candidate.offer, valuation, slots) });
  }
  return { situation, verdicts, strategy, control, candidates, left, scores };
}

function answer(assessment: Assessment): Decision {
  const { situation, control, candidates, left } = assessment;

  // 6. Ranking: by priority, into the places.
  const ranked = control ? [] : left.filter(({ rejections, score }) => rejections.length === 0 && score!.priority > 0).sort(byPriority);
  const places = placesOf(situation);
  const fallbackIds = new Set(places.flatMap(({ fallback }) => fallback ?? []));
  const fallbacks = new Map(candidates.filter(({ offer }) => fallbackIds.has(offer.id)).map((candidate) => [candidate.offer.id, candidate]));
  const ranking = fillPlaces(places, ranked, fallbacks);

  // 7. The answer, explained as deep as was asked.
  return describe({ ...assessment, ranked, ranking });
}
