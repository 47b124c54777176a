import { askModels, type Situation } from './situation.js';
import type { Model, ModelAnswer, ModelRun, Offer } from './types.js';

/** An offer that is to be scored. `place`: among all that are, from 0. */
export interface Scored { readonly offer: Offer; readonly place: number }

/** The models' answers for one decision. */
export interface Scores {
  /** `undefined`: the model could not answer, so the prior counts. */
  of(modelId: string, output: string, scored: Scored): number | undefined;
}

/** What one model is asked: which outputs, for which offers. `rows`: by the offer's place its row among these. */
interface Question { readonly model: Model; readonly offers: Offer[]; readonly rows: number[]; readonly outputs: Set<string>; readonly probabilities: Set<string> }

/** Where no offer asks a model. */
const noScores: Scores = { of: () => undefined };

/** Scores the offers' propensities and their value's factors: each model runs once, over all offers that name it. */
export function* scoreOffers(situation: Situation, scored: readonly Scored[]): Generator<readonly ModelRun[], Scores, readonly ModelAnswer[]> {
  const { catalog, slots, degraded } = situation;
  const questions = questionsOf(situation, scored);
  if (questions.size === 0) return noScores;
  const asked = [...questions.values()];
  const runs = asked.map(({ model, offers, outputs, probabilities }): ModelRun => ({
    model, layout: catalog.layout, slots, offers: model.reads.has('offer') ? offers : null, outputs: [...outputs], probabilities: [...probabilities],
  }));
  const answers = yield* askModels(situation, runs);
  const answered: Answered[] = [];
  for (let index = 0; index < asked.length; index += 1) {
    const { model, rows } = asked[index]!;
    const answer = answers[index]!;
    if (!answer.ok) degraded.add(`model:${model.id}`);
    else for (const [output, values] of answer.outputs) answered.push({ modelId: model.id, output, values, rows: runs[index]!.offers === null ? null : rows });
  }
  return {
    of: (modelId, output, { place }) => {
      // A few at most, and asked for each offer: looking through them is cheaper than two maps.
      for (let index = 0; index < answered.length; index += 1) {
        const { modelId: itsModel, output: itsOutput, values, rows } = answered[index]!;
        if (itsModel === modelId && itsOutput === output) return values[rows === null ? 0 : rows[place]!];
      }
      return undefined;
    },
  };
}

/** One output of one model. `rows`: by the offer's place its row; `null`: one row is the answer for all. */
interface Answered { readonly modelId: string; readonly output: string; readonly values: ArrayLike<number>; readonly rows: readonly number[] | null }

/** Most offers ask the same as the one before them: then the questions are the same, too. */
function questionsOf({ catalog }: Situation, scored: readonly Scored[]): ReadonlyMap<string, Question> {
  const questions = new Map<string, Question>();
  let asks: Offer['asks'] = [];
  let asked: Question[] = [];
  for (const { offer, place } of scored) {
    if (offer.asks !== asks) {
      ({ asks } = offer);
      asked = [...new Set(asks.map((ask) => noted(ask, questions, catalog)))];
    }
    for (let index = 0; index < asked.length; index += 1) {
      const { offers, rows } = asked[index]!;
      rows[place] = offers.push(offer) - 1;
    }
  }
  return questions;
}

function noted({ model, output, isProbability }: Offer['asks'][number], questions: Map<string, Question>, { models }: Situation['catalog']): Question {
  let question = questions.get(model);
  if (question === undefined) questions.set(model, question = { model: models.get(model)!, offers: [], rows: [], outputs: new Set(), probabilities: new Set() });
  question.outputs.add(output);
  if (isProbability) question.probabilities.add(output);
  return question;
}

/** How likely this customer is to accept this offer, in this channel, now: the model's answer, or the offer's prior. */
export function propensityOf(scored: Scored, scores: Scores): number {
  const { model, prior } = scored.offer.propensity;
  return model === null ? prior : scores.of(model.model, model.output, scored) ?? prior;
}
