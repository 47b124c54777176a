import type { ModelLoader, ModelLoadRequest } from '../../src/models/model-loader.js';
import type { Model, ModelAnswer, ModelRun, Root } from '../../src/decision/types.js';

/** A model's answers in a test: one number for all offers, or by offer id (and there by channel); `away`: it cannot answer. */
export type FakeAnswers = number | 'away' | { readonly [offerId: string]: number | { readonly [channel: string]: number } };

/** Accepts every manifest; no file is read. */
export const fakeModelLoader: ModelLoader = {
  load: ({ manifest, expressions }: ModelLoadRequest) => {
    const reads = new Set<Root>(expressions.flat().flatMap((column) => [...(column?.expression.reads ?? [])]));
    const model: Model = { id: manifest.id, outputs: Object.keys(manifest.outputs), reads };
    return Promise.resolve({ ok: true, model, warnings: [] });
  },
};

/** Answers a run from a table of model id → answers. What has no entry gets 0.1. */
export function fakeAnswer(run: ModelRun, answers: Readonly<Record<string, FakeAnswers>>): ModelAnswer {
  const given = answers[run.model.id] ?? 0.1;
  if (given === 'away') return { ok: false, reason: 'away' };
  const rows = run.offers === null ? [null] : run.offers;
  const channel = String(run.slots[run.layout.always.channel]);
  const numbers = rows.map((offer) => {
    const ofOffer = typeof given === 'number' ? given : offer === null ? 0.1 : given[offer.id] ?? 0.1;
    return typeof ofOffer === 'number' ? ofOffer : ofOffer[channel] ?? 0.1;
  });
  return { ok: true, outputs: new Map(run.outputs.map((output) => [output, numbers])) };
}
