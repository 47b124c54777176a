import { enterOffer, type Candidate } from './candidate.js';
import { chooseTreatment } from './treatment.js';
import type { Rules } from './rules.js';
import type { ActiveTrigger } from './triggers.js';
import type { Situation } from './situation.js';
import type { OfferRule, PlacementRequest, Rejection } from './types.js';

/** A place to fill: a placement of the request, or the whole answer where it names none. */
export interface Place extends Omit<PlacementRequest, 'id'> { readonly id: string | undefined }

export function placesOf({ request }: Situation): readonly Place[] {
  return request.placements ?? [{ id: undefined, limit: request.limit }];
}

/** How thoroughly to ask: until the first no, or (for a full explanation) everything that says no. */
export interface Inquiry { readonly all: boolean }

/** Asks the rules; what says no is added to the candidate's rejections. */
export function askRules(candidate: Candidate, which: (rule: OfferRule) => boolean, rules: Rules, inquiry: Inquiry): void {
  if (candidate.rejections.length > 0 && !inquiry.all) return;
  enterOffer(candidate);
  for (const offerRule of candidate.offer.rules) {
    if (!which(offerRule)) continue;
    const rejection = rules.ask(offerRule, candidate.offer);
    if (rejection === null) continue;
    candidate.rejections.push(rejection);
    if (!inquiry.all) return;
  }
}

/** What excludes an offer beside rules: it is not unlocked, a limit is used up, it is contested, no treatment fits. */
export function screen(candidate: Candidate, triggers: readonly ActiveTrigger[], places: readonly Place[], inquiry: Inquiry): void {
  for (const refuse of [notUnlocked, limitUsedUp, contested]) {
    if (candidate.rejections.length > 0 && !inquiry.all) return;
    const rejection = refuse(candidate, triggers);
    if (rejection !== null) candidate.rejections.push(rejection);
  }
  if (candidate.rejections.length > 0 && !inquiry.all) return;
  const { offer, situation } = candidate;
  if (offer.treatments.length === 0) return;
  enterOffer(candidate);
  const { request, customer, history, slots } = situation;
  const stage = history === null ? 'inspire' : history.stageOf(offer.id);
  const locale = request.locale ?? customer.profile.locale;
  candidate.treatments = places.map(({ id }) => chooseTreatment(offer, { channel: request.channel, placement: id, locale, stage }, slots));
  if (candidate.treatments.every((treatment) => treatment === null)) {
    candidate.rejections.push({ rule: 'treatment', kind: 'treatment', reason: `No treatment for ${request.channel}${locale === undefined ? '' : ` in ${locale}`}` });
  }
}

function notUnlocked({ offer: { unlockedBy } }: Candidate, triggers: readonly ActiveTrigger[]): Rejection | null {
  if (unlockedBy.length === 0 || triggers.some(({ trigger }) => unlockedBy.includes(trigger.id))) return null;
  return { rule: 'trigger', kind: 'trigger', reason: `Exists only while ${unlockedBy.join(' or ')} is active` };
}

function limitUsedUp({ offer, situation: { customer: { limitUsage } } }: Candidate): Rejection | null {
  for (const { key, max, outcome, per } of offer.limits) {
    if (limitUsage === undefined) return { rule: 'limit', kind: 'limit', reason: `How much of the limit is left is not known (missing: limits)` };
    if ((limitUsage.get(key) ?? 0) >= max) return { rule: 'limit', kind: 'limit', reason: `The limit of ${max} × ${outcome}${per === 'total' ? '' : ` per ${per}`} is used up` };
  }
  return null;
}

function contested({ offer, situation }: Candidate): Rejection | null {
  return situation.contested.has(offer.id) ? { rule: 'claim', kind: 'claim', reason: 'Another decision took it at the same moment' } : null;
}
