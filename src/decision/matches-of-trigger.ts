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

/** Where each trigger's matches begin among those of all, which are ascending by trigger. */
export function firstMatchesOf(matches: readonly TriggerMatch[] = []): ReadonlyMap<string, number> {
  if (matches.length === 0) return noMatches;
  const first = new Map<string, number>();
  let before: string | undefined;
  for (let place = 0; place < matches.length; place++) {
    const { trigger } = matches[place]!;
    if (trigger !== before) first.set(before = trigger, place);
  }
  return first;
}

const noMatches: ReadonlyMap<string, number> = new Map();
