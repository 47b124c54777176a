import type { EncodedInput } from '../feature-encoder.js';
import type { ManifestProblem } from '../model-loader.js';
import type { ModelManifest } from '../model-manifest.js';
import { allocate } from '../tensor-data.js';
import { checkFit } from './check-fit.js';
import { chooseRunner, type ChosenRunner, type RunnerChoice } from './choose-runner.js';
import { defaultRow, readGolden, type GoldenRows } from './golden-rows.js';
import { rows, type RowRunner } from './row-runner.js';
import type { OpenFile, OpenModel } from './session-cache.js';

/** Which number of a tensor's row is which output. */
export interface OutputPlace { readonly tensor: string; readonly column: number; readonly width: number }

/** A model that was found good: how it is to be run, and where its outputs are. */
export interface ProvenModel { readonly choice: RunnerChoice; readonly places: ReadonlyMap<string, OutputPlace> }

export type Proof = { readonly ok: true; readonly proven: ProvenModel } | { readonly ok: false; readonly problems: readonly ManifestProblem[] };

const goldenTolerance = 1e-5;
/** Half the distance between neighbouring float32 numbers, relatively, twice: what is lost when one is written down. */
const float32Tolerance = 2 ** -22;
const probeRowsMax = 64;

/**
 * Checks a model against its manifest, by running it with `open`'s sessions. `found`: what is wrong with the manifest
 * already; it is part of the answer, and only a manifest without fault is run.
 */
export async function proveModel(manifest: ModelManifest, bytes: Uint8Array, found: readonly ManifestProblem[], open: OpenFile): Promise<Proof> {
  const { golden, problems: goldenProblems } = readGolden(manifest);
  const opening = await openAnyRows(open, bytes);
  if (!opening.ok) return { ok: false, problems: [...found, ...goldenProblems, { path: '/file', message: opening.reason }] };
  const { opened } = opening;
  const problems = [...found, ...checkFit(manifest, opened), ...goldenProblems];
  if (problems.length > 0) return { ok: false, problems };

  const tensorOf = (output: string): string => opened.prepared.outputs.get(manifest.outputs[output]!.tensor)!.tensor;
  const tensors = [...new Set(Object.keys(manifest.outputs).map(tensorOf))];
  const probe = golden.length > 0 ? probeOf(manifest, golden) : manifest.inputs.map(defaultRow);
  const chosen = await chooseRunner(opened, () => open(bytes, false), probe, tensors);
  if (!chosen.ok) {
    return { ok: false, problems: [golden.length > 0
      ? { path: '/golden/0', message: `The model fails: ${chosen.reason}` }
      : { path: '/file', message: `The model fails on a row of defaults: ${chosen.reason}` }] };
  }
  const { places, problems: outputProblems } = placeOutputs(manifest, opened, chosen);
  problems.push(...outputProblems);
  for (const entry of golden) problems.push(...await compareGolden(entry, chosen.runner, places));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, proven: { choice: chosen.choice, places } };
}

/** With any number of rows where the model lets us say so, else as the file is. */
async function openAnyRows(open: OpenFile, bytes: Uint8Array): ReturnType<OpenFile> {
  const free = await open(bytes, true);
  if (free.ok) return free;
  const asItIs = await open(bytes, false);
  return asItIs.ok ? asItIs : free;
}

/** The first rows of all golden entries, one under the other. */
function probeOf(manifest: ModelManifest, golden: readonly GoldenRows[]): EncodedInput[] {
  return manifest.inputs.map(({ name, type }, index) => {
    const { width } = golden[0]!.inputs[index]!;
    const values = golden.flatMap(({ inputs }) => Array.from<unknown>(inputs[index]!.data)).slice(0, probeRowsMax * width);
    const data = allocate(type, values.length);
    values.forEach((value, at) => { (data as unknown[])[at] = value; });
    return { name, type, width, data };
  });
}

function placeOutputs(manifest: ModelManifest, { prepared }: OpenModel, { widths }: Extract<ChosenRunner, { ok: true }>): { places: Map<string, OutputPlace>; problems: ManifestProblem[] } {
  const places = new Map<string, OutputPlace>();
  const problems: ManifestProblem[] = [];
  for (const [name, { tensor: declared, column, class: label }] of Object.entries(manifest.outputs)) {
    const { tensor, classes } = prepared.outputs.get(declared)!;
    const width = widths.get(tensor)!;
    const path = `/outputs/${name}`;
    const place = label !== undefined ? classes!.indexOf(String(label)) : column ?? 0;
    if (label !== undefined && classes!.length !== width) {
      problems.push({ path: `${path}/class`, message: `The model names ${classes!.length} classes and answers ${width} columns: give a \`column\`` });
    } else if (column === undefined && label === undefined && width !== 1) {
      problems.push({ path, message: `"${declared}" has ${width} columns: say which by \`column\`${classes === null ? '' : ' or `class`'}` });
    } else if (place >= width) {
      problems.push({ path: `${path}/column`, message: `"${declared}" has ${width === 1 ? '1 column' : `${width} columns`}, counted from 0` });
    }
    places.set(name, { tensor, column: place, width });
  }
  return { places, problems };
}

async function compareGolden({ index, rowCount, inputs, expected }: GoldenRows, runner: RowRunner, places: ReadonlyMap<string, OutputPlace>): Promise<ManifestProblem[]> {
  const tensors = [...new Set(expected.map(({ output }) => places.get(output)!.tensor))];
  const answer = await runner(inputs, rowCount, tensors);
  if (!answer.ok) return [{ path: `/golden/${index}`, message: `The model fails on ${rows(rowCount)}: ${answer.reason}` }];
  return expected.flatMap(({ output, values }) => {
    const { tensor, column } = places.get(output)!;
    const { width, data } = answer.tensors.get(tensor)!;
    if (column >= width) return [];
    return values.flatMap((value, row): ManifestProblem[] => {
      const got = Number(data[row * width + column]);
      if (Math.abs(got - value) <= Math.max(goldenTolerance, float32Tolerance * Math.abs(value))) return [];
      return [{ path: `/golden/${index}/outputs/${output}/${row}`, message: `The golden row ${row} expects ${value}, and the model answers ${got}${perhaps(value, got)}` }];
    });
  });
}

/** What people mistake most: too few digits, and the column of the other class. */
function perhaps(expected: number, got: number): string {
  const digits = String(expected).split('.')[1]?.length ?? 0;
  if (digits > 0 && Number(got.toFixed(digits)) === expected) return `; they may differ by ${goldenTolerance}, so write more digits`;
  return Math.abs(1 - expected - got) <= goldenTolerance ? '; together they are 1: is it the column of the other class?' : '';
}
