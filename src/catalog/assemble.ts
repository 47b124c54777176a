import type { Catalog, Check, Columns, DerivedAttribute, EventType, Factor, FactorSource, Json, JsonObject, LedgerHorizon, Model, Offer, Outcome, Rule, SlotBinding, SlotLayout, Strategy, Trigger } from '../decision/types.js';
import { keepMsOf } from '../decision/event-intake.js';
import type { Environment } from '../expressions/environment.js';
import type { DerivedDraft } from './compile-derived.js';
import type { OfferDraft } from './compile-offers.js';
import type { CompiledSchema } from './compile-schema.js';
import { deepFreeze } from './deep-freeze.js';
import { mapPausing, type Pause } from './pauses.js';
import { prepareScreening } from './prepare-screening.js';
import { compareText } from './problem.js';
import { rulesByOffer } from './rules-by-offer.js';
import { settleWorths } from './settle-worths.js';
import { triggersByOffer } from './triggers-by-offer.js';
import { dayMs } from '../decision/calendar.js';

export interface CatalogParts {
  readonly revision: string;
  readonly schema: CompiledSchema;
  readonly environment: Environment;
  readonly derived: readonly DerivedDraft[];
  readonly strategies: readonly Strategy[];
  readonly offers: readonly OfferDraft[];
  readonly rules: readonly Rule[];
  readonly triggers: readonly Trigger[];
  readonly events: ReadonlyMap<string, EventType>;
  readonly models: ReadonlyMap<string, Model>;
}

/** Puts together what has been checked: the slots are known only when every expression is compiled. */
export async function assemble({ revision, schema, environment, derived, strategies, offers, rules, triggers, events, models }: CatalogParts, pause: Pause): Promise<Catalog> {
  const layout = environment.layout();
  const drafts = [...offers].sort((a, b) => compareText(a.id, b.id));
  const slotValues = await mapPausing(drafts, pause, (draft) => slotValuesOf(draft, layout));
  const columns: Columns = new Map(await mapPausing(layout.offer, pause, ({ slot }, index) => [slot, slotValues.map((values) => values[index])] as const));
  const rulesOf = await rulesByOffer(rules, columns, drafts.length, pause);
  const triggersOf = triggersByOffer(triggers);
  const sameAsks = createPool<Offer['asks']>();
  const sameSources = createPool<Offer['sources']>();
  const finished = await mapPausing(drafts, pause, (draft, row): Offer => Object.freeze(inOneShape(deepFreeze(draft), {
    row,
    slotValues: deepFreeze(slotValues[row]!),
    asks: sameAsks(asksOf(draft)),
    sources: sameSources(sourcesOf(draft)),
    rules: rulesOf[row]!,
    triggers: triggersOf(draft),
  })));
  const { customer, context, offer } = schema.schemas;
  const catalog = deepFreeze({
    revision,
    currency: schema.currency,
    timeZone: schema.calendar.timeZone,
    channels: schema.channels,
    channelCosts: schema.channelCosts,
    activities: schema.activities,
    control: schema.control,
    schemas: { customer: customer!, context: context!, offer: offer! },
    layout,
    derived: derived.map((draft): DerivedAttribute => ({ ...draft, slot: environment.slotOf('customer', [draft.name]) })),
    triggers,
    triggersAsked: [...triggers.keys()].filter((place) => environment.mayAskFor(triggers[place]!.id)),
    events, strategies,
    readsShared: events.size > 0,
    rules,
    ledger: horizonOf(rules, triggers),
  });
  const offersById = new Map<string, Offer>();
  await mapPausing(finished, pause, (finishedOffer) => offersById.set(finishedOffer.id, finishedOffer));
  const screening = await prepareScreening(finished, rules, { columns, channels: schema.channels, pause });
  const settledWorths = await settleWorths(finished, strategies, pause);
  // A model is its adapter's own, which may keep something of its runs in it. Of offers each is frozen by itself: to look
  // whether all of them are takes longer than a request may wait.
  return Object.freeze({ ...catalog, offers: finished, offersById, screening, settledWorths, models });
}

/**
 * Every member is named, also where it is `undefined`, so that all offers have one hidden class. V8 gives nearly every object
 * that is written as `{ ...draft, row }` one of its own, and then looks up each member by its name, at every decision.
 */
function inOneShape({ id, name, kind, attributes, value, propensity, lever, exclusive, limits, treatments, owner, goal, reviewBy }: OfferDraft, { row, slotValues, asks, sources, rules, triggers }: Omit<Offer, keyof OfferDraft>): Complete<Offer> {
  return { id, row, name, kind, attributes, slotValues, value, propensity, asks, sources, lever, exclusive, limits, treatments, rules, triggers, owner, goal, reviewBy };
}

type Complete<T> = { readonly [Member in keyof Required<T>]: T[Member] };

/** The same object, frozen, for all that are equal. */
function createPool<T>(): (value: T) => T {
  const known = new Map<string, T>();
  return (value) => {
    const key = JSON.stringify(value);
    if (!known.has(key)) known.set(key, deepFreeze(value));
    return known.get(key)!;
  };
}

function asksOf({ propensity, value }: OfferDraft): Offer['asks'] {
  const factors = [value.volume, value.margin, value.duration].flatMap((factor) => (factor.type === 'model' ? [{ model: factor.model, output: factor.output, isProbability: false }] : []));
  return propensity.model === null ? factors : [{ ...propensity.model, isProbability: true }, ...factors];
}

function sourcesOf({ propensity: { model }, value: { volume, margin, duration } }: OfferDraft): Offer['sources'] {
  return { propensity: model ?? 'prior', volume: sourceOf(volume), margin: sourceOf(margin), duration: sourceOf(duration) };
}

function sourceOf(factor: Factor): FactorSource {
  return factor.type === 'model' ? { model: factor.model, output: factor.output } : factor.type;
}

function slotValuesOf({ attributes, id, kind }: OfferDraft, layout: SlotLayout): unknown[] {
  const offer: JsonObject = { ...attributes, id, kind };
  return layout.offer.map((binding: SlotBinding) => {
    let value: Json | undefined = offer;
    for (const name of binding.path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
      value = (value as JsonObject)[name];
    }
    return value === undefined || value === null ? undefined : binding.read(value);
  });
}

const hourMs = 3_600_000;
const shortestHorizonMs = 90 * dayMs;
/** The longest that a calendar window can be: the day, the week and the month in which the clock is put back. */
const calendarWindowMs = { day: dayMs + hourMs, week: 7 * dayMs + hourMs, month: 31 * dayMs + hourMs } as const;

export function horizonOf(rules: readonly { readonly check: Check }[], triggers: readonly Trigger[]): LedgerHorizon {
  const latestOf = new Set<Outcome>(['accepted']);
  let windowMs = shortestHorizonMs;
  for (const { check } of rules) {
    if (check.type === 'cap') windowMs = Math.max(windowMs, check.per.type === 'rolling' ? check.per.windowMs : calendarWindowMs[check.per.type]);
    if (check.type !== 'cooldown') continue;
    if (Number.isFinite(check.windowMs)) windowMs = Math.max(windowMs, check.windowMs);
    else latestOf.add(check.after);
  }
  // A contact that ended a trigger is looked for as long as the trigger could still be active, or rests.
  for (const trigger of triggers) {
    if (trigger.endsWith.length === 0) continue;
    const keepMs = Math.max(keepMsOf(trigger), trigger.restMs);
    if (Number.isFinite(keepMs)) windowMs = Math.max(windowMs, keepMs);
    else for (const outcome of trigger.endsWith) latestOf.add(outcome);
  }
  return { windowMs, latestOf: [...latestOf] };
}
