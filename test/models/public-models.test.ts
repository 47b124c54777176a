import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { InputType, ModelManifest } from '../../src/models/model-manifest.js';
import { createOnnxModels } from '../../src/models/onnx/onnx-models.js';
import { column, layoutOf } from './expressions.js';
import { inProcess } from './in-process.js';

/** Seventeen models that other people's tools exported; they lie beside the project, not in it. */
const folder = fileURLToPath(new URL('../../../shared/data/onnx-models/', import.meta.url));
const present = existsSync(folder);
if (!present) console.log('No ../shared/data/onnx-models beside the project: its public models are not tried.');

interface Feed { readonly type: string; readonly dims: readonly number[]; readonly data: readonly (number | string)[] }
interface Answer { readonly dims?: readonly number[]; readonly data?: readonly (number | string)[]; readonly zipmap?: readonly Record<string, number>[] }
interface Golden { readonly file: string; readonly feeds: Record<string, Feed>; readonly outputs: Record<string, Answer> }
const goldens: readonly Golden[] = present ? JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')) : [];

const inputTypes: Record<string, InputType> = { float: 'float32', double: 'float64', int64: 'int64', string: 'string' };

/** Every number that the golden file knows of the model, as an output of ours; labels that are texts cannot be one. */
function manifestOf({ file, feeds, outputs }: Golden): ModelManifest {
  const ours: Record<string, { tensor: string; column?: number; class?: string | number }> = {};
  const expected: Record<string, number[]> = {};
  for (const [tensor, { dims, data, zipmap }] of Object.entries(outputs)) {
    if (zipmap !== undefined) {
      for (const label of Object.keys(zipmap[0]!)) {
        ours[`o${Object.keys(ours).length}`] = { tensor, class: label };
        expected[`o${Object.keys(ours).length - 1}`] = zipmap.map((row) => row[label]!);
      }
      continue;
    }
    const rowCount = Object.values(feeds)[0]!.dims[0]!;
    if (typeof data![0] === 'string' || dims![0] !== rowCount) continue;
    const width = data!.length / rowCount;
    for (let index = 0; index < width; index += 1) {
      ours[`o${Object.keys(ours).length}`] = { tensor, column: index };
      expected[`o${Object.keys(ours).length - 1}`] = Array.from({ length: rowCount }, (_, row) => data![row * width + index] as number);
    }
  }
  return {
    id: 'public', file, outputs: ours,
    inputs: Object.entries(feeds).map(([name, { type, dims, data }]) => ({
      name, type: inputTypes[type]!, columns: Array.from({ length: data.length / dims[0]! }, (_, index) => ({ from: `customer.c${index}`, default: type === 'string' ? 'C' : 0.5 })),
    })),
    golden: [{
      inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dims, data }]) => [name, rowsOf(data, dims[0]!)])),
      outputs: expected,
    }],
  };
}

function rowsOf<T>(data: readonly T[], rowCount: number): T[][] {
  const width = data.length / rowCount;
  return Array.from({ length: rowCount }, (_, row) => data.slice(row * width, (row + 1) * width));
}

const expressionsOf = (manifest: ModelManifest) => manifest.inputs.map(({ type, columns }) => columns.map((_, index) => column(index, type === 'string' ? 'string' : 'double')));
const load = (manifest: ModelManifest, models = createOnnxModels(inProcess)) =>
  models.loader.load({ manifest, bytes: readFileSync(folder + manifest.file), expressions: expressionsOf(manifest) });

test('the public models are all there', () => {
  if (present) expect(goldens).toHaveLength(13);
});

if (present) test.each(goldens.map((golden) => [golden.file, golden] as const))('%s answers as it does elsewhere, and scores', async (_, golden) => {
  const manifest = manifestOf(golden);
  const models = createOnnxModels(inProcess);
  const result = await load(manifest, models);
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) return;
  const outputs = Object.keys(manifest.outputs);
  const width = Math.max(...manifest.inputs.map(({ columns }) => columns.length));
  const slots = Array.from({ length: width }, (__, index) => manifest.inputs[0]!.type === 'string' ? 'C' : index + 0.5);
  const answer = await models.scorer.score({ model: result.model, slots: manifest.inputs.length === 2 && manifest.inputs[1]!.type === 'string' ? [] : slots, layout: layoutOf(width), offers: null, outputs, probabilities: [] });
  expect(answer).toMatchObject({ ok: true });

  const [name, values] = Object.entries(manifest.golden![0]!.outputs)[0]!;
  const wrong: ModelManifest = { ...manifest, golden: [{ ...manifest.golden![0]!, outputs: { [name]: values.map((value) => value + 0.01 * Math.max(1, Math.abs(value))) } }] };
  const refused = await load(wrong, models);
  expect(refused).toMatchObject({ ok: false, problems: values.map((__, row) => ({ path: `/golden/0/outputs/${name}/${row}` })) });
});

const plain = (file: string, name: string, type: InputType, columns: number, tensor: string): ModelManifest =>
  ({ id: 'public', file, inputs: [{ name, type, columns: Array.from({ length: columns }, (_, index) => ({ from: `customer.c${index}`, default: type === 'string' ? '' : 0 })) }], outputs: { score: { tensor, column: 0 } } });

const refusals: readonly (readonly [ModelManifest, string, RegExp])[] = [
  [plain('ort_pipeline_vectorize_mapinput.onnx', 'float_input', 'float32', 1, 'variable1'), '/inputs/0', /map or a sequence/],
  [plain('ort_future_opset_314159.onnx', 'A', 'float32', 1, 'C'), '/file', /[Oo]pset 314159/],
  [plain('ort_mul_noopset.onnx', 'X', 'float32', 2, 'Y'), '/file', /Missing opset in the model/],
  [plain('ort_custom_op_string_lower.onnx', 'input_1', 'string', 1, 'customout'), '/file', /StringLower.* is not a registered function\/op/],
];

if (present) test.each(refusals.map(([manifest, path, reason]) => [manifest.file, manifest, path, reason] as const))('%s is refused for its own reason', async (_, manifest, path, reason) => {
  const result = await load(manifest);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problems).toHaveLength(1);
  expect(result.problems[0]!.path).toBe(path);
  expect(result.problems[0]!.message).toMatch(reason);
  expect(result.problems[0]!.message).not.toMatch(/\n|\.(?:cc|h):\d|onnxruntime::/);

});
