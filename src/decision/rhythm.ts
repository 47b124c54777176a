import { dayMs } from './calendar.js';
import type { EventTrail } from './types.js';

/** Fewer gaps than this say nothing of a customer's habit. */
const fewestGaps = 4;
/** Each gap counts this much less than the one after it, so that a rhythm that drifts is followed: half after 7 gaps. */
const fading = 0.9;

/**
 * The customer's usual interval between days with such an event, in milliseconds: the weighted median of the gaps, each
 * weighing as long as it is. At a moment chosen at random one is as likely as not within a gap at least that long, so a
 * burst of events on consecutive days, however many they are, says little, and one long holiday does not, either. (The
 * statistic is that of length-biased sampling, Cox 1969; in genomics it is known as N50.) `undefined`: too little is known.
 */
export function usualInterval({ days }: EventTrail): number | undefined {
  if (days.length <= fewestGaps) return undefined;
  let weight = 1;
  let total = 0;
  // Ascending, each put in its place at once: there are at most as many as a trail has days, and no object for each.
  const gaps: number[] = [];
  const weights: number[] = [];
  for (let place = days.length - 1; place > 0; place--) {
    const gap = days[place]!.day - days[place - 1]!.day;
    let at = gaps.length;
    for (; at > 0 && gaps[at - 1]! > gap; at--) {
      gaps[at] = gaps[at - 1]!;
      weights[at] = weights[at - 1]!;
    }
    gaps[at] = gap;
    weights[at] = gap * weight;
    total += gap * weight;
    weight *= fading;
  }
  let passed = 0;
  for (let place = 0; place < gaps.length; place++) {
    passed += weights[place]!;
    if (passed * 2 >= total) return gaps[place]! * dayMs;
  }
  return undefined;
}
