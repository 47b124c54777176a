import { byExpectedValue, weighCost } from './expected-value.js';
import { describeAdvice } from './advice-explanation.js';
import { fillPlaces } from './ranking.js';
import { placesOf } from './places.js';
import { rankLazily } from './ranked.js';
import type { Assessment } from './candidate.js';
import type { Decision } from './types.js';

/**
 * Which channel for which offer. In a channel, an offer is worth its priority less what one contact costs there; where
 * that is not above 0, the contact is not worth its cost. The offers stand by their best channel, no offer twice; where a
 * cap has no more room in the best one, counting the answer in the making, the next best takes its place.
 * `assessments`: one for each channel, in the order of the request.
 */
export function adviseChannels(assessments: readonly Assessment[]): Decision {
  const [{ situation, control }] = assessments as [Assessment];
  for (const { left } of assessments) left.forEach(weighCost);
  const open = assessments.flatMap(({ left }) => left).filter(({ rejections }) => rejections.length === 0);
  const ranked = rankLazily(control ? [] : open, byExpectedValue);
  return describeAdvice(assessments, ranked, fillPlaces(placesOf(situation), ranked, new Map()));
}
