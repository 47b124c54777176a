import { concerns } from '../../decision/activation.js';
import { decide } from '../../decision/pipeline.js';
import { drive } from '../drive.js';
import type { DecisionInput } from '../../decision/situation.js';
import type { Catalog, CustomerState, DecisionRequest, ExcludedOffer, Rejection, Trigger } from '../../decision/types.js';
import type { Deadline } from '../deadline.js';
import type { Prospect } from './tally.js';
import type { Scorer } from '../../models/scorer.js';

export interface ProspectCase {
  readonly trigger: Trigger;
  readonly catalog: Catalog;
  readonly customer: CustomerState;
  readonly now: number;
  readonly channel: string | null;
  readonly degraded: Set<string>;
}

/**
 * The best of the offers that the trigger concerns, in the decision that would be made if it were active: a trigger with
 * `outbound` makes the contact itself, in its channels; with any other the customer does, in whichever channel, at no cost.
 */
export async function prospectOf({ trigger, catalog, customer, now, channel, degraded }: ProspectCase, scorer: Scorer, deadline: Deadline): Promise<Prospect> {
  const { outbound } = trigger;
  const channels = channel !== null ? [channel] : outbound === null ? catalog.channels : outbound.channels;
  const offers = new Set(catalog.offers.filter(({ id, kind }) => concerns(trigger, id, kind)).map(({ id }) => id));
  const request: DecisionRequest = { channel: channels[0]!, channels, direction: outbound === null ? 'inbound' : 'outbound', limit: 1, placements: null, context: {}, explain: 'none', offers };
  const input: DecisionInput = { catalog: outbound === null ? { ...catalog, channelCosts: new Map() } : catalog, request, customer, now, contested: new Set(), assumedActive: new Set([trigger.id]) };
  const { offers: [best], degraded: without } = await drive(decide(input), scorer, deadline);
  for (const each of without) degraded.add(each);
  if (best !== undefined) return { offer: best };
  // Only who gets nothing is asked after every reason: that costs scoring what is refused.
  const { excluded = [] } = await drive(decide({ ...input, request: { ...request, explain: 'full' } }), scorer, deadline);
  const refusals = new Map<string, string>();
  for (const each of excluded) for (const { rule, reason } of decisiveOf(each)) if (!refusals.has(rule)) refusals.set(rule, reason);
  return { offer: null, refusals };
}

/** What refuses the offer in every channel; where each has its own reasons, those of the channel that came nearest. */
function decisiveOf({ rejectedBy, channelsLeftOut = [] }: ExcludedOffer): readonly Rejection[] {
  const everywhere = rejectedBy.filter(({ rule }) => channelsLeftOut.every((each) => each.rejectedBy.some((other) => other.rule === rule)));
  return everywhere.length > 0 ? everywhere : rejectedBy;
}
