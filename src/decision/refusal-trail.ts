import type { Rejection } from './types.js';

/**
 * What refuses an offer, rule after rule. Offers that the same rules refuse with the same words go along the same trail, and
 * share the list that it becomes: of hundreds of refused offers few are refused by something that no other is refused by.
 */
export interface Trail {
  readonly before: Trail | null;
  readonly rejection: Rejection | null;
  readonly length: number;
  /** Where it was last gone on from here: rules are asked one after the other, so the next offer mostly goes there, too. */
  next: Trail | null;
  list: readonly Rejection[] | null;
}

/** `list`: of offers that nothing refuses. */
export function startTrail(list: readonly Rejection[]): Trail {
  return { before: null, rejection: null, length: 0, next: null, list };
}

export function goOn(before: Trail, rejection: Rejection): Trail {
  const { next } = before;
  if (next !== null && next.rejection === rejection) return next;
  return (before.next = { before, rejection, length: before.length + 1, next: null, list: null });
}

export function rejectionsOf(trail: Trail): readonly Rejection[] {
  return (trail.list ??= listOf(trail));
}

function listOf(trail: Trail): readonly Rejection[] {
  const list = new Array<Rejection>(trail.length);
  for (let each: Trail = trail; each.before !== null; each = each.before) list[each.length - 1] = each.rejection!;
  return list;
}
