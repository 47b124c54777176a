import type { Decision, ExcludedOffer, OfferedOffer } from '../decision/types.js';
import type { DecisionResponse } from './openapi-types.js';
import type { Tokens } from './token.js';
import type { Named } from './visitors.js';

type InTheMaking<T> = { -readonly [member in keyof T]: T[member] };
type Answer = InTheMaking<DecisionResponse>;
type AnsweredOffer = InTheMaking<DecisionResponse['offers'][number]>;

/** How a decision came about. */
export interface Making {
  readonly decisionId: string;
  readonly named: Named;
  /** When it was made, whatever time it was made for: its tokens are good from then on. */
  readonly madeAt: number;
  /** `null`: the store, which keeps their secret, has not answered yet. */
  readonly tokens: Tokens | null;
  /** Of the store nothing could be read, whatever it was asked for. */
  readonly isStoreAway: boolean;
}

/**
 * The decision as clients get it.
 *
 * A member that may be absent is set, not spread: objects made of many spreads took 3 µs each, and twice the time to write.
 */
export function toResponse(decision: Decision, making: Making): DecisionResponse {
  const { decisionId, named: { customerId, visitorId }, isStoreAway } = making;
  const { decidedAt, offers, excluded, channels, heldOut, noOfferReason, emptyPlacements, triggers, outboundContacts, degraded } = decision;
  const answer = { decisionId } as Answer;
  if (customerId !== undefined) answer.customerId = customerId;
  if (visitorId !== undefined) answer.visitorId = visitorId;
  answer.decidedAt = new Date(decidedAt).toISOString();
  answer.channel = decision.channel;
  if (channels !== undefined) answer.channels = channels;
  answer.group = decision.group;
  answer.strategy = decision.strategy;
  answer.offers = offers.map((offered) => toOffer(offered, decision.channel, making));
  if (excluded !== undefined) answer.excluded = excluded.map(toExcluded);
  if (heldOut !== undefined) answer.heldOut = heldOut;
  if (noOfferReason !== undefined) answer.noOfferReason = noOfferReason;
  if (emptyPlacements !== undefined) answer.emptyPlacements = emptyPlacements;
  if (triggers !== undefined) answer.triggers = triggers;
  if (outboundContacts !== undefined) answer.outboundContacts = outboundContacts.map(({ occurredAt, ...contact }) => ({ occurredAt: new Date(occurredAt).toISOString(), ...contact }));
  answer.degraded = isStoreAway ? withoutStore(degraded) : degraded;
  answer.catalogRevision = decision.catalogRevision;
  return answer;
}

function toOffer(offered: OfferedOffer, asked: string, { decisionId, named, madeAt, tokens }: Making): AnsweredOffer {
  const { rank, offer, propensity, value, weight, priority, factors, placement, fallback, treatment, reasons, origins, channel = asked } = offered;
  const { id: offerId, name, kind } = offer;
  const answered = { rank, offerId, name, kind, propensity, value, weight, priority } as AnsweredOffer;
  if (offered.channels !== undefined) Object.assign(answered, toAdvice(offered));
  answered.factors = factors;
  if (placement !== undefined) answered.placement = placement;
  answered.fallback = fallback;
  if (treatment !== undefined) answered.treatment = treatment;
  if (reasons !== undefined) answered.reasons = reasons;
  if (origins !== undefined) answered.origins = origins;
  if (tokens !== null) answered.token = tokens.sign({ customerId: named.customerId, visitorId: named.customerId === undefined ? named.visitorId : undefined, decisionId, offerId, kind, channel, placement, propensity, decidedAt: madeAt });
  return answered;
}

function toExcluded({ offer, ...rest }: ExcludedOffer): NonNullable<DecisionResponse['excluded']>[number] {
  const { propensity, value, weight, priority, rejectedBy, factors, origins, note } = rest;
  return { offerId: offer.id, name: offer.name, kind: offer.kind, propensity, value, weight, priority, rejectedBy, ...toAdvice(rest), factors, origins, ...(note !== undefined && { note }) };
}

type AdviceMembers = Pick<DecisionResponse['offers'][number], 'channel' | 'cost' | 'expectedValue' | 'channels' | 'channelsLeftOut'>;

function toAdvice({ channel, cost, expectedValue, channels, channelsLeftOut }: Pick<OfferedOffer, keyof AdviceMembers>): AdviceMembers {
  if (channel === undefined || channels === undefined) return {};
  return { channel, ...(cost !== undefined && { cost }), ...(expectedValue !== undefined && { expectedValue }), channels, ...(channelsLeftOut !== undefined && { channelsLeftOut }) };
}

const partsOfStore = new Set(['store', 'limits', 'events']);

/** One that is away is not told by its parts. */
function withoutStore(degraded: readonly string[]): readonly string[] {
  return [...degraded.filter((what) => !partsOfStore.has(what)), 'store'].sort();
}
