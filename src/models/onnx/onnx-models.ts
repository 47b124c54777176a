import { createHash } from 'node:crypto';
import type { Model, Root } from '../../decision/types.js';
import { calibratedOutput, compileCalibration } from '../calibration.js';
import { checkManifest } from '../check-manifest.js';
import { createFeatureEncoder } from '../feature-encoder.js';
import type { ColumnExpression, ManifestProblem, ModelLoader, ModelLoadRequest } from '../model-loader.js';
import type { ModelManifest } from '../model-manifest.js';
import type { Scorer } from '../scorer.js';
import { createOnnxScorer, type OnnxModel } from './onnx-scorer.js';
import { oneLine } from './one-line.js';
import { proveModel, type Proof, type ProvenModel } from './prove-model.js';
import { createRowRunner, rows } from './row-runner.js';
import { createSessionCache, openFile, type OpenModel } from './session-cache.js';
import { openSession } from './session.js';
import { startTrial, type Trial } from './trial.js';

/** ONNX models of one process: what `loader` loads, `scorer` runs. */
export interface OnnxModels { readonly loader: ModelLoader; readonly scorer: Scorer }

const maxModelBytes = 256 * 2 ** 20;
const provenLimit = 256;

/** `openTrial`: where a model that is new here is run first; a process of its own by default. */
export function createOnnxModels(openTrial: () => Trial = startTrial): OnnxModels {
  const loaded = new WeakMap<Model, OnnxModel>();
  const sessions = createSessionCache(openSession);
  const proven = new Map<string, ProvenModel>();
  const inTurn = oneAtATime();    // a catalog loads all its models at once, and each would start a process

  /** What was proven once in this process is not tried again: most reloads change no model. */
  const prove = async (manifest: ModelManifest, bytes: Uint8Array, found: readonly ManifestProblem[]): Promise<Proof> => {
    if (bytes.length > maxModelBytes) return { ok: false, problems: [...found, { path: '/file', message: `The file has ${bytes.length} bytes; at most ${maxModelBytes} are read` }] };
    const key = keyOf(manifest, bytes);
    const known = proven.get(key);
    if (known !== undefined && found.length === 0) return { ok: true, proven: known };
    const trial = openTrial();
    try {
      const proof = await proveModel(manifest, bytes, found, openFile(trial.open));
      if (!proof.ok) return proof;
      if (proven.size >= provenLimit) proven.delete(proven.keys().next().value!);
      proven.set(key, proof.proven);
      return proof;
    } catch (error) {
      return { ok: false, problems: [...found, { path: '/file', message: `The model could not be tried: ${oneLine(error)}` }] };
    } finally {
      trial.close();
    }
  };

  return {
    scorer: createOnnxScorer(loaded),
    loader: {
      load: async (request) => {
        const { manifest, bytes, expressions } = request;
        const warnings: ManifestProblem[] = [];
        if ((manifest.golden ?? []).length === 0) warnings.push({ path: '', message: 'Without `golden` rows nothing proves that the file is the model unharmed and that it scores here as in training (that the columns stand in the order of the training they do not prove)' });
        const proof = await inTurn(() => prove(manifest, bytes, checkManifest(manifest, expressions)));
        if (!proof.ok) return { ok: false, problems: proof.problems, warnings };
        if (expressions.some((columns) => columns.includes(null))) return { ok: false, problems: [], warnings };
        const { rowsPerRun, freeRows } = proof.proven.choice;
        if (rowsPerRun !== null) warnings.push({ path: '/file', message: `The model takes ${rows(rowsPerRun)} at a time, which is slow for many offers: export it with an open number of rows` });
        const opening = await sessions.open(bytes, freeRows);
        if (!opening.ok) return { ok: false, problems: [{ path: '/file', message: opening.reason }], warnings };

        const model = describeModel(request);
        loaded.set(model, assemble(request, opening.opened, proof.proven));
        return { ok: true, model, warnings };
      },
    },
  };
}

function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/** All that a proof depends on. */
function keyOf({ inputs, outputs, golden }: ModelManifest, bytes: Uint8Array): string {
  return createHash('sha256').update(JSON.stringify([inputs, outputs, golden])).update('\0').update(bytes).digest('hex');
}

function describeModel({ manifest, expressions }: ModelLoadRequest): Model {
  const reads = new Set<Root>(expressions.flatMap((columns) => columns.flatMap((column) => [...column?.expression.reads ?? []])));
  return Object.freeze({ id: manifest.id, outputs: Object.freeze(Object.keys(manifest.outputs)), reads });
}

function assemble({ manifest, expressions }: ModelLoadRequest, { session, prepared }: OpenModel, { choice, places }: ProvenModel): OnnxModel {
  const calibrate = manifest.calibration === undefined ? null : compileCalibration(manifest.calibration);
  return {
    encode: createFeatureEncoder(manifest.inputs, expressions as readonly (readonly ColumnExpression[])[]),
    run: createRowRunner(session, prepared.inputs, choice.rowsPerRun),
    outputs: new Map([...places].map(([name, place]) => [name, { ...place, calibrate: name === calibratedOutput ? calibrate : null }])),
  };
}
