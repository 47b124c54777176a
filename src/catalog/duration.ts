const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const longestMs = 100 * 366 * 86_400_000;

/** "30d", "15m", "12h", "2w", "90s" in milliseconds; `undefined` for anything else, for nothing, and beyond 100 years. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,10})([smhdw])$/.exec(text);
  if (match === null) return undefined;
  const durationMs = Number(match[1]) * unitsMs[match[2]!]!;
  return durationMs > 0 && durationMs <= longestMs ? durationMs : undefined;
}

/** "21:00" in minutes since midnight; `undefined` for anything else. */
export function parseMinuteOfDay(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
