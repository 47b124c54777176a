import type { Expression, Model } from '../decision/types.js';
import type { ModelManifest } from './model-manifest.js';

/**
 * The port that turns a model's file and manifest into a `Model` which the `Scorer` of the same adapter can run.
 * Everything is checked before it answers, the golden rows too. Never rejects: what is wrong is a list of problems.
 */
export interface ModelLoader {
  load(request: ModelLoadRequest): Promise<ModelLoadResult>;
}

export interface ModelLoadRequest {
  /** Fits `modelManifestSchema`. */
  readonly manifest: ModelManifest;
  /** The model's file. Not written to; may be thrown away afterwards. */
  readonly bytes: Uint8Array;
  readonly expressions: ColumnExpressions;
}

/**
 * `expressions[i][j]` is `manifest.inputs[i].columns[j].from`, compiled. `null`: it does not compile, which the caller
 * reports; all else is checked all the same, and the answer is `ok: false`.
 */
export type ColumnExpressions = readonly (readonly (ColumnExpression | null)[])[];

export interface ColumnExpression {
  readonly expression: Expression;
  readonly type: ColumnValueType;
  /** Of a text: the only ones that it can be, where that is known. Values of `oneHot` and `map` beside them are problems. */
  readonly values?: readonly string[];
}

/** `any`: not known before it is evaluated. */
export type ColumnValueType = 'bool' | 'int' | 'double' | 'string' | 'date' | 'timestamp' | 'duration' | 'list' | 'map' | 'any';

export type ModelLoadResult =
  | { readonly ok: true; readonly model: Model; readonly warnings: readonly ManifestProblem[] }
  | { readonly ok: false; readonly problems: readonly ManifestProblem[]; readonly warnings: readonly ManifestProblem[] };

export interface ManifestProblem {
  /** A JSON pointer into the manifest: "/inputs/0/columns/2". */
  readonly path: string;
  readonly message: string;
}
