import { enterOffer, type Candidate } from './candidate.js';
import { chooseTreatment, hasTreatment, type TreatmentWish } from './treatment.js';
import type { Situation } from './situation.js';
import type { FunnelStage, Offer, PlacementRequest, Rejection, Treatment } from './types.js';

/** A place to fill: a placement of the request, or the whole answer where it names none. */
export interface Place extends Omit<PlacementRequest, 'id'> { readonly id: string | undefined }

export function placesOf({ request }: Situation): readonly Place[] {
  return request.placements ?? [{ id: undefined, limit: request.limit }];
}

/** What is shown of the offer in the place, which is the `index`th; `null`: it has nothing to show there, or no treatments
 *  at all. Chosen when it is first asked for, since few offers come so far. */
export function treatmentIn(candidate: Candidate, place: Place, index: number): Treatment | null {
  const { offer, situation } = candidate;
  if (offer.treatments.length === 0) return null;
  const known = candidate.treatments?.[index];
  if (known !== undefined) return known;
  enterOffer(candidate);
  const stage = situation.history === null ? 'inspire' : situation.history.stageOf(offer.id);
  const chosen = chooseTreatment(offer, wishFor(place, situation, stage), situation.slots);
  (candidate.treatments ??= [])[index] = chosen;
  return chosen;
}

/** Refuses an offer that has treatments, and none for any of the places. The offer's slots are filled. */
export function withoutTreatment(offer: Offer, places: readonly Place[], situation: Situation): Rejection | null {
  if (offer.treatments.length === 0) return null;
  for (const place of places) if (hasTreatment(offer, wishFor(place, situation, 'inspire'), situation.slots)) return null;
  const { request, customer } = situation;
  const locale = request.locale ?? customer.profile.locale;
  const inPlaces = request.placements !== null && hasTreatment(offer, wishFor({ ...places[0]!, id: undefined }, situation, 'inspire'), situation.slots) ? ` in ${placesInWords(places)}` : '';
  return { rule: 'treatment', kind: 'treatment', reason: `No treatment for ${request.channel}${locale === undefined ? '' : ` in ${locale}`}${inPlaces}` };
}

function placesInWords(places: readonly Place[]): string {
  return places.length === 1 ? `the placement ${places[0]!.id}` : 'these placements';
}

function wishFor({ id }: Place, { request, customer }: Situation, stage: FunnelStage): TreatmentWish {
  return { channel: request.channel, placement: id, locale: request.locale ?? customer.profile.locale, stage };
}
