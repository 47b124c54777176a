import type { TriggerMatch } from './types.js';

/** Where a trigger's matches stand among those of all triggers, which are ascending by trigger: [from, until). */
export function matchesOfTrigger(matches: readonly TriggerMatch[], trigger: string): { readonly from: number; readonly until: number } {
  const from = firstWhere(matches, (other) => other >= trigger);
  return { from, until: matches[from]?.trigger === trigger ? firstWhere(matches, (other) => other > trigger, from) : from };
}

function firstWhere(matches: readonly TriggerMatch[], holds: (trigger: string) => boolean, after = 0): number {
  let low = after;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(matches[middle]!.trigger)) high = middle;
    else low = middle + 1;
  }
  return low;
}
