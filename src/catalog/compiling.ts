import type { CompiledSchema } from './compile-schema.js';
import type { ExpressionCompiler } from './expression-compiler.js';
import type { Names } from './references.js';
import type { Spot } from './spot.js';

/** An entry of a list, with its shape checked and the place where it stands. */
export interface Entry<T> {
  readonly raw: T;
  readonly spot: Spot;
  /** False: some of it did not fit and was left out, so that what is lacking may have been among that. */
  readonly isWhole: boolean;
}

/** What every step of compiling needs. */
export interface Compiling {
  readonly schema: CompiledSchema;
  readonly expressions: ExpressionCompiler;
  readonly names: { readonly offer: Names; readonly model: Names; readonly event: Names };
  /** Output names by model id, of the models that could be read. */
  readonly modelOutputs: ReadonlyMap<string, Names>;
  /** A day number in the catalog's time zone. */
  readonly today: number;
}

/** Whether the model and its output exist; reported where not. */
export function checkModelOutput({ names, modelOutputs }: Compiling, { model, output }: { readonly model?: string; readonly output?: string }, spot: Spot): void {
  if (model === undefined || !names.model.check(model, spot.at('model')) || output === undefined) return;
  modelOutputs.get(model)?.check(output, spot.at('output'));
}
