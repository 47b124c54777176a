import { askModels, type Situation } from './situation.js';
import type { Factor, Model, ModelAnswer, ModelRun, Offer } from './types.js';

/** The models' answers for one decision. */
export interface Scores {
  /** `undefined`: the model could not answer, so the prior counts. */
  of(modelId: string, output: string, offer: Offer): number | undefined;
}

/** What one model is asked: which outputs, for which offers. */
interface Question { readonly model: Model; readonly offers: Offer[]; readonly outputs: Set<string>; readonly probabilities: Set<string> }

/** Scores the offers' propensities and their value's factors: each model runs once, over all offers that name it. */
export function* scoreOffers(situation: Situation, offers: readonly Offer[]): Generator<readonly ModelRun[], Scores, readonly ModelAnswer[]> {
  const { catalog, slots, degraded } = situation;
  const questions = questionsOf(situation, offers);
  const answered = new Map<string, { readonly outputs: ReadonlyMap<string, ArrayLike<number>>; readonly rowOf: ReadonlyMap<Offer, number> | null }>();
  if (questions.length > 0) {
    const runs = questions.map(({ model, offers: asked, outputs, probabilities }): ModelRun => ({
      model, layout: catalog.layout, slots, offers: model.reads.has('offer') ? asked : null, outputs: [...outputs], probabilities: [...probabilities],
    }));
    const answers = yield* askModels(situation, runs);
    answers.forEach((answer, i) => {
      const { model, offers: rows } = runs[i]!;
      if (answer.ok) answered.set(model.id, { outputs: answer.outputs, rowOf: rows === null ? null : new Map(rows.map((offer, row) => [offer, row])) });
      else degraded.add(`model:${model.id}`);
    });
  }
  return {
    of: (modelId, output, offer) => {
      const answer = answered.get(modelId);
      if (answer === undefined) return undefined;
      return answer.outputs.get(output)?.[answer.rowOf === null ? 0 : answer.rowOf.get(offer)!];
    },
  };
}

function questionsOf({ catalog }: Situation, offers: readonly Offer[]): readonly Question[] {
  const questions = new Map<string, Question>();
  const ask = (modelId: string, output: string, offer: Offer): Question => {
    let question = questions.get(modelId);
    if (question === undefined) {
      question = { model: catalog.models.get(modelId)!, offers: [], outputs: new Set(), probabilities: new Set() };
      questions.set(modelId, question);
    }
    if (question.offers.at(-1) !== offer) question.offers.push(offer);
    question.outputs.add(output);
    return question;
  };
  const askFactor = (factor: Factor, offer: Offer): void => {
    if (factor.type === 'model') ask(factor.model, factor.output, offer);
  };
  for (const offer of offers) {
    const { model } = offer.propensity;
    if (model !== null) ask(model.model, model.output, offer).probabilities.add(model.output);
    askFactor(offer.value.volume, offer);
    askFactor(offer.value.margin, offer);
    askFactor(offer.value.duration, offer);
  }
  return [...questions.values()];
}

/** How likely this customer is to accept this offer, in this channel, now: the model's answer, or the offer's prior. */
export function propensityOf(offer: Offer, scores: Scores): number {
  const { model, prior } = offer.propensity;
  return model === null ? prior : scores.of(model.model, model.output, offer) ?? prior;
}
