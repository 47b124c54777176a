import type { EncodedInput } from '../feature-encoder.js';
import { allocate } from '../tensor-data.js';
import { oneLine } from './one-line.js';
import type { GraphValue } from './graph.js';
import type { Session, Tensor } from './session.js';

/** A tensor of an answer: row-major, rowCount × width. */
export interface Columns { readonly width: number; readonly data: ArrayLike<number | bigint> }

export type RowsAnswer =
  | { readonly ok: true; readonly tensors: ReadonlyMap<string, Columns> }
  | { readonly ok: false; readonly reason: string };

/** Runs rows through a model, and holds the answer to one row out for one row in. Never rejects. */
export type RowRunner = (inputs: readonly EncodedInput[], rowCount: number, tensors: readonly string[]) => Promise<RowsAnswer>;

/** `rowsPerRun`: `null` for all at once; else that many, the last run filled up with copies of the last row. */
export function createRowRunner(session: Session, shapes: readonly GraphValue[], rowsPerRun: number | null): RowRunner {
  const shapeOf = new Map(shapes.map(({ name, shape }) => [name, shape]));
  const runOnce: RowRunner = async (inputs, rowCount, tensors) => {
    try {
      const feeds: Record<string, Tensor> = {};
      for (const { name, type, width, data } of inputs) feeds[name] = { type, data, dims: dimsOf(shapeOf.get(name) ?? null, rowCount, width) };
      return readTensors(await session.run(feeds, tensors), tensors, rowCount);
    } catch (error) {
      return { ok: false, reason: oneLine(error) };
    }
  };
  return rowsPerRun === null ? runOnce : inPortions(runOnce, rowsPerRun);
}

/** The dimensions of `rowCount` rows; where the input has more than two, one of the others may be open. */
function dimsOf(shape: GraphValue['shape'], rowCount: number, width: number): number[] {
  if (shape === null || shape.length === 2) return [rowCount, width];
  const rest = shape.slice(1);
  const known = rest.reduce<number>((product, size) => product * (size ?? 1), 1);
  return [rowCount, ...rest.map((size) => size ?? width / known)];
}

function readTensors(answer: Readonly<Record<string, Tensor>>, names: readonly string[], rowCount: number): RowsAnswer {
  const tensors = new Map<string, Columns>();
  for (const name of names) {
    const { type, dims, data } = answer[name]!;
    if (type === 'string' || type === 'float16') return { ok: false, reason: `the output "${name}" is of type ${type}, not a number` };
    if (dims[0] !== rowCount || data.length % rowCount !== 0) {
      return { ok: false, reason: `the output "${name}" has ${dims[0] === undefined ? 'no rows' : rows(dims[0])} for ${rows(rowCount)} of input` };
    }
    tensors.set(name, { width: data.length / rowCount, data: data as ArrayLike<number | bigint> });
  }
  return { ok: true, tensors };
}

export function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function inPortions(runOnce: RowRunner, rowsPerRun: number): RowRunner {
  return async (inputs, rowCount, names) => {
    const gathered = new Map<string, { width: number; data: (number | bigint)[] }>();
    for (let start = 0; start < rowCount; start += rowsPerRun) {
      const answer = await runOnce(inputs.map((input) => portionOf(input, rowCount, start, rowsPerRun)), rowsPerRun, names);
      if (!answer.ok) return answer;
      for (const [name, { width, data }] of answer.tensors) {
        let columns = gathered.get(name);
        if (columns === undefined) gathered.set(name, columns = { width, data: [] });
        if (columns.width !== width) return { ok: false, reason: `the output "${name}" has ${columns.width} columns for one row and ${width} for another` };
        const count = Math.min(rowsPerRun, rowCount - start) * width;
        for (let index = 0; index < count; index += 1) columns.data.push(data[index]!);
      }
    }
    return { ok: true, tensors: gathered };
  };
}

function portionOf(input: EncodedInput, rowCount: number, start: number, count: number): EncodedInput {
  return pickRows(input, Array.from({ length: count }, (_, row) => Math.min(start + row, rowCount - 1)));
}

/** An input of the named rows, in that order; a row may be named more than once. */
export function pickRows(input: EncodedInput, picked: readonly number[]): EncodedInput {
  const { type, width } = input;
  const source: ArrayLike<unknown> = input.data;
  const data = allocate(type, picked.length * width);
  picked.forEach((row, at) => {
    for (let column = 0; column < width; column += 1) (data as unknown[])[at * width + column] = source[row * width + column];
  });
  return { ...input, data };
}
