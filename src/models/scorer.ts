import type { ModelAnswer, ModelRun } from '../decision/types.js';

/**
 * The port to models. Encodes one row per offer (in order; one row where `offers` is null), runs the model once,
 * and checks the answer: the row count, every number finite, every probability within 0..1.
 * Never rejects: what goes wrong is `{ ok: false, reason }`, for the whole run and never for a part.
 * Reads `run.slots` before it returns, so the caller may change them while it waits.
 */
export interface Scorer {
  /** `budgetMs`: how long the run may take. A run cannot be cut; see overrun-guard.ts for what a late one means. */
  score(run: ModelRun, budgetMs?: number): Promise<ModelAnswer>;
}
