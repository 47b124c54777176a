import type { Check, Rejection, Rule, RuleKind, Window } from '../decision/types.js';
import { parseDuration, parseMinuteOfDay } from './duration.js';
import { durationMs, stewardshipOf } from './compile-parts.js';
import type { Compiling, Entry } from './compiling.js';
import { mapPausing, type Pause } from './pauses.js';
import type { RawRule } from './schemas/rule-schema.js';
import { itemsOf, type Spot } from './spot.js';

const checks = ['require', 'cap', 'cooldown', 'quiet'] as const;

export function compileRules(entries: readonly Entry<RawRule>[], compiling: Compiling, pause: Pause): Promise<Rule[]> {
  return mapPausing(entries, pause, (entry, index) => {
    const { raw, spot } = entry;
    if (raw.id !== undefined && Object.hasOwn(reserved, raw.id)) spot.at('id').error(`a rule cannot be called "${raw.id}": refusals that come from no rule have that name`);
    const applies = compiling.expressions.condition(raw.applies, spot.at('applies'), 'rule');
    const check = compileCheck(entry, compiling);
    const conditions = [applies, check.type === 'require' ? check.require : null].filter((condition) => condition !== null);
    return {
      id: raw.id ?? '', kind: raw.kind ?? 'hygiene', index, applies, check,
      reason: raw.reason ?? null,
      beforeScoring: conditions.every(({ reads }) => !reads.has('propensity') && !reads.has('value')),
      ...stewardshipOf(raw, compiling.today, spot),
    };
  });
}

/** What `rejectedBy` calls a refusal that comes from no rule. */
const reserved: Readonly<Record<Exclude<Rejection['kind'], RuleKind>, true>> = { treatment: true, limit: true, claim: true, value: true, trigger: true, 'expected-value': true };

function compileCheck({ raw, spot, isWhole }: Entry<RawRule>, compiling: Compiling): Check {
  const present = checks.filter((name) => raw[name] !== undefined);
  if (present.length === 0 && isWhole) spot.error('has no check: a rule has one of require, cap, cooldown and quiet');
  if (present.length > 1) spot.error(`has ${present.join(' and ')}: a rule has exactly one check, so make it ${present.length} rules`);

  // All that are there are checked; which of them is taken matters for a rule with one only.
  const compiled: Check[] = [];
  const require = compiling.expressions.condition(raw.require, spot.at('require'), 'rule');
  if (require !== null) compiled.push({ type: 'require', require });
  if (raw.cap !== undefined) compiled.push(compileCap(raw.cap, spot.at('cap')));
  if (raw.cooldown !== undefined) compiled.push(compileCooldown(raw.cooldown, spot.at('cooldown'), compiling));
  if (raw.quiet !== undefined) compiled.push(compileQuiet(raw.quiet, spot.at('quiet')));
  return compiled[0] ?? unreadable;
}

/** Stands for what has been reported: a catalog with it is never made. */
const unreadable: Check = { type: 'quiet', fromMinute: 0, untilMinute: 0, text: '' };

function compileCap(raw: NonNullable<RawRule['cap']>, spot: Spot): Check {
  return { type: 'cap', outcome: raw.outcome ?? 'presented', max: raw.max ?? 0, per: windowOf(raw.per, spot.at('per')), scope: raw.scope ?? 'offer' };
}

function windowOf(text: string | undefined, spot: Spot): Window {
  if (text === 'day' || text === 'week' || text === 'month') return { type: text, text };
  const windowMs = parseDuration(text ?? '');
  if (windowMs === undefined && text !== undefined) {
    spot.error(text === 'ever' ? '"ever" is for a cooldown: a cap counts within a duration, or per day, week or month' : `"${text}" is no window: write a duration (12h, 7d), or day, week or month`);
  }
  return { type: 'rolling', windowMs: windowMs ?? 0, text: text ?? '' };
}

function compileCooldown(raw: NonNullable<RawRule['cooldown']>, spot: Spot, { names }: Compiling): Check {
  if (raw.offers !== undefined && raw.scope !== undefined) spot.at('scope').error('has `offers` and `scope`: a cooldown after named offers needs no scope');
  for (const { item, at } of itemsOf(raw.offers, spot.at('offers'))) names.offer.check(item, at);
  const windowMs = raw.for === 'ever' ? Infinity : durationMs(raw.for, spot.at('for')) ?? 0;
  const offers = raw.offers === undefined ? null : new Set(itemsOf(raw.offers, spot).map(({ item }) => item));
  return { type: 'cooldown', after: raw.after ?? 'declined', windowMs, text: raw.for ?? '', scope: raw.scope ?? 'offer', offers };
}

function compileQuiet(raw: NonNullable<RawRule['quiet']>, spot: Spot): Check {
  const minuteOf = (name: 'from' | 'until'): number | undefined => {
    const text = raw[name];
    if (text === undefined) return undefined;
    const minute = parseMinuteOfDay(text);
    if (minute === undefined) spot.at(name).error(`"${text}" is no time of day: write it as "21:00", from "00:00" to "23:59"`);
    return minute;
  };
  const fromMinute = minuteOf('from');
  const untilMinute = minuteOf('until');
  if (fromMinute !== undefined && fromMinute === untilMinute) spot.error('begins and ends at the same time, so it is never quiet');
  return { type: 'quiet', fromMinute: fromMinute ?? 0, untilMinute: untilMinute ?? 0, text: `${raw.from ?? ''} to ${raw.until ?? ''}` };
}
