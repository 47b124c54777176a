import * as onnxruntime from 'onnxruntime-node';
import type { InputType } from '../model-manifest.js';
import { oneLine } from './one-line.js';

/** What we need of a runtime's session; the trial process offers the same from outside. */
export interface Session {
  readonly inputs: readonly SessionInput[];
  /** The named outputs. Rejects with an Error of one line. */
  run(feeds: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
}

export interface SessionInput {
  readonly name: string;
  /** The runtime's name of the element type; `null`: a map or a sequence, which has no tensor. */
  readonly type: string | null;
}

export interface Tensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint | string>;
}

/** One thread: a run is shorter than waking another, and the service's workers share the machine's cores. */
export const sessionOptions: onnxruntime.InferenceSession.SessionOptions = {
  executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  logSeverityLevel: 4,    // what it refuses, it says in the error; its warnings about declared shapes would fill the log
};

/** Rejects with an Error of one line. */
export async function openSession(bytes: Uint8Array): Promise<Session> {
  const session = await onnxruntime.InferenceSession.create(bytes, sessionOptions).catch(failInOneLine);
  return {
    inputs: session.inputMetadata.map((input) => ({ name: input.name, type: input.isTensor ? input.type : null })),
    run: async (feeds, outputs) => {
      const tensors: Record<string, onnxruntime.Tensor> = {};
      for (const [name, { type, data, dims }] of Object.entries(feeds)) tensors[name] = new onnxruntime.Tensor(type as InputType, data as Float32Array, dims);
      return session.run(tensors, outputs).catch(failInOneLine);
    },
  };
}

function failInOneLine(error: unknown): never {
  throw new Error(oneLine(error), { cause: error });
}
