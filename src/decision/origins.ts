import type { Candidate } from './candidate.js';
import type { Scores } from './propensity.js';
import type { Situation } from './situation.js';
import type { ActiveTrigger } from './triggers.js';
import type { FactorSource, ModelOutput, Offer, Origins, Strategy } from './types.js';
import { leverOf } from './worth.js';

/** Where the numbers of one offer came from. */
export type OriginsOf = (candidate: Candidate) => Origins;

/** Offers whose numbers come from the same places share one answer: a full explanation has it for every offer of the catalog. */
export function openOrigins(strategy: Strategy, scores: Scores, { now }: Situation): OriginsOf {
  const known = new Map<Offer['sources'], Map<ActiveTrigger | null, Known>>();
  let last: Known | null = null;
  const knownOf = (candidate: Candidate): Known => {
    const { offer: { sources }, trigger } = candidate;
    if (last !== null && last.sources === sources && last.trigger === trigger) return last;
    let byTrigger = known.get(sources);
    if (byTrigger === undefined) known.set(sources, byTrigger = new Map<ActiveTrigger | null, Known>());
    last = byTrigger.get(trigger) ?? null;
    if (last === null) {
      const plain = originsOf(candidate, strategy, scores);
      byTrigger.set(trigger, last = { sources, trigger, plain, withLever: { ...plain, lever: 'lever' } });
    }
    return last;
  };
  return (candidate) => {
    const { plain, withLever } = knownOf(candidate);
    return leverOf(candidate.offer, now) === null ? plain : withLever;
  };
}

interface Known { readonly sources: Offer['sources']; readonly trigger: ActiveTrigger | null; readonly plain: Origins; readonly withLever: Origins }

/** As of an offer without a lever. A model answers for all offers or for none, so this is the same for all that have these sources. */
function originsOf(candidate: Candidate, { id }: Strategy, scores: Scores): Origins {
  const { offer: { sources: { propensity, volume, margin, duration } }, trigger } = candidate;
  return {
    propensity: sourceInWords(propensity, candidate, scores),
    volume: sourceInWords(volume, candidate, scores),
    margin: sourceInWords(margin, candidate, scores),
    duration: sourceInWords(duration, candidate, scores),
    strategy: `strategy:${id}`,
    trigger: trigger === null ? 'none' : `trigger:${trigger.trigger.id}`,
    lever: 'none',
  };
}

function sourceInWords(source: FactorSource, candidate: Candidate, scores: Scores): string {
  return typeof source === 'string' ? source : isFromModel(source, candidate, scores) ? `model:${source.model}` : 'prior';
}

/** False where the model could not answer, so that the prior counts. */
export function isFromModel({ model, output }: ModelOutput, candidate: Candidate, scores: Scores): boolean {
  return scores.of(model, output, candidate) !== undefined;
}
