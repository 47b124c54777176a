import fc from 'fast-check';
import { addEvent, noEvents } from '../../src/customers/event-ledger.js';
import { withoutOver } from '../../src/customers/forgotten-matches.js';
import { activating } from '../../src/decision/activation.js';
import type { EventIntake, TriggerTiming } from '../../src/decision/event-intake.js';
import type { CustomerEvents, JsonObject } from '../../src/decision/types.js';

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 5, 12);
const timing = (window: number, members: Partial<TriggerTiming> = {}): TriggerTiming => ({ opensAfterMs: 0, windowMs: window * dayMs, restMs: 0, ...members });

function event(occurredAt: number, matched: ReadonlyMap<string, TriggerTiming>, data?: JsonObject): EventIntake {
  return { type: 'purchase', fromPartner: false, occurredAt, matches: [...matched].map(([trigger, each]) => ({ trigger, timing: each, ...(data !== undefined && { event: { source: '/shop', data } }) })) };
}

/** As a store takes it in. */
function taken(events: CustomerEvents, intake: EventIntake, timings: ReadonlyMap<string, TriggerTiming>): CustomerEvents {
  return addEvent(withoutOver(events, timings, intake.occurredAt), intake, { late: false });
}

const triggersOf = ({ matches }: CustomerEvents): string[] => [...new Set(matches.map(({ trigger }) => trigger))];

test('a new set of triggers every week leaves no more behind than that of the last weeks', () => {
  let events = noEvents;
  let most = 0;
  for (let day = 0; day < 40 * 7; day++) {
    const campaigns = new Map(Array.from({ length: 5 }, (_, place) => [`campaign-${Math.floor(day / 7)}-${place}`, timing(7)]));
    events = taken(events, event(start + day * dayMs, campaigns, { basket: 'x'.repeat(500) }), campaigns);
    most = Math.max(most, events.matches.length);
  }
  expect(most).toBeLessThanOrEqual(4 * 35);
});

describe('whether the matches of a trigger go', () => {
  const rows: [string, TriggerTiming, TriggerTiming | null, number, boolean][] = [
    ['its window is open', timing(30), timing(30), 29, true],
    ['its window has closed, and late events may still come', timing(30), timing(30), 36, true],
    ['it is over', timing(30), timing(30), 38, false],
    ['it rests', timing(1, { restMs: 90 * dayMs }), timing(1, { restMs: 90 * dayMs }), 95, true],
    ['its rest is over', timing(1, { restMs: 90 * dayMs }), timing(1, { restMs: 90 * dayMs }), 102, false],
    ['it opens later', timing(30, { opensAfterMs: 240 * dayMs }), timing(30, { opensAfterMs: 240 * dayMs }), 270, true],
    ['it has no end', timing(Infinity), timing(Infinity), 4000, true],
    ['it is over as it was, but not by the catalog', timing(1), timing(60), 60, true],
    ['it is over by the catalog, but not as it was', timing(60), timing(1), 60, false],
    ['it has left the catalog, and would still last', timing(60), null, 60, true],
    ['it has left the catalog, and would be over', timing(60), null, 77, false],
    ['it has left the catalog, and had no end', timing(Infinity), null, 365, true],
    ['it has left the catalog more than a year after its event, and had no end', timing(Infinity), null, 366, false],
  ];
  test.each(rows)('%s', (_name, then, now, days, stays) => {
    const events = addEvent(noEvents, event(start, new Map([['a', then]])), { late: false });
    const other = addEvent(events, event(start + days * dayMs, new Map([['b', timing(1)]])), { late: false });
    const kept = withoutOver(other, new Map([...(now === null ? [] : [['a', now] as const]), ['b', timing(1)]]), start + days * dayMs);
    expect(triggersOf(kept)).toEqual(stays ? ['a', 'b'] : ['b']);
    if (stays) expect(kept).toBe(other);
  });

  test('those of one trigger go together, with the last', () => {
    const timings = new Map([['a', timing(7)]]);
    let events = noEvents;
    for (const day of [0, 5, 10]) events = addEvent(events, event(start + day * dayMs, timings), { late: false });
    expect(withoutOver(events, timings, start + 24 * dayMs)).toBe(events);
    expect(withoutOver(events, timings, start + 25 * dayMs).matches).toEqual([]);
  });

  test('a history that is taken in years later is kept as if it had come when it happened', () => {
    const timings = new Map([['a', timing(7, { restMs: 20 * dayMs })]]);
    const history = Array.from({ length: 12 }, (_, place) => event(start + place * 10 * dayMs, timings));
    const events = history.reduce((sum, each) => taken(sum, each, timings), noEvents);
    expect(events).toEqual(history.reduce((sum, each) => addEvent(sum, each, { late: false }), noEvents));
  });
});

test('no trigger is active, or begins, otherwise than if nothing were forgotten', () => {
  const timings = new Map([['a', timing(7, { restMs: 20 * dayMs })], ['b', timing(2, { opensAfterMs: 10 * dayMs })], ['c', timing(0.1)], ['d', timing(Infinity, { restMs: dayMs })]]);
  const stream = fc.array(fc.record({ step: fc.constantFrom(3_600_000, dayMs, 3 * dayMs, 11 * dayMs, 50 * dayMs), late: fc.integer({ min: 0, max: 7 * dayMs - 1 }), of: fc.subarray([...timings.keys()]) }), { maxLength: 60 });
  /** When a trigger began or was prolonged last, and when it closes. */
  const stateOf = ({ matches }: CustomerEvents, trigger: string): number | undefined => activating(timings.get(trigger)!, matches.filter((match) => match.trigger === trigger).map(({ occurredAt }) => occurredAt)).at(-1);
  fc.assert(fc.property(stream, (steps) => {
    let at = start;
    const arrivals = steps.map(({ step, late, of }) => ({ arrives: (at += step) + late, intake: event(at, new Map(of.map((id) => [id, timings.get(id)!]))) })).sort((one, other) => one.arrives - other.arrives);
    let [forgetful, whole] = [noEvents, noEvents];
    for (const { arrives, intake } of arrivals) {
      forgetful = taken(forgetful, intake, timings);
      whole = addEvent(whole, intake, { late: false });
      for (const [trigger, { opensAfterMs, windowMs, restMs }] of timings) {
        const [mine, theirs] = [stateOf(forgetful, trigger), stateOf(whole, trigger)];
        // Where it is forgotten it is over, and its rest, too.
        if (mine === undefined && theirs !== undefined) expect(theirs + opensAfterMs + windowMs + restMs).toBeLessThanOrEqual(arrives);
        else expect(mine).toBe(theirs);
      }
    }
  }), { seed: 20_261_123, numRuns: 300 });
});
