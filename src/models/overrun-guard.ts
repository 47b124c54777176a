import type { Model } from '../decision/types.js';
import type { Scorer } from './scorer.js';

export interface OverrunOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
  /** Where a call brings no budget of its own. */
  readonly budgetMs: number;
}

/** A model whose last run took longer than it was given. */
interface Overrun {
  readonly tookMs: number;
  readonly pauseMs: number;
  readonly probeAt: number;
  readonly probing: boolean;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * A run cannot be cut, so a slow model is avoided after the fact: once a run took longer than its budget, calls that
 * give no more than it took are refused at once, but for one probe after a pause that doubles from 1 s to 60 s. The
 * first probe that answers within its budget ends this. A call with more time than the run took goes through meanwhile,
 * so that one caller's short deadline does not take the model from the others.
 */
export function guardOverruns(scorer: Scorer, { clock, budgetMs: usualBudgetMs }: OverrunOptions): Scorer {
  const overruns = new WeakMap<Model, Overrun>();
  return {
    score: async (run, budgetMs = usualBudgetMs) => {
      const { model } = run;
      const overrun = overruns.get(model);
      const calledAt = clock();
      const probe = overrun !== undefined && overrun.tookMs >= budgetMs;
      if (probe) {
        if (overrun.probing || calledAt < overrun.probeAt) {
          return { ok: false, reason: `Model ${model.id}: its last run took ${Math.round(overrun.tookMs)} ms of the ${Math.round(budgetMs)} ms that it has` };
        }
        overruns.set(model, { ...overrun, probing: true });
      }
      // A run waits its turn in the event loop's queue; ours, queued just before it, tells when that came.
      let startedAt = calledAt;
      setImmediate(() => { startedAt = clock(); });
      const answer = await scorer.score(run, budgetMs);
      const tookMs = clock() - startedAt;
      const latest = overruns.get(model);
      if (tookMs > budgetMs) overruns.set(model, later(latest, tookMs, clock(), probe));
      else if (!answer.ok) {
        if (probe && latest !== undefined) overruns.set(model, later(latest, latest.tookMs, clock(), true));
      } else if (probe) overruns.delete(model);
      else if (latest !== undefined) overruns.set(model, { ...latest, tookMs });
      return answer;
    },
  };
}

/** Runs that were under way together count as one: only a probe makes the pause longer. */
function later(before: Overrun | undefined, tookMs: number, now: number, probe: boolean): Overrun {
  if (before !== undefined && !probe) return { ...before, tookMs };
  const pauseMs = before === undefined ? firstPauseMs : Math.min(before.pauseMs * 2, longestPauseMs);
  return { tookMs, pauseMs, probeAt: now + pauseMs, probing: false };
}
