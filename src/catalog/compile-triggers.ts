import type { Trigger, TriggerStart } from '../decision/types.js';
import { typeFromJsonSchema } from '../expressions/json-schema-type.js';
import { readsAttributes, readsHistory } from '../expressions/slots.js';
import { dyn, type Type } from '../expressions/types.js';
import { dateRange, durationMs, stewardshipOf } from './compile-parts.js';
import type { Compiling, Entry } from './compiling.js';
import { mapPausing, type Pause } from './pauses.js';
import type { ExpressionCompiler } from './expression-compiler.js';
import type { EventDeclarations } from './read-entries.js';
import type { RawEvent, RawTrigger } from './schemas/trigger-schema.js';
import { itemsOf, type Spot } from './spot.js';

export function compileTriggers(entries: readonly Entry<RawTrigger>[], events: EventDeclarations['byType'], compiling: Compiling, pause: Pause): Promise<Trigger[]> {
  return mapPausing(entries, pause, (entry) => {
    const { raw, spot } = entry;
    checkStart(entry);
    for (const { item, at } of itemsOf(raw.outbound?.channels, spot.at('outbound', 'channels'))) compiling.schema.channelNames.check(item, at);
    return {
      id: raw.id ?? '', type: raw.type ?? 'business',
      start: compileStart(raw, spot, events, compiling),
      ...dateRange(raw, compiling.schema.calendar, spot),
      audience: compiling.expressions.condition(raw.audience, spot.at('audience'), 'trigger'),
      fromPartner: raw.source === 'partner' || events.get(raw.on?.event ?? raw.absence?.of ?? '')?.source === 'partner',
      endsWith: itemsOf(raw.endsWith, spot.at('endsWith')).map(({ item }) => item),
      restMs: durationMs(raw.rest, spot.at('rest')) ?? 0,
      priority: raw.priority ?? Infinity,
      outbound: raw.outbound === undefined ? null : {
        channels: itemsOf(raw.outbound.channels, spot.at('outbound', 'channels')).map(({ item }) => item),
        withinMs: durationMs(raw.outbound.within, spot.at('outbound', 'within')) ?? Infinity,
      },
      control: raw.control ?? 0,
      effect: compileEffect(entry, compiling),
      ...stewardshipOf(raw, compiling.today, spot),
    };
  });
}

function compileStart(raw: RawTrigger, spot: Spot, events: EventDeclarations['byType'], compiling: Compiling): TriggerStart {
  const { expressions, names } = compiling;
  const durationOf = (name: 'opensAfter' | 'window'): number | undefined => durationMs(raw[name], spot.at(name));
  const [opensAfterMs, windowMs] = [durationOf('opensAfter'), durationOf('window')];
  const eventType = raw.on?.event;
  const isKnown = eventType !== undefined && names.event.check(eventType, spot.at('on', 'event'));
  const event = eventTypeOf(isKnown ? events.get(eventType) : undefined);
  const conditions = eventConditions(raw, spot, event, expressions);
  if (raw.on !== undefined) return { type: 'event', event: eventType ?? '', ...conditions, opensAfterMs: opensAfterMs ?? 0, windowMs: windowMs ?? Infinity };
  const { absence } = raw;
  if (absence !== undefined) {
    const at = spot.at('absence');
    if (absence.of !== undefined) names.event.check(absence.of, at.at('of'));
    if (absence.rhythm === undefined && absence.atLeast === undefined) at.error('says not for how long: it has `rhythm`, `atLeast` or both');
    const [atLeastMs, atMostMs] = [durationMs(absence.atLeast, at.at('atLeast')) ?? 0, durationMs(absence.atMost, at.at('atMost')) ?? Infinity];
    if (atMostMs <= atLeastMs) at.at('atMost').error(`never holds: a pause is never longer than ${absence.atLeast!} and at most ${absence.atMost!}`);
    return { type: 'absence', of: absence.of ?? '', rhythm: absence.rhythm ?? null, atLeastMs, atMostMs };
  }
  const condition = expressions.condition(raw.while, spot.at('while'), 'trigger');
  return condition === null ? { type: 'dates' } : { type: 'while', while: condition };
}

/**
 * `on.when` is settled when the event comes; of the customer it may ask the history of events, as it was then. Where it
 * reads an attribute it belongs to `matches`, which is asked at each decision.
 */
function eventConditions(raw: RawTrigger, spot: Spot, event: Type, expressions: ExpressionCompiler): Pick<Extract<TriggerStart, { type: 'event' }>, 'when' | 'matches' | 'whenReadsHistory'> {
  const at = spot.at('on', 'when');
  const when = expressions.condition(raw.on?.when, at, 'eventMatch', event);
  const matches = expressions.condition(raw.matches, spot.at('matches'), 'eventMatch', event);
  if (when === null || !readsAttributes(when)) return { when, matches, whenReadsHistory: when?.reads.has('customer') === true };
  if (readsHistory(when)) at.error('reads both the customer and the history of events, which is as it was at the event: say of the customer in `matches`');
  const both = matches === null ? when.source : `(${when.source}\n) && (${matches.source}\n)`;      // a line each: a comment may end them
  return { when: null, matches: expressions.condition(both, at, 'eventMatch', event), whenReadsHistory: false };
}

function checkStart({ raw, spot, isWhole }: Entry<RawTrigger>): void {
  const starts = (['on', 'absence', 'while'] as const).filter((name) => raw[name] !== undefined);
  if (starts.length > 1) spot.error(`has ${starts.join(' and ')}: a trigger starts in one way`);
  if (isWhole && starts.length === 0 && raw.from === undefined && raw.until === undefined) spot.error('nothing starts it: it has one of on, absence and while, or dates (from, until)');
  if (raw.on === undefined) {
    for (const name of ['matches', 'opensAfter'] as const) {
      if (raw[name] !== undefined) spot.at(name).errorAtKey(`"${name}" needs "on": it is about the event that starts the trigger`);
    }
  }
  if (isWhole && starts.length === 1 && raw.on !== undefined && raw.window === undefined && raw.endsWith === undefined) spot.warn('has neither `window` nor `endsWith`: once started it never ends');
}

/** The type of `event.data`. */
function eventTypeOf(event: RawEvent | undefined): Type {
  return event?.data === undefined ? dyn : typeFromJsonSchema(event.data);
}

/** A trigger without an effect is one that conditions ask for (`"storm" in triggers`). */
function compileEffect({ raw: { effect: given }, spot: entry, isWhole }: Entry<RawTrigger>, { names }: Compiling): Trigger['effect'] {
  const raw = given ?? {};
  const spot = entry.at('effect');
  if (isWhole && given !== undefined && raw.weight === undefined && raw.unlocks === undefined) spot.warn('has neither `weight` nor `unlocks`, so it does nothing');
  else if (isWhole && raw.weight !== undefined && raw.offers === undefined && raw.kinds === undefined && raw.unlocks === undefined) spot.warn('names neither `offers` nor `kinds`, so it weighs every offer');
  const offersOf = (name: 'offers' | 'unlocks'): ReadonlySet<string> | null => {
    if (raw[name] === undefined) return null;
    const items = itemsOf(raw[name], spot.at(name));
    for (const { item, at } of items) names.offer.check(item, at);
    return new Set(items.map(({ item }) => item));
  };
  return {
    weight: raw.weight ?? 1,
    offers: offersOf('offers'),
    kinds: raw.kinds === undefined ? null : new Set(itemsOf(raw.kinds, spot).map(({ item }) => item)),
    unlocks: offersOf('unlocks') ?? new Set(),
  };
}
