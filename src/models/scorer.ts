import type { ModelAnswer, ModelRun } from '../decision/types.js';

/**
 * The port to models. Encodes one row per offer (in order; one row where `offers` is null), runs the model once,
 * and checks the answer: the row count, every number finite, every probability within 0..1.
 * Never rejects: what goes wrong is `{ ok: false, reason }`, for the whole run and never for a part.
 */
export interface Scorer {
  score(run: ModelRun): Promise<ModelAnswer>;
}
