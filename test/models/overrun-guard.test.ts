import type { Model, ModelAnswer, ModelRun } from '../../src/decision/types.js';
import { guardOverruns } from '../../src/models/overrun-guard.js';
import type { Scorer } from '../../src/models/scorer.js';
import { layoutOf } from './expressions.js';

const modelOf = (id: string): Model => ({ id, outputs: ['propensity'], reads: new Set() });
const runOf = (model: Model): ModelRun => ({ model, slots: [], layout: layoutOf(0), offers: null, outputs: ['propensity'], probabilities: [] });
const good: ModelAnswer = { ok: true, outputs: new Map() };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A scorer whose runs take as long as they are told, on a clock that moves only so. */
function slowModels() {
  const state = { now: 0, runMs: 0, runs: 0, answer: good };
  const scorer: Scorer = {
    score: async () => {
      state.runs += 1;
      await turn();
      state.now += state.runMs;
      return state.answer;
    },
  };
  return { state, guarded: guardOverruns(scorer, { clock: () => state.now, budgetMs: 50 }) };
}

test('a model that overruns makes one late answer, and then none until a probe keeps within its budget', async () => {
  const { state, guarded } = slowModels();
  const run = runOf(modelOf('slow'));
  state.runMs = 80;
  expect(await guarded.score(run)).toBe(good);
  expect(await guarded.score(run)).toEqual({ ok: false, reason: 'Model slow: its last run took 80 ms of the 50 ms that it has' });
  state.now += 999;
  expect(await guarded.score(run)).toMatchObject({ ok: false });
  expect(state.runs).toBe(1);
  state.now += 1;
  state.runMs = 10;
  expect(await guarded.score(run)).toBe(good);
  expect(await guarded.score(run)).toBe(good);
  expect(state.runs).toBe(3);
});

test('the pause doubles from 1 s to 60 s', async () => {
  const { state, guarded } = slowModels();
  const run = runOf(modelOf('slow'));
  state.runMs = 80;
  await guarded.score(run);
  for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    const { runs } = state;
    state.now += pauseMs - 1;
    expect(await guarded.score(run)).toMatchObject({ ok: false });
    expect(state.runs).toBe(runs);
    state.now += 1;
    expect(await guarded.score(run)).toBe(good);
    expect(state.runs).toBe(runs + 1);
  }
});

test('one probe at a time; and one that fails is none that succeeds', async () => {
  const { state, guarded } = slowModels();
  const run = runOf(modelOf('slow'));
  state.runMs = 80;
  await guarded.score(run);
  state.now += 1_000;
  state.runMs = 10;
  state.answer = { ok: false, reason: 'no' };
  const answers = await Promise.all([guarded.score(run), guarded.score(run), guarded.score(run)]);
  expect(answers.filter((answer) => !answer.ok && answer.reason === 'no')).toHaveLength(1);
  expect(state.runs).toBe(2);
  state.answer = good;
  state.now += 1_000;
  expect(await guarded.score(run)).toMatchObject({ ok: false });
  state.now += 1_000;
  expect(await guarded.score(run)).toBe(good);
});

test('a short deadline of one caller does not take the model from the others', async () => {
  const { state, guarded } = slowModels();
  const run = runOf(modelOf('steady'));
  state.runMs = 20;
  expect(await guarded.score(run, 5)).toBe(good);
  expect(await guarded.score(run, 5)).toMatchObject({ ok: false });
  expect(await guarded.score(run, 50)).toBe(good);
  expect(await guarded.score(run)).toBe(good);
  expect(await guarded.score(run, 5)).toMatchObject({ ok: false });
});

test('models are judged each alone, and waiting for another is not running', async () => {
  const { state, guarded } = slowModels();
  const slow = runOf(modelOf('slow'));
  const fast = runOf(modelOf('fast'));
  state.runMs = 30;
  await Promise.all([guarded.score(slow, 20), guarded.score(fast, 50)]);
  expect(await guarded.score(slow, 20)).toMatchObject({ ok: false });
  expect(await guarded.score(fast, 50)).toBe(good);
  expect(state.runs).toBe(3);
});

test('within its budget nothing is refused, and a refusal of the model itself is passed on', async () => {
  const { state, guarded } = slowModels();
  const run = runOf(modelOf('fast'));
  state.runMs = 50;
  for (let call = 0; call < 5; call += 1) expect(await guarded.score(run)).toBe(good);
  state.answer = { ok: false, reason: 'NaN' };
  expect(await guarded.score(run)).toBe(state.answer);
  expect(await guarded.score(run)).toBe(state.answer);
});
