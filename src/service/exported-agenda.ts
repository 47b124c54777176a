import type { HeldAgenda } from '../customers/agenda.js';
import type { CustomerExport } from './openapi-types.js';

export type ExportedAgenda = NonNullable<CustomerExport['agenda']>;

/** That a text can say: the end of what has none is later. */
const lastTime = 8.64e15;

/** What we said to the customer by ourselves, and have yet to say. */
export function toExportedAgenda({ dueAt, agenda: { notes, publications } }: HeldAgenda): ExportedAgenda {
  const isoTime = (time: number): string => new Date(time).toISOString();
  return {
    ...(dueAt !== null && { lookAt: isoTime(dueAt) }),
    triggers: notes.map(({ trigger, startedAt, until, state, at, reason, fromPartner }) => ({
      trigger, state,
      activeSince: isoTime(startedAt),
      ...(until !== undefined && until <= lastTime && { activeUntil: isoTime(until) }),
      since: isoTime(at),
      ...(reason !== undefined && { reason }), ...(fromPartner === true && { fromPartner }),
    })),
    unsent: publications.map(({ id, trigger, channel, event, validUntil, attempts, nextAt, neverTaken, fromPartner }) => ({
      id, trigger, channel,
      validUntil: isoTime(Math.min(validUntil, lastTime)),
      attempts,
      nextAttemptAt: isoTime(nextAt),
      ...(neverTaken === true && { neverTaken }),
      ...(fromPartner === true && { fromPartner }),
      event: JSON.parse(event) as ExportedAgenda['unsent'][number]['event'],
    })),
  };
}
