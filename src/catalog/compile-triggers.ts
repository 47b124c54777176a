import type { Trigger } from '../decision/types.js';
import { typeFromJsonSchema } from '../expressions/json-schema-type.js';
import { dyn, type Type } from '../expressions/types.js';
import { dateRange, durationMs, stewardshipOf } from './compile-parts.js';
import type { Compiling, Entry } from './compiling.js';
import type { RawEvent, RawTrigger } from './schemas/trigger-schema.js';
import { itemsOf, type Spot } from './spot.js';

/** Those that wait for events are checked in full, and never active by themselves. */
export function compileTriggers(entries: readonly Entry<RawTrigger>[], events: ReadonlyMap<string, RawEvent>, compiling: Compiling): Trigger[] {
  return entries.map(({ raw, spot }) => {
    checkStart(raw, spot);
    checkEventParts(raw, spot, events, compiling);
    for (const name of ['opensAfter', 'window', 'rest'] as const) durationMs(raw[name], spot.at(name));
    durationMs(raw.outbound?.within, spot.at('outbound', 'within'));
    for (const { item, at } of itemsOf(raw.outbound?.channels, spot.at('outbound', 'channels'))) compiling.schema.channelNames.check(item, at);
    return {
      id: raw.id ?? '', type: raw.type ?? 'business',
      ...dateRange(raw, compiling.schema.calendar, spot),
      while: compiling.expressions.condition(raw.while, spot.at('while'), 'trigger'),
      audience: compiling.expressions.condition(raw.audience, spot.at('audience'), 'trigger'),
      fromPartner: raw.source === 'partner',
      needsEvents: raw.on !== undefined || raw.absence !== undefined,
      effect: compileEffect(raw.effect, spot.at('effect'), compiling),
      ...stewardshipOf(raw, compiling.today, spot),
    };
  });
}

function checkStart(raw: RawTrigger, spot: Spot): void {
  const starts = (['on', 'absence', 'while'] as const).filter((name) => raw[name] !== undefined);
  if (starts.length > 1) spot.error(`has ${starts.join(' and ')}: a trigger starts in one way`);
  if (starts.length === 0 && raw.from === undefined && raw.until === undefined) spot.error('nothing starts it: it has one of on, absence and while, or dates (from, until)');
  if (raw.on === undefined) {
    for (const name of ['matches', 'opensAfter'] as const) {
      if (raw[name] !== undefined) spot.at(name).errorAtKey(`"${name}" needs "on": it is about the event that starts the trigger`);
    }
  }
  if (starts.length === 1 && raw.on !== undefined && raw.window === undefined && raw.endsWith === undefined) spot.warn('has neither `window` nor `endsWith`: once started it never ends');
}

function checkEventParts(raw: RawTrigger, spot: Spot, events: ReadonlyMap<string, RawEvent>, { expressions, names }: Compiling): void {
  if (raw.absence !== undefined) {
    if (raw.absence.of !== undefined) names.event.check(raw.absence.of, spot.at('absence', 'of'));
    if (raw.absence.rhythm === undefined && raw.absence.atLeast === undefined) spot.at('absence').error('says not for how long: it has `rhythm`, `atLeast` or both');
    durationMs(raw.absence.atLeast, spot.at('absence', 'atLeast'));
  }
  const eventType = raw.on?.event;
  const known = eventType !== undefined && names.event.check(eventType, spot.at('on', 'event'));
  const event = eventTypeOf(known ? events.get(eventType) : undefined);
  expressions.condition(raw.on?.when, spot.at('on', 'when'), 'event', event);
  expressions.condition(raw.matches, spot.at('matches'), 'eventMatch', event);
}

/** The type of `event.data`. */
function eventTypeOf(event: RawEvent | undefined): Type {
  return event?.data === undefined ? dyn : typeFromJsonSchema(event.data);
}

/** A trigger without an effect is one that conditions ask for (`"storm" in triggers`). */
function compileEffect(given: RawTrigger['effect'], spot: Spot, { names }: Compiling): Trigger['effect'] {
  const raw = given ?? {};
  if (given !== undefined && raw.weight === undefined && raw.unlocks === undefined) spot.warn('has neither `weight` nor `unlocks`, so it does nothing');
  else if (raw.weight !== undefined && raw.offers === undefined && raw.kinds === undefined && raw.unlocks === undefined) spot.warn('names neither `offers` nor `kinds`, so it weighs every offer');
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
