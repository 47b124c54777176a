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
  const gaps: { readonly days: number; readonly weight: number }[] = [];
  for (let place = days.length - 1; place > 0; place--) {
    const gap = days[place]!.day - days[place - 1]!.day;
    gaps.push({ days: gap, weight: gap * weight });
    total += gap * weight;
    weight *= fading;
  }
  gaps.sort((a, b) => a.days - b.days);
  let passed = 0;
  for (const gap of gaps) {
    passed += gap.weight;
    if (passed * 2 >= total) return gap.days * dayMs;
  }
  return undefined;
}
