import { createHash } from 'node:crypto';
import type { DueTrigger } from '../../decision/outlook.js';
import type { Publication } from '../../customers/agenda.js';
import type { DecisionResponse } from '../openapi-types.js';
import { dayMs } from '../../decision/calendar.js';

/** One activation of one trigger for one customer has one decision, and one event: the id of both, in the shape of a UUID
 *  (version 8, RFC 9562), from 122 bits of SHA-256. */
export function activationId(customerId: string, trigger: string, startedAt: number): string {
  const hex = createHash('sha256').update(JSON.stringify([customerId, trigger, startedAt])).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** However long it is true: so long the outbox is tried. What is true as long as nothing changes is good for as long: after
 *  that nobody has asked whether it still is. */
const longestTryingMs = 7 * dayMs;

/** The offer that it is about; `null`: it does not say. */
export function offerOf({ event }: Publication): string | null {
  const { data } = JSON.parse(event) as { readonly data?: { readonly offer?: { readonly offerId?: string } } };
  return data?.offer?.offerId ?? null;
}

/** The event: what to say to whom in which channel, why, and until when. */
export function publicationOf(customerId: string, { trigger, startedAt, deadline }: DueTrigger, response: DecisionResponse, now: number): Publication {
  const { decisionId, channel, decidedAt, strategy, catalogRevision, offers: [offer] } = response;
  const validUntil = Number.isFinite(deadline) ? deadline : now + longestTryingMs;
  const event = {
    specversion: '1.0',
    id: decisionId,
    source: `/triggers/${trigger.id}`,
    type: 'nbo.offer.due',
    subject: customerId,
    time: decidedAt,
    datacontenttype: 'application/json',
    data: {
      customerId, decisionId, channel,
      trigger: { id: trigger.id, type: trigger.type, startedAt: new Date(startedAt).toISOString() },
      validUntil: new Date(validUntil).toISOString(),
      strategy, catalogRevision,
      offer,
    },
  };
  return {
    id: decisionId, trigger: trigger.id, channel, event: JSON.stringify(event), attempts: 0, nextAt: now,
    validUntil: Math.min(validUntil, now + longestTryingMs),
    ...(trigger.fromPartner && { fromPartner: true as const }),
  };
}
