import { funnelStages, type FunnelStage, type Offer, type Slots, type Treatment } from './types.js';

/** What a treatment is chosen for. `locale` as BCP 47 ("sv-SE"); without one, every locale will do. */
export interface TreatmentWish {
  readonly channel: string;
  /** `undefined`: the request names no placements. */
  readonly placement: string | undefined;
  readonly locale: string | undefined;
  readonly stage: FunnelStage;
}

/**
 * The offer's best presentation, or `null` where it has none for the channel. Preferred: the placement's own; then
 * the exact locale, its language, none; then the exact stage, an earlier one (the nearest first), none, any; then
 * the file's order. Where nothing of that fits, one in the same language for another region. Where its `when` does not
 * hold, a treatment is not there.
 */
export function chooseTreatment(offer: Offer, wish: TreatmentWish, slots: Slots): Treatment | null {
  let best: Treatment | null = null;
  let bestDistance = Infinity;
  for (const treatment of offer.treatments) {
    const distance = distanceOf(treatment, wish);
    if (distance < bestDistance && (treatment.when === null || treatment.when.evaluate(slots) === true)) {
      best = treatment;
      bestDistance = distance;
    }
  }
  return best;
}

/** Whether there is one at all: the stage only says which is better. */
export function hasTreatment(offer: Offer, wish: Omit<TreatmentWish, 'stage'>, slots: Slots): boolean {
  for (const treatment of offer.treatments) {
    if (treatment.channel !== wish.channel || placementDistance(treatment.placement, wish.placement) === Infinity || localeDistance(treatment.locale, wish.locale) === Infinity) continue;
    if (treatment.when === null || treatment.when.evaluate(slots) === true) return true;
  }
  return false;
}

/** The lower the better, the earlier criteria before the later; `Infinity` does not fit at all. */
function distanceOf(treatment: Treatment, wish: TreatmentWish): number {
  if (treatment.channel !== wish.channel) return Infinity;
  return placementDistance(treatment.placement, wish.placement) * 100 + localeDistance(treatment.locale, wish.locale) * 10 + stageDistance(treatment.stage, wish.stage);
}

/** A request without placements also takes what was made for one, last; a placement never takes another's. */
function placementDistance(own: string | undefined, wanted: string | undefined): number {
  if (own === wanted) return 0;
  if (own === undefined || wanted === undefined) return 1;
  return Infinity;
}

/** The same language in another region: better than nothing, and than nothing else, wherever it is placed. */
const elsewhere = 100;

function localeDistance(own: string | undefined, wanted: string | undefined): number {
  if (wanted === undefined) return own === undefined ? 0 : 1;
  if (own === undefined) return 3;
  const [mine, theirs] = [own.toLowerCase(), wanted.toLowerCase()];
  if (mine === theirs) return 0;
  const language = theirs.split('-')[0]!;
  if (mine === language) return 1;
  return mine.startsWith(`${language}-`) ? elsewhere : Infinity;
}

function stageDistance(own: FunnelStage | undefined, wanted: FunnelStage): number {
  if (own === undefined) return funnelStages.length;
  const steps = funnelStages.indexOf(wanted) - funnelStages.indexOf(own);
  return steps >= 0 ? steps : funnelStages.length - steps;
}
