import { createReader, readText } from '../values/bytes.js';
import type { Tables } from './environment.js';
import { counterKey, expiredBy } from './keys.js';
import { getCounter } from './limit-counters.js';
import { removeEnded } from './reservations.js';

const prunedPerWrite = 4;
/** How long a counter outlives its period: another machine's clock may be behind, and still write to it. */
const clockGraceMs = 86_400_000;

/** Forgets counters whose period is long over, a few with each call, once they have no reservation left. */
export function removeSomeCounters(tables: Tables, now: number): void {
  const over = Array.from(tables.counterEnds.getRange({ start: Buffer.of(0), end: expiredBy(Math.max(0, now - clockGraceMs)), limit: prunedPerWrite }));
  for (const { key, value } of over) {
    const name = readText(createReader(value));
    removeEnded(tables, name, now);
    if (getCounter(tables, name).reserved > 0) continue;
    void tables.counters.remove(counterKey(name));
    void tables.counterEnds.remove(key);
  }
}
