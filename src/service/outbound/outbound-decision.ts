import { concerns } from '../../decision/activation.js';
import { decide } from '../../decision/pipeline.js';
import { roomAgainAt } from '../../decision/room-again.js';
import { drive } from '../drive.js';
import { maxContacts } from '../ledger-bounds.js';
import { presentationOf } from '../presentation.js';
import { readCustomer, type ReadCustomer } from '../customer-reading.js';
import { toResponse } from '../decision-response.js';
import { activationId, publicationOf } from './publication.js';
import { whyNothing } from './why-nothing.js';
import type { Agenda, Publication } from '../../customers/agenda.js';
import type { Catalog, Decision, DecisionRequest } from '../../decision/types.js';
import type { CustomerStore } from '../../customers/customer-store.js';
import type { Deadline } from '../deadline.js';
import type { DecisionInput } from '../../decision/situation.js';
import type { DecisionRecord } from '../decision-service.js';
import type { DueTrigger } from '../../decision/outlook.js';
import type { Scorer } from '../../models/scorer.js';
import type { TokenSource } from '../token-source.js';

export interface OutboundDecisionParts {
  readonly store: CustomerStore;
  readonly scorer: Scorer;
  readonly tokens: TokenSource;
  readonly onDecided: (record: DecisionRecord) => void;
}

/** One trigger that speaks to one customer now. */
export interface OutboundCause {
  readonly customerId: string;
  readonly lease: string;
  readonly due: DueTrigger;
  readonly catalog: Catalog;
  readonly now: number;
  readonly deadline: Deadline;
  /** The agenda to be written with the claim, once the offer is published. */
  readonly agendaWith: (publication: Publication) => Agenda;
  /** Whether the trigger may speak to the customer as read again. */
  readonly isStillDue: (read: ReadCustomer) => Promise<boolean>;
}

export type OutboundResult =
  | { readonly type: 'claimed'; readonly publication: Publication }
  /** No offer survives the rules now. `retryAt`: when one may, by time alone. */
  | { readonly type: 'refused'; readonly reason: string; readonly retryAt: number | null; readonly isFinal: boolean }
  /** It may not speak any more: the customer is to be looked at anew. */
  | { readonly type: 'over' }
  /** Nothing is to be written any more: the lease or the customer is gone, or the store does not answer. */
  | { readonly type: 'gone' };

/** After so many lost races the customer is looked at again later. */
const mostTries = 8;
const contestedPauseMs = 60_000;

/**
 * Decides for a trigger that has become active, and claims the best of the offers that it concerns, in the best of its
 * channels: it is recorded as presented, and its publication as pending, in one atomic step under the lease. So it counts in every
 * cap from then on, and there is one for an activation, whoever dies when.
 */
export async function decideOutbound(cause: OutboundCause, read: ReadCustomer, parts: OutboundDecisionParts): Promise<OutboundResult> {
  const { customerId, lease, due, catalog, now, deadline } = cause;
  const decisionId = activationId(customerId, due.trigger.id, due.startedAt);
  const tokens = await parts.tokens(deadline);
  if (tokens === null) return { type: 'gone' };
  let found = read;
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0) found = await readCustomer(parts.store, catalog, { customerId, channel: '' }, now, now, deadline);
    if (found.ledgerVersion === null) return { type: 'gone' };
    if (tries > 0 && !await cause.isStillDue(found)) return { type: 'over' };
    const { decision, input, body } = await decideOnce(cause, found, parts);
    const response = toResponse(decision, { decisionId, named: { customerId }, madeAt: now, tokens, isStoreAway: false });
    const log = (): void => parts.onDecided({ caller: `trigger:${due.trigger.id}`, madeAt: now, request: body, input, response, answer: JSON.stringify(response) });
    if (decision.offers.length === 0) {
      log();
      return refusalOf(await decideInChannels(cause, found, parts), now);
    }
    const publication = publicationOf(customerId, due, response, now);
    const claimed = await deadline.cut(parts.store.claim({ customerId, ledgerVersion: found.ledgerVersion, now, maxContacts, ...presentationOf(decision, decisionId, catalog, now, due.trigger), agenda: { lease, agenda: cause.agendaWith(publication) } }));
    switch (claimed.type) {
      case 'claimed':
        log();
        return { type: 'claimed', publication };
      case 'lease-lost': case 'unknown-customer': case 'linked': return { type: 'gone' };
      case 'ledger-full': return { type: 'refused', reason: 'The contact ledger is full', retryAt: now + 24 * 3_600_000, isFinal: false };
      case 'conflict': case 'limit-reached':
    }
  }
  return { type: 'refused', reason: 'Other decisions were faster', retryAt: now + contestedPauseMs, isFinal: false };
}

interface Made { readonly decision: Decision; readonly input: DecisionInput; readonly body: DecisionRecord['request'] }

/** Of the offers that the trigger concerns, the best one in its best channel. */
async function decideOnce(cause: OutboundCause, found: ReadCustomer, parts: OutboundDecisionParts): Promise<Made> {
  const { customerId, due: { trigger } } = cause;
  const { channels } = trigger.outbound!;
  const { decision, input } = await decideIn(channels, cause, found, parts);
  return { decision, input, body: { customerId, channels: [...channels], direction: 'outbound', limit: 1, explain: 'full', record: 'presented' } };
}

/** Each channel by itself, its cost weighed: what refuses the offers there, and until when. */
async function decideInChannels(cause: OutboundCause, found: ReadCustomer, parts: OutboundDecisionParts): Promise<readonly Pick<Made, 'decision' | 'input'>[]> {
  const made: Pick<Made, 'decision' | 'input'>[] = [];
  for (const channel of cause.due.trigger.outbound!.channels) made.push(await decideIn([channel], cause, found, parts));
  return made;
}

async function decideIn(channels: readonly string[], { due: { trigger }, catalog, now, deadline }: OutboundCause, { state }: ReadCustomer, { scorer }: OutboundDecisionParts): Promise<Pick<Made, 'decision' | 'input'>> {
  const offers = new Set(catalog.offers.filter(({ id, kind }) => concerns(trigger, id, kind)).map(({ id }) => id));
  const request: DecisionRequest = { channel: channels[0]!, channels, direction: 'outbound', limit: 1, placements: null, context: {}, explain: 'full', offers };
  const input: DecisionInput = { catalog, request, customer: state, now, contested: new Set() };
  return { decision: await drive(decide(input), scorer, deadline), input };
}

/** The reason and the time are those of the channel that may be free first; else of the first. */
function refusalOf(made: readonly Pick<Made, 'decision' | 'input'>[], now: number): OutboundResult {
  const timed = made.map(({ decision, input }) => ({ decision, retryAt: roomAgainAt(decision, input) }));
  const { decision, retryAt } = timed.reduce((best, each) => ((each.retryAt ?? Infinity) < (best.retryAt ?? Infinity) ? each : best));
  if (decision.group === 'control') return { type: 'refused', reason: 'The customer is in the control group', retryAt: null, isFinal: true };
  return { type: 'refused', reason: whyNothing(decision), retryAt: retryAt === null ? null : Math.max(now + 1, retryAt), isFinal: false };
}
