import type { Model, ModelAnswer } from '../../decision/types.js';
import type { Calibrate } from '../calibration.js';
import type { FeatureEncoder } from '../feature-encoder.js';
import type { Scorer } from '../scorer.js';
import { oneLine } from './one-line.js';
import type { OutputPlace } from './prove-model.js';
import type { Columns, RowRunner } from './row-runner.js';

/** All that a run needs of a loaded model. */
export interface OnnxModel {
  readonly encode: FeatureEncoder;
  readonly run: RowRunner;
  readonly outputs: ReadonlyMap<string, OnnxOutput>;
}
export interface OnnxOutput extends OutputPlace { readonly calibrate: Calibrate | null }

/** Float arithmetic may leave a probability this far outside 0..1; it is then put back. */
const probabilityTolerance = 1e-6;

export function createOnnxScorer(loaded: { get(model: Model): OnnxModel | undefined }): Scorer {
  return {
    score: async ({ model, slots, layout, offers, outputs, probabilities }) => {
      const onnxModel = loaded.get(model);
      if (onnxModel === undefined) return refuse(model, 'it was not loaded here');
      const unknown = [...outputs, ...probabilities].find((name) => !onnxModel.outputs.has(name));
      if (unknown !== undefined) return refuse(model, `it has no output "${unknown}"`);
      const names = [...new Set([...outputs, ...probabilities])];
      if (offers?.length === 0) return { ok: true, outputs: new Map(names.map((name) => [name, new Float64Array(0)])) };
      try {
        // Where no column reads the offer, one row answers for all.
        const perOffer = offers !== null && model.reads.has('offer');
        const encoded = onnxModel.encode({ slots, layout, offers: perOffer ? offers : null });
        if (!encoded.ok) return refuse(model, encoded.reason);
        const places = names.map((name) => [name, onnxModel.outputs.get(name)!] as const);
        const answer = await onnxModel.run(encoded.inputs, encoded.rowCount, [...new Set(places.map(([, { tensor }]) => tensor))]);
        if (!answer.ok) return refuse(model, answer.reason);

        const answered = new Map<string, Float64Array>();
        for (const [name, place] of places) {
          const values = readOutput(answer.tensors.get(place.tensor)!, place, encoded.rowCount, probabilities.includes(name));
          if (typeof values === 'string') return refuse(model, `${name} ${values}`);
          answered.set(name, offers === null || perOffer ? values : new Float64Array(offers.length).fill(values[0]!));
        }
        return { ok: true, outputs: answered };
      } catch (error) {
        return refuse(model, oneLine(error));
      }
    },
  };
}

function refuse({ id }: Model, reason: string): ModelAnswer {
  return { ok: false, reason: `Model ${id}: ${reason}` };
}

/** One output of all rows; or what is wrong with it. */
function readOutput({ width, data }: Columns, place: OnnxOutput, rowCount: number, probability: boolean): Float64Array | string {
  if (width !== place.width) return `is one of ${width} columns, and when the model was loaded it was one of ${place.width}`;
  const values = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    const raw = Number(data[row * width + place.column]);
    if (!Number.isFinite(raw)) return `is ${raw} in row ${row}`;
    const value = place.calibrate === null ? raw : place.calibrate(raw);
    values[row] = value;
    if (!probability || (value >= 0 && value <= 1)) continue;
    if (!(value >= -probabilityTolerance && value <= 1 + probabilityTolerance)) return `is ${value} in row ${row}, which is no probability`;
    values[row] = value < 0 ? 0 : 1;
  }
  return values;
}
