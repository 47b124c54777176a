import { createOnnxModels } from '../../src/models/onnx/onnx-models.js';
import { startTrial } from '../../src/models/onnx/trial.js';
import type { ModelManifest } from '../../src/models/model-manifest.js';
import { column, layoutOf } from './expressions.js';
import { deepTree, endless, linear } from './tiny-onnx.js';

const manifest: ModelManifest = { id: 'm', file: 'm.onnx', inputs: [{ name: 'features', type: 'float32', columns: [{ from: 'c0', default: 0 }] }], outputs: { propensity: { tensor: 'score' } } };
/** Processes are started: a busy machine takes its time. */
const startMs = 60_000;
const load = (bytes: Uint8Array, answerMs?: number, models = createOnnxModels(() => startTrial(answerMs))) => models.loader.load({ manifest, bytes, expressions: [[column(0, 'double')]] });

test('a good model is tried in a process of its own, and then scores in ours', async () => {
  const models = createOnnxModels();
  const loaded = await load(linear([1], 0), undefined, models);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const answer = await models.scorer.score({ model: loaded.model, slots: [0], layout: layoutOf(1), offers: null, outputs: ['propensity'], probabilities: ['propensity'] });
  expect(answer.ok && Array.from(answer.outputs.get('propensity')!)).toEqual([0.5]);
}, startMs);

test('a model that crashes the runtime is refused', async () => {
  expect(await load(deepTree(20_000))).toMatchObject({ ok: false, problems: [{ path: '/file', message: expect.stringContaining('the runtime crashed') }] });
}, startMs);

test('a model that never ends is refused', async () => {
  expect(await load(endless(), 2_000)).toMatchObject({ ok: false, problems: [{ path: '/file', message: expect.stringContaining('no answer within 2 s') }] });
}, startMs);
