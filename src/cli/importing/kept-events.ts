import { mostDays, mostTimes } from '../../customers/event-ledger.js';
import type { CustomerEvents, JsonObject } from '../../decision/types.js';
import type { CustomerExport } from '../../service/openapi-types.js';
import { dayMs } from '../../decision/calendar.js';

type KeptEvents = CustomerExport['events'];

const name = { type: 'string', minLength: 1, maxLength: 256 };
const time = { type: 'string', format: 'date-time' };

/** As an export writes it, with the bounds of what a store keeps. */
export const keptEventsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['types', 'triggers'],
  properties: {
    types: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['type', 'fromPartner', 'total', 'recent', 'days'],
        properties: {
          type: name,
          fromPartner: { type: 'boolean' },
          total: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
          recent: { type: 'array', maxItems: mostTimes, items: time },
          days: {
            type: 'array',
            maxItems: mostDays,
            items: { type: 'object', additionalProperties: false, required: ['day', 'count'], properties: { day: { type: 'string', format: 'date' }, count: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } } },
          },
        },
      },
    },
    triggers: {
      type: 'array',
      maxItems: 5000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['trigger', 'fromPartner', 'time'],
        properties: { trigger: name, fromPartner: { type: 'boolean' }, time, source: { type: 'string' }, data: { type: 'object' }, endsAt: time },
        dependentRequired: { source: ['data'], data: ['source'] },
      },
    },
  },
} as const;

/** What a store keeps of it, in its order; or what of it cannot be, with its place. `latest`: nothing happened after that. */
export function readKeptEvents({ types, triggers }: KeptEvents, latest: number): CustomerEvents | string {
  const tooLate = (at: string): string => `${at} lies in the future, or before 1970`;
  for (const [place, { type, total, recent, days }] of types.entries()) {
    const at = `/events/types/${place}`;
    if (types.findIndex((other) => other.type === type) !== place) return `${at}/type is there twice: ${type}`;
    if (recent.length === 0 || days.length === 0) return `${at} says no time of any event`;
    if (total < recent.length) return `${at}/total is less than the times that are there`;
    if (new Set(days.map(({ day }) => day)).size !== days.length) return `${at}/days has a day twice`;
    for (const [index, text] of recent.entries()) if (!isPast(Date.parse(text), latest)) return tooLate(`${at}/recent/${index}`);
    for (const [index, { day }] of days.entries()) if (!isPast(Date.parse(day), latest)) return tooLate(`${at}/days/${index}/day`);
  }
  for (const [place, { time: began, endsAt }] of triggers.entries()) {
    if (!isPast(Date.parse(began), latest)) return tooLate(`/events/triggers/${place}/time`);
    if (endsAt !== undefined && !isDaysAfter(Date.parse(began), Date.parse(endsAt))) return `/events/triggers/${place}/endsAt is not whole days after its time`;
  }
  return {
    trails: types.map(({ type, fromPartner, total, recent, days }) => ({
      type, fromPartner, total,
      recent: recent.map((text) => Date.parse(text)).sort((a, b) => a - b),
      days: days.map(({ day, count }) => ({ day: Date.parse(day) / dayMs, count })).sort((a, b) => a.day - b.day),
    })).sort((a, b) => order(a.type, b.type)),
    matches: triggers.map(({ trigger, fromPartner, time: text, source, data, endsAt }) => ({
      trigger, fromPartner, occurredAt: Date.parse(text),
      event: source === undefined ? undefined : { source, data: data as JsonObject },
      endsAt: endsAt === undefined ? undefined : Date.parse(endsAt),
    })).sort((a, b) => order(a.trigger, b.trigger) || a.occurredAt - b.occurredAt),
  };
}

/** From 1970 on: no time that a store keeps is before. */
function isPast(at: number, latest: number): boolean {
  return at >= 0 && at <= latest;
}

function isDaysAfter(from: number, until: number): boolean {
  return until >= from && (until - from) % dayMs === 0;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
