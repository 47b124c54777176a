import type { CustomerEvents, EventTrail, TriggerMatch } from '../decision/types.js';
import { partnerConsent } from '../decision/event-intake.js';
import type { EventIntake } from '../decision/event-intake.js';

/**
 * A customer's events as a value: what is kept of them, never the events themselves. Every function gives a new value (or
 * the same one where nothing changes); adapters write it. What is kept is a function of the set of events, in whatever
 * order they came.
 */
export const noEvents: CustomerEvents = { trails: [], matches: [] };

const dayMs = 86_400_000;
/** 16 times, 32 days and their counts take at most 200 bytes in the stored format. */
const mostTimes = 16;
const mostDays = 32;
/** How finely the events that started one trigger are told apart: the first and the last of every 16th of the time that
 *  they are kept for. */
const cellsPerTrigger = 16;
/** Of events that are kept whole for a trigger, the latest. */
const mostWhole = 32;

/** `late`: so long after the event that its idempotency key may be gone. Such an event counts once a day at most, so that
 *  a stream that is played again changes nothing. */
export function addEvent(events: CustomerEvents, intake: EventIntake, { now, late }: { readonly now: number; readonly late: boolean }): CustomerEvents {
  return {
    trails: withTrail(events.trails, intake, late),
    matches: intake.matches.reduce((matches, match) => withMatch(matches, { trigger: match.trigger, fromPartner: intake.fromPartner, occurredAt: intake.occurredAt, event: match.event }, match.keepMs, now), events.matches),
  };
}

/** What may be kept under a profile: partners' data go with the consent to them, at once. */
export function eventsUnder({ consents }: { readonly consents: readonly string[] }, events: CustomerEvents): CustomerEvents {
  return consents.includes(partnerConsent) ? events : withoutPartnerEvents(events);
}

function withoutPartnerEvents(events: CustomerEvents): CustomerEvents {
  const isOurs = ({ fromPartner }: { readonly fromPartner: boolean }): boolean => !fromPartner;
  return events.trails.every(isOurs) && events.matches.every(isOurs) ? events : { trails: events.trails.filter(isOurs), matches: events.matches.filter(isOurs) };
}

function withTrail(trails: readonly EventTrail[], { type, fromPartner, occurredAt }: EventIntake, late: boolean): readonly EventTrail[] {
  const place = trails.findIndex((trail) => trail.type >= type);
  const known = trails[place]?.type === type ? trails[place] : undefined;
  const before = known ?? { type, fromPartner, total: 0, recent: [], days: [] };
  const day = Math.floor(occurredAt / dayMs);
  if (late && before.days.some((other) => other.day === day)) return trails;
  if (late && before.days.length === mostDays && day < before.days[0]!.day) return trails;
  const trail: EventTrail = {
    type, fromPartner,
    total: before.total + 1,
    recent: [...before.recent, occurredAt].sort((a, b) => a - b).slice(-mostTimes),
    days: withDay(before.days, day),
  };
  if (known !== undefined) return trails.with(place, trail);
  return place === -1 ? [...trails, trail] : trails.toSpliced(place, 0, trail);
}

function withDay(days: EventTrail['days'], day: number): EventTrail['days'] {
  const place = days.findIndex((other) => other.day >= day);
  const there = days[place];
  if (there?.day === day) return days.with(place, { day, count: there.count + 1 });
  return (place === -1 ? [...days, { day, count: 1 }] : days.toSpliced(place, 0, { day, count: 1 })).slice(-mostDays);
}

function withMatch(matches: readonly TriggerMatch[], match: TriggerMatch, keepMs: number, now: number): readonly TriggerMatch[] {
  const isOther = ({ trigger }: TriggerMatch): boolean => trigger !== match.trigger;
  const mine = matches.filter((other) => !isOther(other));
  if (mine.some((other) => other.occurredAt === match.occurredAt && sameEvent(other, match))) return matches;
  const kept = [...mine, match].filter(({ occurredAt }) => occurredAt > now - keepMs).sort((a, b) => a.occurredAt - b.occurredAt);
  const thinned = match.event === undefined ? firstAndLastOfCells(kept, keepMs / cellsPerTrigger) : kept.slice(-mostWhole);
  return [...matches.filter(isOther), ...thinned].sort((a, b) => (a.trigger < b.trigger ? -1 : a.trigger > b.trigger ? 1 : a.occurredAt - b.occurredAt));
}

function sameEvent({ event }: TriggerMatch, { event: other }: TriggerMatch): boolean {
  return JSON.stringify(event) === JSON.stringify(other);
}

function firstAndLastOfCells(matches: readonly TriggerMatch[], cellMs: number): readonly TriggerMatch[] {
  const cellOf = (match: TriggerMatch | undefined): number => (match === undefined ? NaN : Number.isFinite(cellMs) ? Math.floor(match.occurredAt / cellMs) : 0);
  return matches.filter((match, place) => cellOf(match) !== cellOf(matches[place - 1]) || cellOf(match) !== cellOf(matches[place + 1]));
}
