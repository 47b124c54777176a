import { isDurationFinerThanMs } from './durations.js';
import { constantTerm, type Term } from './term.js';
import { isTimestampFinerThanMs } from './timestamps.js';

/** What is stored is cut to milliseconds; what an author writes finer than that would be another time than written. */
const finerThanMs: Readonly<Record<string, (text: string) => boolean>> = { timestamp: isTimestampFinerThanMs, duration: isDurationFinerThanMs };

/** A call with constants only is computed at once; one without a result is a mistake that shows now. */
export function fold(term: Extract<Term, { op: 'call' }>, fail: () => Term): Term {
  const values: unknown[] = [];
  for (const arg of term.args) {
    if (arg.op !== 'constant') return term;
    values.push(arg.value);
  }
  const [only] = values;
  if (typeof only === 'string' && finerThanMs[term.name]?.(only) === true) return fail();
  const value = (term.apply as (...values: unknown[]) => unknown)(...values);
  return value === undefined ? fail() : constantTerm(value, term.type, term);
}
