import fc from 'fast-check';
import { addEvent, eventsUnder, joinEvents, noEvents } from '../../src/customers/event-ledger.js';
import { createWriter, written } from '../../src/customers/values/bytes.js';
import { activating } from '../../src/decision/activation.js';
import { writeEvents } from '../../src/customers/values/customer-events.js';
import { createStringTable } from '../../src/customers/values/string-table.js';
import type { EventIntake, TriggerTiming } from '../../src/decision/event-intake.js';
import type { CustomerEvents } from '../../src/decision/types.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.UTC(2026, 10, 23, 10);
const runs = { seed: 20_261_123, numRuns: 50 };
const timing: TriggerTiming = { opensAfterMs: 0, windowMs: 7 * dayMs, restMs: 20 * dayMs };

function event(occurredAt: number, { type = 'purchase', fromPartner = false, triggers = [], whole = false, timing: times = timing }: { type?: string; fromPartner?: boolean; triggers?: readonly string[]; whole?: boolean; timing?: TriggerTiming } = {}): EventIntake {
  return { type, fromPartner, occurredAt, matches: triggers.map((trigger) => ({ trigger, timing: times, ...(whole && { event: { source: '/shop', data: { at: occurredAt } } }) })) };
}

const all = (events: readonly EventIntake[], late = false, before = noEvents): CustomerEvents => events.reduce((sum, each) => addEvent(sum, each, { late }), before);

describe('what is kept of one type', () => {
  test('the total, the latest 16 times and the latest 32 days, whatever the order', () => {
    const times = Array.from({ length: 40 }, (_, place) => now - place * dayMs);
    const { trails: [trail] } = all(times.map((time) => event(time)));
    expect(trail).toMatchObject({ type: 'purchase', fromPartner: false, total: 40 });
    expect(trail!.recent).toEqual(times.slice(0, 16).reverse());
    expect(trail!.days.map(({ day }) => day)).toEqual(times.slice(0, 32).reverse().map((time) => Math.floor(time / dayMs)));
  });

  test('types stand in order, and a partner\'s stays a partner\'s', () => {
    const { trails } = all([event(now, { type: 'b' }), event(now, { type: 'a', fromPartner: true }), event(now, { type: 'c' }), event(now, { type: 'a' })]);
    expect(trails.map(({ type, fromPartner, total }) => [type, fromPartner, total])).toEqual([['a', true, 2], ['b', false, 1], ['c', false, 1]]);
  });

  test('what is older than five years before the latest goes', () => {
    const { trails: [trail] } = all([event(now - 6 * 365 * dayMs), event(now - 4 * 365 * dayMs), event(now)]);
    expect(trail).toMatchObject({ total: 3, recent: [now - 4 * 365 * dayMs, now] });
    expect(trail!.days).toHaveLength(2);
  });

  test('a partner\'s trails and matches go with the consent, ours stay, and where nothing goes it is the same object', () => {
    const events = all([event(now, { type: 'ours', triggers: ['a'] }), event(now, { type: 'theirs', fromPartner: true, triggers: ['b'] })]);
    const kept = eventsUnder({ consents: ['web'] }, events);
    expect(kept).toEqual(all([event(now, { type: 'ours', triggers: ['a'] })]));
    expect(eventsUnder({ consents: ['partner-data'] }, events)).toBe(events);
    expect(eventsUnder({ consents: [] }, kept)).toBe(kept);
  });
});

/** Some years of bursts, pauses and changes of pace: steps between events, in milliseconds, mostly far apart or close together. */
const steps = fc.array(fc.tuple(fc.constantFrom(1, 1000, 3_600_000, dayMs, 40 * dayMs, 300 * dayMs), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.flatMap(([step, factor, count]) => Array.from({ length: count }, () => step * factor)));
const times = steps.map((each) => {
  let at = Date.UTC(2015, 0, 1);
  return each.map((step) => (at += step));
});

describe('at most 200 bytes for a type, in the stored format', () => {
  const bytesOf = (events: CustomerEvents): number => {
    const writer = createWriter(64);
    // The last of 128 to 16,383 strings: its place takes two bytes.
    writeEvents(writer, { ...events, matches: [] }, { ...createStringTable(), entries: new Map(events.trails.map(({ type }) => [type, 16_000])) });
    return written(writer).length - 2;
  };

  test('of any stream', () => {
    fc.assert(fc.property(times, (each) => expect(bytesOf(all(each.map((time) => event(time))))).toBeLessThanOrEqual(200)), runs);
  });

  test('of the widest: days and times far apart, and millions on each day', () => {
    const widest = Array.from({ length: 32 }, (_, place) => Math.floor(now / dayMs) - (31 - place) * 58);
    const recent = widest.slice(-16).map((day, place) => day * dayMs + place);
    const trail = all(recent.map((time) => event(time))).trails[0]!;
    const crowded = { ...trail, total: 2 ** 34, days: widest.map((day, place) => ({ day, count: place < 16 ? 16_383 : 1 })) };
    expect(bytesOf({ trails: [crowded], matches: [] })).toBeLessThanOrEqual(200);
    const sums = all(Array.from({ length: 17_000 }, () => event(now))).trails[0]!;
    expect(sums).toMatchObject({ total: 17_000, days: [{ count: 16_383 }] });
  });
});

const timings: Readonly<Record<string, TriggerTiming>> = { a: timing, b: { opensAfterMs: dayMs, windowMs: Infinity, restMs: 3 * dayMs }, c: { opensAfterMs: 0, windowMs: hourMs, restMs: 40 * dayMs }, later: { opensAfterMs: 20 * dayMs, windowMs: hourMs, restMs: dayMs }, whole: { opensAfterMs: 0, windowMs: 2 * dayMs, restMs: 0 } };

/** An event that may start some of five triggers, each with its own timing. */
function eventFor(occurredAt: number, triggers: readonly string[]): EventIntake {
  return { type: 'purchase', fromPartner: false, occurredAt, matches: triggers.map((trigger) => ({ trigger, timing: timings[trigger]!, ...(trigger === 'whole' && { event: { source: '/shop', data: { at: occurredAt } } }) })) };
}

/** Events with when each comes, within the lateness allowed. */
const lateStream = times.chain((each) => fc.array(fc.tuple(fc.integer({ min: 0, max: 7 * dayMs - 1 }), fc.subarray(['a', 'b', 'c', 'later', 'whole'])), { minLength: each.length, maxLength: each.length })
  .map((drawn) => each.map((time, place) => ({ arrives: time + drawn[place]![0], intake: eventFor(time, drawn[place]![1]) }))));

describe('the order of arrival', () => {
  test('does not matter within the lateness allowed', () => {
    fc.assert(fc.property(lateStream, (stream) => {
      const asArrived = stream.toSorted((a, b) => a.arrives - b.arrives).map(({ intake }) => intake);
      expect(all(asArrived)).toEqual(all(stream.map(({ intake }) => intake)));
    }), runs);
  });

  test('a stream that comes again, after its keys are forgotten, changes nothing, in whatever order', () => {
    fc.assert(fc.property(lateStream, fc.boolean(), (stream, backwards) => {
      const events = all(stream.map(({ intake }) => intake));
      const again = stream.map(({ intake }) => intake);
      expect(all(backwards ? again.toReversed() : again, true, events)).toEqual(events);
    }), runs);
  });

  test('a history that comes late counts once a day, and again not at all', () => {
    const history = Array.from({ length: 100 }, (_, place) => event(now - (120 - place) * dayMs / 2));
    const events = all(history, true);
    expect(events.trails[0]).toMatchObject({ total: 50 });
    expect(events.trails[0]!.days).toHaveLength(32);
    expect(all(history, true, events)).toEqual(events);
  });
});

describe('what is kept for a trigger', () => {
  const matchesOf = (each: readonly number[], whole: boolean, times = timing): number => all(each.map((time) => event(time, { triggers: ['a'], whole, timing: times }))).matches.length;

  /** A few minutes to some hours apart, for over a year; seeded. */
  const many = (count: number): number[] => {
    let state = 1;
    const seconds = Array.from({ length: count }, () => (state = (state * 48_271) % 2_147_483_647) % (400 * 86_400));
    return seconds.sort((a, b) => a - b).map((second) => second * 1000);
  };
  test.each([
    [false, 0, 210], [false, dayMs, 210], [false, 200 * dayMs, 210], [true, 0, 80], [true, 20 * dayMs, 80], [true, 200 * dayMs, 80],
  ])('is bounded, however many events there are (whole: %s, rest %s)', (whole, restMs, most) => {
    expect(matchesOf(many(3000), whole, { ...timing, restMs })).toBeLessThanOrEqual(most);
  });

  test.each([[2 * hourMs, 340], [60 * dayMs, 80]])('also where each opens a window of its own, long after (for %d ms)', (windowMs, most) => {
    expect(matchesOf(many(3000), false, { opensAfterMs: 240 * dayMs, windowMs, restMs: 0 })).toBeLessThanOrEqual(most);
  });

  test.each([false, true])('of events within each other\'s short window none is missing that keeps the trigger from its rest (whole: %s)', (whole) => {
    const cart: TriggerTiming = { opensAfterMs: 0, windowMs: 2 * hourMs, restMs: 30 * dayMs };
    // Every three quarters of an hour, for 20 hours.
    const stream = Array.from({ length: 27 }, (_, place) => now + place * 0.75 * hourMs);
    stream.forEach((_, place) => {
      const { matches } = all(stream.slice(0, place + 1).map((time) => event(time, { triggers: ['a'], whole, timing: cart })));
      expect(activating(cart, matches.map(({ occurredAt }) => occurredAt)).at(-1)).toBe(stream[place]);
    });
  });

  test('the same event for two triggers is two, for one it is one', () => {
    const events = all([event(now, { triggers: ['b', 'a'] }), event(now, { triggers: ['a'] })]);
    expect(events.matches.map(({ trigger }) => trigger)).toEqual(['a', 'b']);
  });
});

describe('two sets together', () => {
  const timingOf = (): TriggerTiming => timing;

  test('are what one would be that had taken in both', () => {
    fc.assert(fc.property(times, fc.array(fc.boolean(), { minLength: 240, maxLength: 240 }), (occurred, isFirst) => {
      const events = occurred.map((time, place) => event(time, { type: place % 3 === 0 ? 'a' : 'b' }));
      const of = (which: boolean): CustomerEvents => all(events.filter((_, place) => isFirst[place] === which));
      expect(joinEvents(of(true), of(false), timingOf).trails).toEqual(all(events).trails);
    }), runs);
  });

  test('have each match once, in order', () => {
    const one = all([event(now - 9 * dayMs, { triggers: ['b', 'a'] }), event(now - 5 * dayMs, { triggers: ['b'], whole: true })]);
    const other = all([event(now - 7 * dayMs, { triggers: ['b'] }), event(now - 9 * dayMs, { triggers: ['b'] }), event(now - 5 * dayMs, { triggers: ['b'], whole: true })]);
    expect(joinEvents(one, other, timingOf).matches.map(({ trigger, occurredAt }) => [trigger, (occurredAt - now) / dayMs])).toEqual([['a', -9], ['b', -9], ['b', -7], ['b', -5]]);
  });

  test('what a partner told either stays a partner\'s', () => {
    const { trails } = joinEvents(all([event(now)]), all([event(now, { fromPartner: true })]), timingOf);
    expect(trails).toMatchObject([{ fromPartner: true, total: 2 }]);
  });

  test('with nothing are the same', () => {
    const events = all([event(now, { triggers: ['a'] })]);
    expect(joinEvents(events, noEvents, timingOf)).toEqual(events);
    expect(joinEvents(noEvents, events, timingOf)).toEqual(events);
  });
});
