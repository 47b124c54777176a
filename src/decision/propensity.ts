import { askModels, type Situation } from './situation.js';
import type { Model, ModelAnswer, ModelRun, Offer } from './types.js';

/** The models' answers for one decision. */
export interface Scores {
  /** `undefined`: the model could not answer, so the prior counts. */
  of(modelId: string, output: string, offer: Offer): number | undefined;
}

/** What one model is asked: which outputs, for which offers. `places`: by the offer's row its place among these, from 1. */
interface Question { readonly model: Model; readonly offers: Offer[]; readonly places: Int32Array; readonly outputs: Set<string>; readonly probabilities: Set<string> }

/** Whoever is to be scored. */
interface Asking { readonly offer: Offer }

/** Where no offer asks a model. */
const noScores: Scores = { of: () => undefined };

/** Scores the candidates' propensities and their value's factors: each model runs once, over all offers that name it. */
export function* scoreOffers(situation: Situation, asking: readonly Asking[]): Generator<readonly ModelRun[], Scores, readonly ModelAnswer[]> {
  const { catalog, slots, degraded } = situation;
  const questions = questionsOf(situation, asking);
  if (questions.size === 0) return noScores;
  const asked = [...questions.values()];
  const runs = asked.map(({ model, offers, outputs, probabilities }): ModelRun => ({
    model, layout: catalog.layout, slots, offers: model.reads.has('offer') ? offers : null, outputs: [...outputs], probabilities: [...probabilities],
  }));
  const answers = yield* askModels(situation, runs);
  const answered = new Map<string, { readonly outputs: ReadonlyMap<string, ArrayLike<number>>; readonly places: Int32Array | null }>();
  for (const [index, answer] of answers.entries()) {
    const { model, places } = asked[index]!;
    if (answer.ok) answered.set(model.id, { outputs: answer.outputs, places: runs[index]!.offers === null ? null : places });
    else degraded.add(`model:${model.id}`);
  }
  return {
    of: (modelId, output, { row }) => {
      const answer = answered.get(modelId);
      return answer?.outputs.get(output)?.[answer.places === null ? 0 : answer.places[row]! - 1];
    },
  };
}

function questionsOf({ catalog }: Situation, asking: readonly Asking[]): ReadonlyMap<string, Question> {
  const questions = new Map<string, Question>();
  for (const { offer } of asking) {
    for (const { model, output, isProbability } of offer.asks) {
      let question = questions.get(model);
      if (question === undefined) {
        question = { model: catalog.models.get(model)!, offers: [], places: new Int32Array(catalog.offers.length), outputs: new Set(), probabilities: new Set() };
        questions.set(model, question);
      }
      if (question.places[offer.row] === 0) question.places[offer.row] = question.offers.push(offer);
      question.outputs.add(output);
      if (isProbability) question.probabilities.add(output);
    }
  }
  return questions;
}

/** How likely this customer is to accept this offer, in this channel, now: the model's answer, or the offer's prior. */
export function propensityOf(offer: Offer, scores: Scores): number {
  const { model, prior } = offer.propensity;
  return model === null ? prior : scores.of(model.model, model.output, offer) ?? prior;
}
