import type { Candidate } from './candidate.js';

/** By priority, descending; ties by offer id. A total order: ids are unique. */
export function byPriority(a: Candidate, b: Candidate): number {
  return b.priority - a.priority || a.offer.row - b.offer.row;
}

/** Room that is used again: a typed array of more than 64 bytes lies outside of the heap, and is dear to make. */
let room = makeRoom(256);

function makeRoom(size: number): { readonly priorities: Float64Array; readonly buckets: Int32Array; readonly starts: Int32Array; readonly order: Int32Array } {
  return { priorities: new Float64Array(size), buckets: new Int32Array(size), starts: new Int32Array(size + 1), order: new Int32Array(size) };
}

/**
 * All of them by priority; they come ascending by id. As many buckets as candidates, each for an equal part of what lies
 * between the lowest priority and the highest, and then few are left to be moved within a bucket: a sixth of the cost of
 * comparing one with another, where a full explanation sorts every offer of the catalog. Where too many fall into one
 * bucket they are compared after all.
 */
export function sortedByPriority(candidates: readonly Candidate[]): Candidate[] {
  const count = candidates.length;
  if (room.order.length < count) room = makeRoom(count);
  const { priorities, buckets, starts, order } = room;
  let [lowest, highest] = [Infinity, -Infinity];
  for (let place = 0; place < count; place += 1) {
    const { priority } = candidates[place]!;
    priorities[place] = priority;
    if (priority < lowest) lowest = priority;
    if (priority > highest) highest = priority;
  }
  const perPriority = (count - 1) / (highest - lowest);
  // All are alike, or too far apart or too close together for a number.
  if (!(perPriority > 0 && perPriority < Infinity)) return [...candidates].sort(byPriority);
  starts.fill(0, 0, count + 1);
  for (let place = 0; place < count; place += 1) {
    const bucket = count - 1 - Math.trunc((priorities[place]! - lowest) * perPriority);
    buckets[place] = bucket;
    starts[bucket + 1]! += 1;
  }
  if (movesWithin(starts, count) > mostMoves * count) return [...candidates].sort(byPriority);
  for (let place = 0; place < count; place += 1) order[starts[buckets[place]!]!++] = place;
  return inOrder(candidates, priorities, order);
}

const mostMoves = 8;

/** Turns how many each bucket has into where it begins; about how often one must be moved past another. */
function movesWithin(starts: Int32Array, count: number): number {
  let moves = 0;
  for (let bucket = 0; bucket < count; bucket += 1) {
    const own = starts[bucket + 1]!;
    moves += own * own;
    starts[bucket + 1] = starts[bucket]! + own;
  }
  return moves / 4;
}

function inOrder(candidates: readonly Candidate[], priorities: Float64Array, order: Int32Array): Candidate[] {
  for (let rank = 0; rank < candidates.length; rank += 1) {
    const place = order[rank]!;
    const priority = priorities[place]!;
    let at = rank;
    for (; at > 0 && priorities[order[at - 1]!]! < priority; at -= 1) order[at] = order[at - 1]!;
    order[at] = place;
  }
  const sorted = new Array<Candidate>(candidates.length);
  for (let rank = 0; rank < sorted.length; rank += 1) sorted[rank] = candidates[order[rank]!]!;
  return sorted;
}
