import fc from 'fast-check';
import { addEvent, noEvents } from '../../src/customers/event-ledger.js';
import { openEventHistory } from '../../src/decision/event-history.js';
import { absenceOf } from '../../src/decision/absence.js';
import { isHeldOut } from '../../src/decision/control.js';
import type { Situation } from '../../src/decision/situation.js';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 23, 10);
const eventsAt = (times: readonly number[]) => times.reduce((sum, occurredAt) => addEvent(sum, { type: 'purchase', fromPartner: false, occurredAt, matches: [] }, { late: false }), noEvents);
const historyOf = (times: readonly number[], at = now, judged: string | null = null) => openEventHistory({ events: eventsAt(times), rhythms: new Map() }, { events: new Map() }, at, judged);
const runs = { seed: 20_261_123, numRuns: 200 };
const agos = (most: number) => fc.array(fc.integer({ min: 0, max: 40 * 24 }).map((hours) => hours * 3_600_000), { minLength: 1, maxLength: most });

test('of up to 16 events every count and every pause is exact, at any moment', () => {
  fc.assert(fc.property(agos(16), fc.integer({ min: 0, max: 45 * 24 }), fc.integer({ min: 0, max: 30 * 24 }), (all, windowHours, agoHours) => {
    const times = all.map((ago) => now - ago);
    const at = now - agoHours * 3_600_000;
    const past = times.filter((time) => time <= at);
    const history = historyOf(times, at);
    expect(history.count('purchase')).toBe(past.length);
    expect(history.count('purchase', windowHours * 3_600_000)).toBe(past.filter((time) => time > at - windowHours * 3_600_000).length);
    expect(history.sinceLast('purchase')).toBe(past.length === 0 ? undefined : at - Math.max(...past));
  }), runs);
});

test('of more, what is before the latest 16 counts by whole days of the window', () => {
  fc.assert(fc.property(agos(60), fc.integer({ min: 1, max: 40 }), (all, windowDays) => {
    const times = all.map((ago) => now - ago).sort((a, b) => a - b);
    const from = now - windowDays * dayMs;
    const counted = historyOf(times).count('purchase', windowDays * dayMs);
    const exact = times.filter((time) => time > from && time <= now).length;
    const ofTheFirstDay = times.filter((time) => time > from && time < Math.ceil(from / dayMs) * dayMs).length;
    expect(counted).toBeLessThanOrEqual(exact);
    // The day that the window begins in may be left out, and days beyond the latest 32.
    if (new Set(times.map((time) => Math.floor(time / dayMs))).size <= 32) expect(counted).toBeGreaterThanOrEqual(exact - ofTheFirstDay);
    expect(historyOf(times).count('purchase')).toBe(times.length);
  }), runs);
});

test('the usual interval at a moment is that of the events until then', () => {
  fc.assert(fc.property(agos(16), fc.integer({ min: 0, max: 30 * 24 }), (all, agoHours) => {
    const times = all.map((ago) => now - ago);
    const at = now - agoHours * 3_600_000;
    const [known, then] = [historyOf(times, at), historyOf(times.filter((time) => time <= at), at)];
    expect(known.usualInterval('purchase')).toBe(then.usualInterval('purchase'));
    expect(known.pauseRatio('purchase')).toBe(then.pauseRatio('purchase'));
  }), runs);
  const weeklyThenDaily = [...[34, 27, 20, 13, 6].map((days) => now - days * dayMs), ...[5, 4, 3, 2, 1, 0].map((days) => now - days * dayMs)];
  expect(historyOf(weeklyThenDaily, now - 6 * dayMs).usualInterval('purchase')).toBe(7 * dayMs);
});

test('for an event that is judged, the last one is the one before', () => {
  const times = [now - 9 * dayMs, now];
  expect(historyOf(times, now, 'purchase').sinceLast('purchase')).toBe(9 * dayMs);
  expect(historyOf(times, now, 'visit').sinceLast('purchase')).toBe(0);
  expect(historyOf([now], now, 'purchase').sinceLast('purchase')).toBeUndefined();
});

describe('absence', () => {
  const weekly = (silentDays: number, count = 6): number[] => Array.from({ length: count }, (_, place) => now - silentDays * dayMs - place * 7 * dayMs);
  const absence = (times: readonly number[], start: { rhythm?: number; atLeastDays?: number; atMostDays?: number }, rhythms: ReadonlyMap<string, number> = new Map()) => {
    const customer = { events: eventsAt(times), rhythms };
    const situation = { customer, now, eventHistory: openEventHistory(customer, { events: new Map() }, now) } as unknown as Situation;
    return absenceOf({ type: 'absence', of: 'purchase', rhythm: start.rhythm ?? null, atLeastMs: (start.atLeastDays ?? 0) * dayMs, atMostMs: (start.atMostDays ?? Infinity) * dayMs }, situation);
  };
  const hour = 1 / 24;
  test.each<[string, readonly number[], Parameters<typeof absence>[1], boolean, RegExp]>([
    ['not yet twice the rhythm', weekly(14), { rhythm: 2 }, false, /usually every 7 days/],
    ['longer than that', weekly(14 + hour), { rhythm: 2 }, true, /usually every 7 days, silent for 14 days/],
    ['of the rhythm and the least, the longer counts', weekly(20), { rhythm: 2, atLeastDays: 30 }, false, /silent for 20 days/],
    ['and holds', weekly(31), { rhythm: 2, atLeastDays: 30 }, true, /silent for 31 days/],
    ['longer than it looks back', weekly(61), { rhythm: 2, atMostDays: 60 }, false, /longer than it looks back/],
    ['up to then', weekly(60), { rhythm: 2, atMostDays: 60 }, true, /silent for 60 days/],
    ['no event, so none is missed', [], { rhythm: 2 }, false, /No purchase is known/],
    ['too little history', weekly(90, 3), { rhythm: 2 }, false, /Too little is known/],
    ['but a least pause is enough', weekly(90, 3), { rhythm: 2, atLeastDays: 30 }, true, /silent for 90 days/],
    ['without a rhythm', weekly(31, 1), { atLeastDays: 30 }, true, /silent for 31 days/],
  ])('%s', (_name, times, start, holds, words) => {
    const found = absence(times, start);
    expect(found.holds).toBe(holds);
    expect(found.words()).toMatch(words);
  });

  test('who has too little history is judged by the population', () => {
    expect(absence(weekly(25, 1), { rhythm: 2 }, new Map([['purchase', 12 * dayMs]]))).toMatchObject({ holds: true, since: now - dayMs });
    expect(absence(weekly(25), { rhythm: 2 }, new Map([['purchase', 100 * dayMs]])).holds).toBe(true);
  });
});

test('the control group of a trigger has about its share, the same each time, another for another trigger', () => {
  const ids = Array.from({ length: 20_000 }, (_, place) => `C-${place}`);
  const heldOut = (id: string, control: number): Set<string> => new Set(ids.filter((customer) => isHeldOut(customer, { id, control }, '2026')));
  const [one, other] = [heldOut('moved', 0.1), heldOut('storm', 0.1)];
  for (const each of [one, other]) {
    expect(each.size).toBeGreaterThan(1850);
    expect(each.size).toBeLessThan(2150);
  }
  expect([...one].filter((id) => other.has(id)).length).toBeLessThan(300);
  expect(heldOut('moved', 0.1)).toEqual(one);
  expect([...heldOut('moved', 0.2)]).toEqual(expect.arrayContaining([...one]));
  expect(heldOut('moved', 0).size).toBe(0);
  expect(heldOut('moved', 1).size).toBe(ids.length);
});
