import type { Model } from '../../decision/types.js';
import type { ManifestProblem, ModelLoader } from '../model-loader.js';
import type { Scorer } from '../scorer.js';
import { assembleModel, proveModel, type OnnxModel } from './load-model.js';
import { createOnnxScorer } from './onnx-scorer.js';
import { createSessionCache } from './session-cache.js';
import { openSession } from './session.js';

/** ONNX models of one process: what `loader` loads, `scorer` runs. */
export interface OnnxModels { readonly loader: ModelLoader; readonly scorer: Scorer }

export function createOnnxModels(): OnnxModels {
  const loaded = new WeakMap<Model, OnnxModel>();
  const sessions = createSessionCache(openSession);
  return {
    scorer: createOnnxScorer(loaded),
    loader: {
      load: async (request) => {
        const warnings: ManifestProblem[] = [];
        if ((request.manifest.golden ?? []).length === 0) warnings.push({ path: '', message: 'Without `golden` rows nothing proves that the columns are the ones of the training, in its order' });
        const proof = await proveModel(request, sessions.open);
        if (!proof.ok) return { ok: false, problems: proof.problems, warnings };
        if (request.expressions.some((columns) => columns.includes(null))) return { ok: false, problems: [], warnings };
        if (proof.proven.choice.rowsPerRun !== null) warnings.push({ path: '/file', message: `The model takes ${proof.proven.choice.rowsPerRun} rows at a time, which is slow for many offers: export it with an open number of rows` });
        const onnxModel = assembleModel(request, proof.proven);
        loaded.set(onnxModel.model, onnxModel);
        return { ok: true, model: onnxModel.model, warnings };
      },
    },
  };
}
