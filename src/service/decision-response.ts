import type { Decision, ExcludedOffer, OfferedOffer } from '../decision/types.js';
import type { DecisionResponse } from './openapi-types.js';
import type { Tokens } from './token.js';
import type { Named } from './visitors.js';

/** The decision as clients get it. `tokens: null`: a simulated decision, whose offers nobody was made; or the store, which
 *  keeps their secret, is away (`isStoreAway`). */
export function toResponse(decision: Decision, decisionId: string, { customerId, visitorId }: Named, tokens: Tokens | null, isStoreAway = false): DecisionResponse {
  const { decidedAt, offers, excluded, ...rest } = decision;
  return {
    decisionId,
    ...(customerId !== undefined && { customerId }),
    ...(visitorId !== undefined && { visitorId }),
    decidedAt: new Date(decidedAt).toISOString(),
    channel: rest.channel,
    ...(rest.channels !== undefined && { channels: rest.channels }),
    group: rest.group,
    strategy: rest.strategy,
    offers: offers.map((offered) => toOffer(offered, decision, decisionId, customerId === undefined ? { visitorId } : { customerId }, tokens)),
    ...(excluded !== undefined && { excluded: excluded.map(toExcluded) }),
    ...(rest.noOfferReason !== undefined && { noOfferReason: rest.noOfferReason }),
    ...(rest.emptyPlacements !== undefined && { emptyPlacements: rest.emptyPlacements }),
    ...(rest.triggers !== undefined && { triggers: rest.triggers }),
    degraded: isStoreAway && !rest.degraded.includes('store') ? [...rest.degraded, 'store'].sort() : rest.degraded,
    catalogRevision: rest.catalogRevision,
  };
}

function toOffer(offered: OfferedOffer, { decidedAt, channel: asked }: Decision, decisionId: string, named: Named, tokens: Tokens | null): DecisionResponse['offers'][number] {
  const { rank, offer, propensity, value, weight, priority, factors, placement, fallback, treatment, reasons, origins, channel = asked } = offered;
  return {
    rank, offerId: offer.id, name: offer.name, kind: offer.kind, propensity, value, weight, priority,
    ...toAdvice(offered),
    factors,
    ...(placement !== undefined && { placement }),
    fallback,
    ...(treatment !== undefined && { treatment }),
    ...(reasons !== undefined && { reasons }),
    ...(origins !== undefined && { origins }),
    ...(tokens !== null && { token: tokens.sign({ ...named, decisionId, offerId: offer.id, kind: offer.kind, channel, placement, propensity, decidedAt }) }),
  };
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
