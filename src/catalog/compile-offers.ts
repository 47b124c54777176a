import type { Factor, JsonObject, Lever, Limit, Offer, Treatment } from '../decision/types.js';
import { checkModelOutput, type Compiling, type Entry } from './compiling.js';
import { dateRange, durationMs, given, stewardshipOf } from './compile-parts.js';
import { mapPausing, type Pause } from './pauses.js';
import { fromPointer } from './problem.js';
import { stepsBetween } from '../suggestion.js';
import type { RawFactor, RawOffer, RawTreatment } from './schemas/offer-schema.js';
import { itemsOf, type Spot } from './spot.js';

/** An offer before it is known which rules concern it and where its attributes stand in the slots. */
export type OfferDraft = Omit<Offer, 'row' | 'asks' | 'sources' | 'rules' | 'slotValues' | 'triggers'>;

const defaultReserveMs = 15 * 60_000;
const defaultOutput = 'propensity';

/** In the order of the entries. Their ids have been declared. */
export function compileOffers(entries: readonly Entry<RawOffer>[], compiling: Compiling, pause: Pause): Promise<OfferDraft[]> {
  return mapPausing(entries, pause, (entry) => compileOffer(entry, compiling));
}

function compileOffer({ raw, spot }: Entry<RawOffer>, compiling: Compiling): OfferDraft {
  return {
    id: raw.id ?? '', name: raw.name ?? raw.id ?? '', kind: raw.kind ?? 'service',
    attributes: compileAttributes(raw, spot, compiling),
    value: {
      volume: compileFactor(raw.value?.volume ?? 1, spot.at('value', 'volume'), compiling),
      margin: compileFactor(raw.value?.margin ?? 0, spot.at('value', 'margin'), compiling),
      duration: compileFactor(raw.value?.duration ?? 1, spot.at('value', 'duration'), compiling),
    },
    propensity: compilePropensity(raw.propensity ?? 0, spot.at('propensity'), compiling),
    lever: compileLever(raw.lever, spot.at('lever'), compiling),
    ...given('exclusive', raw.exclusive),
    limits: compileLimits(raw, spot.at('limits')),
    treatments: compileTreatments(raw, spot.at('treatments'), compiling),
    ...stewardshipOf(raw, compiling.today, spot),
  };
}

function compileAttributes(raw: RawOffer, spot: Spot, { schema }: Compiling): JsonObject {
  const attributes = raw.attributes ?? {};
  for (const { pointer, detail } of schema.schemas.offer?.violations(attributes, { complete: true }) ?? []) {
    const at = spot.at('attributes', ...fromPointer(pointer));
    if (pointer !== '' && detail.startsWith('is not declared')) at.errorAtKey(`offer.${fromPointer(pointer).join('.')} ${detail}`);
    else at.error(detail);
  }
  return attributes;
}

function compileFactor(raw: RawFactor, spot: Spot, compiling: Compiling): Factor {
  if (typeof raw === 'number') {
    if (raw < 0) spot.warn('is negative, so the offer is never made');
    return { type: 'number', number: raw };
  }
  if (typeof raw === 'string') {
    const expression = compiling.expressions.number(raw, spot, 'factor');
    return expression === null ? { type: 'number', number: 0 } : { type: 'expression', expression };
  }
  checkModelOutput(compiling, raw, spot);
  return { type: 'model', model: raw.model ?? '', output: raw.output ?? '', prior: raw.prior ?? 0 };
}

function compilePropensity(raw: NonNullable<RawOffer['propensity']>, spot: Spot, compiling: Compiling): Offer['propensity'] {
  if (typeof raw === 'number') return { model: null, prior: raw };
  const { model, output = defaultOutput, prior = 0 } = raw;
  if (model === undefined) {
    if (raw.output !== undefined) spot.at('output').errorAtKey('"output" needs "model": whose output is it?');
    return { model: null, prior };
  }
  // Where the output is not named, the place of the model says that it has no "propensity".
  checkModelOutput(compiling, { model, output }, spot);
  return { model: { model, output }, prior };
}

function compileLever(raw: RawOffer['lever'], spot: Spot, { schema }: Compiling): Lever | null {
  return raw === undefined ? null : { weight: raw.weight ?? 1, ...dateRange(raw, schema.calendar, spot) };
}

function compileLimits(raw: RawOffer, spot: Spot): Limit[] {
  const places = new Map<string, Spot>();
  return itemsOf(raw.limits, spot).map(({ item, at }) => {
    const { outcome = 'accepted', max = 1, per = 'total' } = item;
    const key = `${raw.id ?? ''}/${outcome}/${per}`;
    const other = places.get(key);
    if (other !== undefined && item.outcome !== undefined) at.error(`limits ${outcome} per ${per} twice: first at ${other.place}`);
    places.set(key, at);
    return { key, outcome, max, per, reserveMs: durationMs(item.reserve, at.at('reserve')) ?? defaultReserveMs };
  });
}

function compileTreatments(raw: RawOffer, spot: Spot, compiling: Compiling): Treatment[] {
  const places = new Map<string, Spot>();
  return itemsOf(raw.treatments, spot).map(({ item, at }) => {
    const { when, ...content } = item;
    const { channel = '', placement, stage, locale } = item;
    if (item.channel !== undefined) compiling.schema.channelNames.check(channel, at.at('channel'));
    if (locale !== undefined && !isLocale(locale)) at.at('locale').error(`"${locale}" is no locale: write a language tag (BCP 47) as sv-SE or en`);
    if (when === undefined) warnOfTwin(item, at, places);
    warnOfMisspelt(item, at);
    return {
      channel, ...given('placement', placement), ...given('stage', stage), ...given('locale', locale),
      when: compiling.expressions.condition(when, at.at('when'), 'treatment'),
      content,
    };
  });
}

/** What chooses between treatments. Every other member is for whoever shows it. */
const choosing = ['channel', 'placement', 'stage', 'locale', 'when'] as const;

/** One slip away from what chooses: the treatment would be taken for everybody. */
function warnOfMisspelt(treatment: RawTreatment, spot: Spot): void {
  for (const name of Object.keys(treatment)) {
    const meant = choosing.find((each) => Math.abs(each.length - name.length) <= 1 && treatment[each] === undefined && stepsBetween(name.toLowerCase(), each) <= 1);
    if (meant !== undefined) spot.at(name).warn(`"${name}" chooses nothing, and is shown as it stands; did you mean ${meant}?`);
  }
}

/** Of two treatments for the same situation the second is never shown. */
function warnOfTwin({ channel, placement, stage, locale }: RawTreatment, spot: Spot, places: Map<string, Spot>): void {
  const key = JSON.stringify([channel, placement, stage, locale]);
  const other = places.get(key);
  if (other === undefined) places.set(key, spot);
  else spot.warn(`is for the same channel, placement, stage and locale as the treatment at ${other.place}, and neither has a \`when\`: one of them is never shown`);
}

function isLocale(locale: string): boolean {
  try {
    // Letters enough for a language's name ("Swedish") are set aside in the standard, and no language has any.
    return Intl.getCanonicalLocales(locale).length === 1 && /^(?:[a-z]{2,3}|[ix])(?:-|$)/i.test(locale);
  } catch {
    return false;
  }
}
