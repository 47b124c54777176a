import { calendarOf } from '../decision/calendar.js';
import type { Catalog, Lever, Offer, Rule, Stewardship, Strategy, Trigger } from '../decision/types.js';
import type { CatalogDescription } from './openapi-types.js';

type OfferDescription = CatalogDescription['offers'][number];

type ListName = 'strategies' | 'offers' | 'rules' | 'triggers' | 'models';

/** A CatalogDescription in parts, since its lists may be of thousands: an entry is described when it is asked for. */
export interface CatalogParts {
  readonly about: Omit<CatalogDescription, ListName>;
  readonly lists: { readonly [Name in ListName]: Iterable<CatalogDescription[Name][number]> };
}

/** The live catalog as clients see it: what there is, without the arithmetic's details. */
export function describeCatalog(catalog: Catalog, loadedAt: number): CatalogParts {
  const { revision, currency, timeZone, channels, channelCosts, activities, control, strategies, offers, rules, triggers, models } = catalog;
  return {
    about: {
      revision,
      loadedAt: new Date(loadedAt).toISOString(),
      currency, timeZone, channels,
      ...(channelCosts.size > 0 && { channelCosts: Object.fromEntries(channelCosts) }),
      activities,
      control: { share: control.share },
    },
    lists: {
      strategies: each(strategies, describeStrategy),
      offers: each(offers, (offer) => describeOffer(offer, catalog)),
      rules: each(rules, describeRule),
      triggers: each(triggers, describeTrigger),
      models: each(models.values(), ({ id, outputs }) => ({ id, outputs })),
    },
  };
}

function* each<Entry, Description>(entries: Iterable<Entry>, describe: (entry: Entry) => Description): Generator<Description> {
  for (const entry of entries) yield describe(entry);
}

function describeStrategy(strategy: Strategy): CatalogDescription['strategies'][number] {
  const { id, objective, toward, when, weights } = strategy;
  return { id, objective, ...(toward !== undefined && { toward }), ...(when !== null && { when: when.source }), weights: Object.fromEntries(weights), ...stewardship(strategy) };
}

function describeOffer(offer: Offer, { timeZone, triggers }: Catalog): OfferDescription {
  const { id, name, kind, attributes, treatments, exclusive, lever, limits, triggers: { unlocking } } = offer;
  return {
    id, name, kind, attributes,
    channels: [...new Set(treatments.map(({ channel }) => channel))],
    ...(exclusive !== undefined && { exclusive }),
    ...(lever !== null && { lever: describeLever(lever, timeZone) }),
    ...(limits.length > 0 && { limits: limits.map(({ outcome, max, per }) => ({ outcome, max, per })) }),
    ...(unlocking.length > 0 && { unlockedBy: unlocking.map((place) => triggers[place]!.id) }),
    ...stewardship(offer),
  };
}

/** Back from [fromMs, untilMs) to the inclusive dates of the file. */
function describeLever({ weight, fromMs, untilMs }: Lever, timeZone: string): NonNullable<OfferDescription['lever']> {
  const calendar = calendarOf(timeZone);
  const dateOf = (instantMs: number): string => new Date(calendar.dayOf(instantMs) * 86_400_000).toISOString().slice(0, 10);
  return { weight, ...(Number.isFinite(fromMs) && { from: dateOf(fromMs) }), ...(Number.isFinite(untilMs) && { until: dateOf(untilMs - 1) }) };
}

function describeRule(rule: Rule): CatalogDescription['rules'][number] {
  const { id, kind, applies, check, reason } = rule;
  return {
    id, kind, check: check.type,
    ...(applies !== null && { applies: applies.source }),
    ...(check.type === 'require' && { require: check.require.source }),
    ...(reason !== null && { reason }),
    ...stewardship(rule),
  };
}

function describeTrigger(trigger: Trigger): CatalogDescription['triggers'][number] {
  const { id, type, effect, start } = trigger;
  return { id, type, weight: effect.weight, ...((start.type === 'event' || start.type === 'absence') && { needsEvents: true }), ...stewardship(trigger) };
}

function stewardship({ owner, goal, reviewBy }: Stewardship): { owner?: string; goal?: string; reviewBy?: string } {
  return { ...(owner !== undefined && { owner }), ...(goal !== undefined && { goal }), ...(reviewBy !== undefined && { reviewBy }) };
}
