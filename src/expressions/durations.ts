/** Durations are milliseconds, at most 292 years: what 64 bits of nanoseconds hold, as in CEL's other implementations. */
export const longestMs = 9_223_372_036_854;
const parts = /(\d+(?:\.\d*)?|\.\d+)(ms|us|µs|ns|[wdhms])/g;
const unitMs: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, 'µs': 1e-3, ns: 1e-6 };

/** Reads a duration: CEL's units ("1h30m", "-1.5s", "10ms"), and "d" for 24 hours, "w" for seven times 24 hours.
 *  What is finer than a millisecond is cut off; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 64 || !/^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ms|us|µs|ns|[wdhms]))+)$/.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(parts)) ms += Number(amount) * unitMs[unit!]!;
  // A sum of decimal fractions may lie a hair below the whole millisecond that was written.
  const nearest = Math.round(ms);
  const whole = Math.abs(ms - nearest) < 1e-7 ? nearest : Math.trunc(ms);
  if (whole > longestMs) return undefined;
  return (text.startsWith('-') ? -whole : whole) + 0;
}

/** Whether a duration is written with digits that a millisecond does not hold. */
export function isDurationFinerThanMs(text: string): boolean {
  return [...text.matchAll(parts)].some(([, amount, unit]) => {
    const ms = Number(amount) * unitMs[unit!]!;
    return Math.abs(ms - Math.round(ms)) > 1e-7;
  });
}

/** As CEL writes it: in seconds, "5400s" or "1.5s". */
export const formatDuration = (ms: number): string => `${String(ms / 1000)}s`;
