import type { HeldAgenda } from '../../customers/agenda.js';
import type { ExportedAgenda } from '../../service/exported-agenda.js';

const name = { type: 'string', minLength: 1, maxLength: 256 };
const yes = { type: 'boolean', const: true };
const fromPartner = yes;
const time = { type: 'string', format: 'date-time' };
/** More than a catalog has triggers; and publications wait for the outbox, a few at most. */
const mostEntries = 5000;

/** As an export writes it. */
export const keptAgendaSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['triggers', 'unsent'],
  properties: {
    lookAt: time,
    triggers: {
      type: 'array',
      maxItems: mostEntries,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['trigger', 'state', 'activeSince', 'since'],
        properties: {
          trigger: name, state: { type: 'string', enum: ['deferred', 'published', 'given-up'] },
          activeSince: time, activeUntil: time, since: time,
          reason: { type: 'string' },
          fromPartner,
        },
      },
    },
    unsent: {
      type: 'array',
      maxItems: mostEntries,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'trigger', 'channel', 'validUntil', 'attempts', 'nextAttemptAt', 'event'],
        properties: {
          id: name, trigger: name, channel: name, validUntil: time,
          attempts: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
          nextAttemptAt: time,
          event: { type: 'object' },
          neverTaken: yes, fromPartner,
        },
      },
    },
  },
} as const;

/** What a store keeps of it; or what of it cannot be, with its place. Of a trigger that was published nothing is published
 *  again, so what had not been sent yet comes along, under its id. */
export function readKeptAgenda({ lookAt, triggers, unsent }: ExportedAgenda): HeldAgenda | string {
  const times = [
    ['/agenda/lookAt', lookAt],
    ...triggers.flatMap(({ activeSince, activeUntil, since }, place) => [[`/agenda/triggers/${place}/activeSince`, activeSince], [`/agenda/triggers/${place}/activeUntil`, activeUntil], [`/agenda/triggers/${place}/since`, since]]),
    ...unsent.flatMap(({ validUntil, nextAttemptAt }, place) => [[`/agenda/unsent/${place}/validUntil`, validUntil], [`/agenda/unsent/${place}/nextAttemptAt`, nextAttemptAt]]),
  ] as [string, string | undefined][];
  for (const [pointer, text] of times) if (text !== undefined && Date.parse(text) < 0) return `${pointer} lies before 1970`;
  const twice = triggers.findIndex(({ trigger }, place) => triggers.findIndex((other) => other.trigger === trigger) !== place);
  if (twice !== -1) return `/agenda/triggers/${twice}/trigger is there twice: ${triggers[twice]!.trigger}`;
  return {
    dueAt: lookAt === undefined ? null : Date.parse(lookAt),
    agenda: {
      notes: triggers.map(({ trigger, state, activeSince, activeUntil, since, reason, fromPartner: isPartners }) => ({
        trigger, state, reason,
        startedAt: Date.parse(activeSince),
        until: activeUntil === undefined ? undefined : Date.parse(activeUntil),
        at: Date.parse(since),
        fromPartner: isPartners,
      })),
      publications: unsent.map(({ id, trigger, channel, validUntil, attempts, nextAttemptAt, event, neverTaken, fromPartner: isPartners }) => ({
        id, trigger, channel, attempts, neverTaken,
        fromPartner: isPartners,
        validUntil: Date.parse(validUntil),
        nextAt: Date.parse(nextAttemptAt),
        event: JSON.stringify(event),
      })),
    },
  };
}
