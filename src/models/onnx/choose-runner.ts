import type { EncodedInput } from '../feature-encoder.js';
import { createRowRunner, pickRows, type Columns, type RowRunner } from './row-runner.js';
import type { OpenFile, OpenModel } from './session-cache.js';

export interface RunnerChoice {
  /** Of the model opened with free rows, or as the file is. */
  readonly freeRows: boolean;
  readonly rowsPerRun: number | null;
}

export type ChosenRunner =
  | { readonly ok: true; readonly choice: RunnerChoice; readonly runner: RowRunner; readonly widths: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly reason: string };

/**
 * Which way of running gives every row the answer that it gets alone. What the file declares does not decide, since it
 * is often wrong; what it does is tried:
 *
 * 1. all rows at once;
 * 2. where the file declares a fixed number of rows, that many at a time;
 * 3. one at a time, where a single row works and several do not.
 *
 * A model whose rows change each other's answers is refused: an offer's score would depend on the offers beside it.
 */
export async function chooseRunner(opened: OpenModel, reopen: () => ReturnType<OpenFile>, probe: readonly EncodedInput[], tensors: readonly string[]): Promise<ChosenRunner> {
  const { session, prepared } = opened;
  const atOnce = createRowRunner(session, prepared.inputs, null);
  const first = await examine(atOnce, probe, tensors);
  if (first.type === 'good') return { ok: true, choice: { freeRows: true, rowsPerRun: null }, runner: atOnce, widths: first.widths };

  if (prepared.declaredRows !== null) {
    const fixed = await reopen();
    if (fixed.ok) {
      const inPortions = createRowRunner(fixed.opened.session, fixed.opened.prepared.inputs, prepared.declaredRows);
      const second = await examine(inPortions, probe, tensors);
      if (second.type === 'good') return { ok: true, choice: { freeRows: false, rowsPerRun: prepared.declaredRows }, runner: inPortions, widths: second.widths };
      if (first.type === 'fails') return { ok: false, reason: second.reason };
    }
  }
  if (first.type === 'fails together') {
    const oneByOne = createRowRunner(session, prepared.inputs, 1);
    const third = await examine(oneByOne, probe, tensors);
    if (third.type === 'good') return { ok: true, choice: { freeRows: true, rowsPerRun: 1 }, runner: oneByOne, widths: third.widths };
  }
  return { ok: false, reason: first.reason };
}

type Finding =
  | { readonly type: 'good'; readonly widths: ReadonlyMap<string, number> }
  | { readonly type: 'fails' | 'fails together' | 'mixes rows'; readonly reason: string };

/** Runs the probe's first row alone, and beside others at the first and the last place. */
async function examine(runner: RowRunner, probe: readonly EncodedInput[], tensors: readonly string[]): Promise<Finding> {
  const alone = await runner(probe.map((input) => pickRows(input, [0])), 1, tensors);
  if (!alone.ok) return { type: 'fails', reason: alone.reason };
  const rowCount = probe[0]!.data.length / probe[0]!.width;
  const picked = [0, ...Array.from({ length: rowCount }, (_, row) => row), 0];
  const repeated = probe.map((input) => pickRows(input, picked));
  let together = await runner(repeated.map((input) => withOtherNumbers(input)), picked.length, tensors);
  // The other numbers may be none that the model knows: then its own rows must do.
  if (!together.ok) together = await runner(repeated, picked.length, tensors);
  if (!together.ok) return { type: 'fails together', reason: together.reason };
  for (const name of tensors) {
    const single = alone.tensors.get(name)!;
    const several = together.tensors.get(name)!;
    if (!agrees(single, several, 0) || !agrees(single, several, picked.length - 1)) {
      return { type: 'mixes rows', reason: `the same row has another answer in "${name}" alone than beside other rows, so a score would depend on which offers are scored together` };
    }
  }
  return { type: 'good', widths: new Map(tensors.map((name) => [name, alone.tensors.get(name)!.width])) };
}

/** Changes every row but the first and the last, so that rows which are all alike do not hide what they do to each other. */
function withOtherNumbers(input: EncodedInput): EncodedInput {
  const { data, width } = input;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return input;
  return { ...input, data: data.map((value, index) => index < width || index >= data.length - width ? value : value + 1) };
}

function agrees(single: Columns, several: Columns, row: number): boolean {
  if (single.width !== several.width) return false;
  for (let column = 0; column < single.width; column += 1) {
    const a = Number(single.data[column]);
    const b = Number(several.data[row * single.width + column]);
    // Sums may be added up in another order for several rows.
    if (!Object.is(a, b) && !(Math.abs(a - b) <= 1e-5 + 1e-5 * Math.abs(a))) return false;
  }
  return true;
}
