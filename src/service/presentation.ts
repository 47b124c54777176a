import { periodOf } from './limit-periods.js';
import type { Catalog, Decision, Trigger } from '../decision/types.js';
import type { ClaimWrite } from '../customers/customer-store.js';

/** What a claim writes of a decision whose offers are presented: the contacts, and the room that they take of limits. `trigger`:
 *  which presents them by itself. */
export function presentationOf({ channel, offers }: Decision, decisionId: string, catalog: Catalog, now: number, trigger?: Trigger): Pick<ClaimWrite, 'horizon' | 'contacts' | 'reserve'> {
  return {
    horizon: catalog.ledger,
    contacts: offers.map(({ offer, channel: itsOwn, placement }) => ({ decisionId, offerId: offer.id, kind: offer.kind, channel: itsOwn ?? channel, placement, outcome: 'presented', occurredAt: now, ...(trigger !== undefined && { trigger: trigger.fromPartner ? '' : trigger.id }) })),
    reserve: offers.flatMap(({ offer }) => offer.limits.map((limit) => ({
      ...periodOf(limit, catalog, now), max: limit.max, offerId: offer.id, decisionId, heldUntil: now + limit.reserveMs, confirmed: limit.outcome === 'presented',
    }))),
  };
}
