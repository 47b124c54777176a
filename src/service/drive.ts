import type { Deadline } from './deadline.js';
import type { ModelAnswer, ModelRun } from '../decision/types.js';
import type { Scorer } from '../models/scorer.js';

/** Drives the pipeline, or a part of it: hands its model runs to the scorer, and the answers back. */
export async function drive<Result>(steps: Generator<readonly ModelRun[], Result, readonly ModelAnswer[]>, scorer: Scorer, deadline: Deadline): Promise<Result> {
  let step = steps.next();
  while (step.done !== true) {
    const answers: ModelAnswer[] = [];
    for (const modelRun of step.value) answers.push(await scorer.score(modelRun, deadline.remainingMs()));
    step = steps.next(answers);
  }
  return step.value;
}
