import { columnWidth } from '../feature-column.js';
import type { EncodedInput } from '../feature-encoder.js';
import type { ManifestProblem } from '../model-loader.js';
import type { GoldenManifest, InputManifest, InputType, ModelManifest, Scalar } from '../model-manifest.js';
import { allocate, type TensorData } from '../tensor-data.js';

/** One golden entry, as tensors. */
export interface GoldenRows {
  readonly index: number;
  readonly rowCount: number;
  readonly inputs: readonly EncodedInput[];
  readonly expected: readonly { readonly output: string; readonly values: readonly number[] }[];
}

/** The entries that fit the inputs, and what is wrong with the others. */
export function readGolden(manifest: ModelManifest): { readonly golden: readonly GoldenRows[]; readonly problems: readonly ManifestProblem[] } {
  const golden: GoldenRows[] = [];
  const problems: ManifestProblem[] = [];
  (manifest.golden ?? []).forEach((entry, index) => {
    const path = `/golden/${index}`;
    const before = problems.length;
    const rowCount = Object.values(entry.inputs)[0]?.length ?? 0;
    problems.push(...checkNames(entry, manifest, path));
    for (const [name, values] of Object.entries(entry.outputs)) {
      if (values.length !== rowCount) problems.push({ path: `${path}/outputs/${escape(name)}`, message: `${values.length} values for ${rowCount} rows of input` });
    }
    const inputs = manifest.inputs.flatMap((input): EncodedInput[] => {
      const rows = Object.hasOwn(entry.inputs, input.name) ? entry.inputs[input.name]! : null;
      if (rows === null) {
        problems.push({ path: `${path}/inputs`, message: `The input "${input.name}" is missing` });
        return [];
      }
      if (rows.length !== rowCount) problems.push({ path: `${path}/inputs/${escape(input.name)}`, message: `${rows.length} rows, and another input has ${rowCount}` });
      return [readInput(input, rows, `${path}/inputs/${escape(input.name)}`, problems)];
    });
    if (problems.length > before) return;
    golden.push({ index, rowCount, inputs, expected: Object.entries(entry.outputs).map(([output, values]) => ({ output, values })) });
  });
  return { golden, problems };
}

function checkNames(entry: GoldenManifest, manifest: ModelManifest, path: string): ManifestProblem[] {
  const inputs = new Set(manifest.inputs.map(({ name }) => name));
  return [
    ...Object.keys(entry.inputs).filter((name) => !inputs.has(name)).map((name) => ({ path: `${path}/inputs/${escape(name)}`, message: `There is no input "${name}"` })),
    ...Object.keys(entry.outputs).filter((name) => !Object.hasOwn(manifest.outputs, name)).map((name) => ({ path: `${path}/outputs/${escape(name)}`, message: `There is no output "${name}"` })),
  ];
}

function readInput(input: InputManifest, rows: readonly (readonly Scalar[])[], path: string, problems: ManifestProblem[]): EncodedInput {
  const width = widthOf(input);
  const data = allocate(input.type, rows.length * width);
  rows.forEach((row, at) => {
    if (row.length !== width) {
      problems.push({ path: `${path}/${at}`, message: `${row.length} values; the columns of "${input.name}" make ${width}` });
      return;
    }
    row.forEach((value, column) => {
      if (!put(data, at * width + column, input.type, value)) problems.push({ path: `${path}/${at}/${column}`, message: `${JSON.stringify(value)} is no ${input.type}` });
    });
  });
  return { name: input.name, type: input.type, width, data };
}

export function widthOf({ columns }: InputManifest): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), 0);
}

function put(data: TensorData, at: number, type: InputType, value: Scalar): boolean {
  if (type === 'string' || typeof value === 'string') {
    if (type !== typeof value) return false;
    (data as unknown[])[at] = value;
    return true;
  }
  const number = Number(value);
  if (type === 'int64' && !Number.isSafeInteger(number)) return false;
  if (type === 'bool' && number !== 0 && number !== 1) return false;
  (data as unknown[])[at] = type === 'int64' ? BigInt(number) : number;
  return true;
}

/** A row as of somebody of whom nothing is known: what a model without golden rows is tried with. */
export function defaultRow(input: InputManifest): EncodedInput {
  const width = widthOf(input);
  const data = allocate(input.type, width);
  let at = 0;
  for (const { default: missing, oneHot, other } of input.columns) {
    if (oneHot === undefined) {
      if (missing !== undefined) put(data, at, input.type, missing);
      at += 1;
      continue;
    }
    const hot = missing === undefined ? (other === true ? oneHot.length : -1) : oneHot.indexOf(missing);
    if (hot >= 0) put(data, at + hot, input.type, true);
    at += columnWidth({ from: '', oneHot, ...(other === undefined ? {} : { other }) });
  }
  return { name: input.name, type: input.type, width, data };
}

/** A name as a step of a JSON pointer. */
export function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
