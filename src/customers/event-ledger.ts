import type { CustomerEvents, EventTrail, TriggerMatch } from '../decision/types.js';
import { matchesOfTrigger } from '../decision/matches-of-trigger.js';
import { partnerConsent } from '../decision/event-intake.js';
import type { EventIntake, TriggerTiming } from '../decision/event-intake.js';
import { endOf } from './forgotten-matches.js';
import { withoutPartners, type HeldAgenda } from './agenda.js';
import { withMatch, withOwnMatch } from './trigger-matches.js';
import { dayMs } from '../decision/calendar.js';

/**
 * A customer's events as a value: what is kept of them, never the events themselves. Every function gives a new value (or
 * the same one where nothing changes); adapters write it. What is kept is a function of the set of events, in whatever
 * order they came.
 */
export const noEvents: CustomerEvents = { trails: [], matches: [] };

/** 16 times, and 32 days of the last five years with counts of two bytes, take at most 200 bytes in the stored format
 *  (beside the type's name), however many events there are. */
export const mostTimes = 16;
export const mostDays = 32;
const mostDaysBack = 5 * 365;
const mostPerDay = 16_383;

/** `late`: so long after the event that its idempotency key may be gone. Such an event counts once a day at most, so that
 *  a stream that is played again changes nothing. */
export function addEvent(events: CustomerEvents, intake: EventIntake, { late }: { readonly late: boolean }): CustomerEvents {
  return {
    trails: withTrail(events.trails, intake, late),
    matches: withMatches(events.matches, intake),
  };
}

/** What is kept of two sets of events together: as if one had taken in all of them. `timingOf`: by trigger. */
export function joinEvents(events: CustomerEvents, others: CustomerEvents, timingOf: (trigger: string) => TriggerTiming): CustomerEvents {
  return {
    trails: others.trails.reduce(joinTrail, events.trails),
    matches: others.matches.reduce((matches, match) => withMatch(matches, match, timingOf(match.trigger)), events.matches),
  };
}

function joinTrail(trails: readonly EventTrail[], other: EventTrail): readonly EventTrail[] {
  const place = trails.findIndex(({ type }) => type >= other.type);
  const mine = trails[place];
  if (mine?.type !== other.type) return place === -1 ? [...trails, other] : trails.toSpliced(place, 0, other);
  const days = other.days.reduce(withDay, mine.days);
  return trails.with(place, {
    type: mine.type, days,
    fromPartner: mine.fromPartner || other.fromPartner,
    total: mine.total + other.total,
    recent: latest([...mine.recent, ...other.recent], days),
  });
}

/** Each trigger's matches are taken out and put back once: there may be a thousand triggers on one type of event. */
function withMatches(matches: readonly TriggerMatch[], { fromPartner, occurredAt, matches: added }: EventIntake): readonly TriggerMatch[] {
  const parts: (readonly TriggerMatch[])[] = [];
  let place = 0;
  for (const { trigger, timing, event } of added.toSorted((a, b) => (a.trigger < b.trigger ? -1 : 1))) {
    const { from, until } = matchesOfTrigger(matches, trigger);
    if (place < from) parts.push(matches.slice(place, from));
    parts.push(withOwnMatch(matches.slice(from, until), { trigger, fromPartner, occurredAt, event, endsAt: endOf(occurredAt, timing, event !== undefined) }, timing));
    place = until;
  }
  parts.push(matches.slice(place));
  // Copied as wholes: match by match it took most of the time.
  return ([] as TriggerMatch[]).concat(...parts);
}

/** What may be kept under a profile: partners' data go with the consent to them, at once. */
export function eventsUnder(profile: Consenting, events: CustomerEvents): CustomerEvents {
  return allowsPartners(profile) ? events : withoutPartnerEvents(events);
}

/** The same of what we said and have to say. */
export function agendaUnder(profile: Consenting, held: HeldAgenda): HeldAgenda {
  return allowsPartners(profile) ? held : { ...held, agenda: withoutPartners(held.agenda) };
}

/** Whether the consent to partners' data goes with a write. */
export function endsPartnerConsent(before: Consenting | undefined, after: Consenting): boolean {
  return before !== undefined && allowsPartners(before) && !allowsPartners(after);
}

interface Consenting { readonly consents: readonly string[] }

export function allowsPartners({ consents }: Consenting): boolean {
  return consents.includes(partnerConsent);
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
  if (late && (before.days.some((other) => other.day === day) || isForgotten(day, before.days))) return trails;
  const days = withDay(before.days, { day, count: 1 });
  const trail: EventTrail = {
    type, days,
    // What a partner told stays a partner's, also where the type is declared otherwise later.
    fromPartner: before.fromPartner || fromPartner,
    total: before.total + 1,
    recent: latest([...before.recent, occurredAt], days),
  };
  if (known !== undefined) return trails.with(place, trail);
  return place === -1 ? [...trails, trail] : trails.toSpliced(place, 0, trail);
}

/** Whether such a day, had it been seen, would be out of sight by now. */
function isForgotten(day: number, days: EventTrail['days']): boolean {
  return days.length > 0 && (day < days.at(-1)!.day - mostDaysBack || (days.length === mostDays && day < days[0]!.day));
}

/** The latest times, of those that are not out of sight of the days. */
function latest(times: readonly number[], days: EventTrail['days']): readonly number[] {
  const oldestMs = ((days.at(-1)?.day ?? 0) - mostDaysBack) * dayMs;
  return times.toSorted((a, b) => a - b).filter((time) => time >= oldestMs).slice(-mostTimes);
}

function withDay(days: EventTrail['days'], { day, count }: EventTrail['days'][number]): EventTrail['days'] {
  const place = days.findIndex((other) => other.day >= day);
  const there = days[place];
  if (there?.day === day) return days.with(place, { day, count: Math.min(mostPerDay, there.count + count) });
  const all = place === -1 ? [...days, { day, count }] : days.toSpliced(place, 0, { day, count });
  const oldest = all.at(-1)!.day - mostDaysBack;
  return all.filter((other) => other.day >= oldest).slice(-mostDays);
}
