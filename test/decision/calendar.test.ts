import fc from 'fast-check';
import { calendarOf, dayFromCivil, dayMs, endOfPeriod, isTimeZone, parseDay, startOfPeriod, weekdayOf } from '../../src/decision/calendar.js';

const at = (text: string): number => Date.parse(text);
const day = (text: string): number => parseDay(text)!;
const zones = ['UTC', 'Europe/Stockholm', 'America/New_York', 'America/Sao_Paulo', 'America/St_Johns', 'Africa/Cairo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Chatham', 'Pacific/Kiritimati', 'America/Havana', 'Asia/Beirut', 'Africa/Monrovia'];

describe('the local day and minute of an instant', () => {
  test.each<readonly [zone: string, instant: string, localDay: string, minute: number]>([
    ['UTC', '2026-11-23T00:00:00Z', '2026-11-23', 0], ['UTC', '2026-11-22T23:59:59.999Z', '2026-11-22', 1439], ['Europe/Stockholm', '2026-11-22T23:00:00Z', '2026-11-23', 0], ['Europe/Stockholm', '2026-11-22T22:59:59.999Z', '2026-11-22', 1439],
    ['America/New_York', '2026-11-23T04:59:59Z', '2026-11-22', 1439], ['Asia/Kolkata', '2026-11-22T18:30:00Z', '2026-11-23', 0], ['Asia/Kathmandu', '2026-11-22T18:15:00Z', '2026-11-23', 0], ['Pacific/Chatham', '2026-11-23T10:15:00Z', '2026-11-24', 0], ['Pacific/Kiritimati', '2026-11-23T10:00:00Z', '2026-11-24', 0],
    // Stockholm puts the clock forward at 01:00Z on 29 March 2026: 02:00 to 03:00; and back at 01:00Z on 25 October: 03:00 to 02:00.
    ['Europe/Stockholm', '2026-03-29T00:59:59Z', '2026-03-29', 119], ['Europe/Stockholm', '2026-03-29T01:00:00Z', '2026-03-29', 180], ['Europe/Stockholm', '2026-10-25T00:59:00Z', '2026-10-25', 179], ['Europe/Stockholm', '2026-10-25T01:00:00Z', '2026-10-25', 120], ['Europe/Stockholm', '2026-10-25T02:00:00Z', '2026-10-25', 180],
    // Lord Howe moves by half an hour.
    ['Australia/Lord_Howe', '2026-10-03T15:29:00Z', '2026-10-04', 119], ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-04', 150],
    // Until 2011 St John's moved its clock one minute past midnight: 00:01 to 23:01 the day before.
    ['America/St_Johns', '2010-11-07T02:30:59Z', '2010-11-07', 0], ['America/St_Johns', '2010-11-07T02:31:00Z', '2010-11-06', 1381], ['America/St_Johns', '2010-11-07T03:30:00Z', '2010-11-07', 0], ['America/St_Johns', '2010-03-14T03:30:59Z', '2010-03-14', 0], ['America/St_Johns', '2010-03-14T03:31:00Z', '2010-03-14', 61],
    // Apia skipped 30 December 2011.
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29', 1439], ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31', 0],
    ['Europe/Stockholm', '1969-12-31T22:59:59Z', '1969-12-31', 1439], ['Europe/Stockholm', '1969-12-31T23:00:00Z', '1970-01-01', 0],
  ])('%s %s', (zone, instant, localDay, minute) => {
    const calendar = calendarOf(zone);
    expect([calendar.dayOf(at(instant)), calendar.minuteOfDay(at(instant))]).toEqual([day(localDay), minute]);
  });
});

describe('the first instant of a local day', () => {
  test.each<readonly [zone: string, localDay: string, start: string]>([
    ['UTC', '2026-11-23', '2026-11-23T00:00:00Z'], ['Europe/Stockholm', '2026-11-23', '2026-11-22T23:00:00Z'], ['Europe/Stockholm', '2026-03-29', '2026-03-28T23:00:00Z'], ['Europe/Stockholm', '2026-03-30', '2026-03-29T22:00:00Z'], ['Europe/Stockholm', '2026-10-25', '2026-10-24T22:00:00Z'], ['Europe/Stockholm', '2026-10-26', '2026-10-25T23:00:00Z'],
    // Days without midnight: the clock goes from 24:00 to 01:00.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'], ['Africa/Cairo', '2023-04-28', '2023-04-27T22:00:00Z'], ['America/Havana', '2024-03-10', '2024-03-10T05:00:00Z'], ['Asia/Beirut', '2024-03-31', '2024-03-30T22:00:00Z'],
    // Midnights after which the clock is put back: the day before gets an hour more, or the day begins twice, the first time counting.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00Z'], ['Africa/Cairo', '2023-10-27', '2023-10-26T22:00:00Z'], ['America/Havana', '2024-11-03', '2024-11-03T04:00:00Z'],
    ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00Z'], ['America/St_Johns', '2010-03-14', '2010-03-14T03:30:00Z'],
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z'], ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z'], ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z'], ['Pacific/Apia', '2012-01-01', '2011-12-31T10:00:00Z'],
    ['Pacific/Kiritimati', '1994-12-31', '1994-12-31T10:00:00Z'], ['Pacific/Kiritimati', '1995-01-01', '1994-12-31T10:00:00Z'], ['Asia/Kolkata', '2026-01-01', '2025-12-31T18:30:00Z'], ['Europe/Stockholm', '1960-05-05', '1960-05-04T23:00:00Z'],
  ])('%s %s', (zone, localDay, start) => {
    expect(new Date(calendarOf(zone).startOfDay(day(localDay))).toISOString()).toBe(new Date(start).toISOString());
  });
});

test('days and minutes are those that the platform writes', () => {
  const formats = new Map(zones.map((zone) => [zone, new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })]));
  fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: at('1973-01-01T00:00:00Z'), max: at('2045-01-01T00:00:00Z') }), (zone, instant) => {
    const [date = '', time = ''] = formats.get(zone)!.format(instant).split(' ');
    const [hour = '', minute = ''] = time.split(':');
    expect([zone, instant, calendarOf(zone).dayOf(instant), calendarOf(zone).minuteOfDay(instant)]).toEqual([zone, instant, day(date), Number(hour) * 60 + Number(minute)]);
  }), { numRuns: 3000, seed: 7 });
});

test('a day begins where the day before ends', () => {
  fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: day('1973-01-01'), max: day('2045-01-01') }), (zone, localDay) => {
    const calendar = calendarOf(zone);
    const start = calendar.startOfDay(localDay);
    expect([zone, localDay, calendar.dayOf(start) >= localDay, calendar.dayOf(start - 1) < localDay, calendar.startOfDay(localDay + 1) >= start]).toEqual([zone, localDay, true, true, true]);
    const skipped = (zone === 'Pacific/Apia' && localDay === day('2011-12-30')) || (zone === 'Pacific/Kiritimati' && localDay === day('1994-12-31'));
    if (!skipped) expect(calendar.dayOf(start)).toBe(localDay);
  }), { numRuns: 3000, seed: 8 });
});

describe('calendar periods', () => {
  test.each<readonly [zone: string, period: 'day' | 'week' | 'month', instant: string, start: string]>([
    ['Europe/Stockholm', 'day', '2026-11-23T12:00:00Z', '2026-11-22T23:00:00Z'], ['Europe/Stockholm', 'week', '2026-11-29T22:59:59Z', '2026-11-22T23:00:00Z'], ['Europe/Stockholm', 'week', '2026-11-29T23:00:00Z', '2026-11-29T23:00:00Z'], ['Europe/Stockholm', 'month', '2026-11-30T22:59:59Z', '2026-10-31T23:00:00Z'], ['Europe/Stockholm', 'month', '2026-11-30T23:00:00Z', '2026-11-30T23:00:00Z'], ['Europe/Stockholm', 'month', '2026-04-10T10:00:00Z', '2026-03-31T22:00:00Z'],
    ['America/New_York', 'week', '2026-11-23T04:00:00Z', '2026-11-16T05:00:00Z'], ['America/New_York', 'week', '2026-11-05T12:00:00Z', '2026-11-02T05:00:00Z'], ['America/New_York', 'week', '2026-11-01T12:00:00Z', '2026-10-26T04:00:00Z'], ['UTC', 'month', '1969-12-31T23:00:00Z', '1969-12-01T00:00:00Z'],
  ])('%s, the %s of %s', (zone, period, instant, start) => {
    expect(new Date(startOfPeriod(calendarOf(zone), period, at(instant))).toISOString()).toBe(new Date(start).toISOString());
  });

  test.each<readonly [zone: string, period: 'day' | 'week' | 'month', instant: string, end: string]>([
    ['Europe/Stockholm', 'day', '2026-03-29T12:00:00Z', '2026-03-29T22:00:00Z'], ['Europe/Stockholm', 'week', '2026-11-23T12:00:00Z', '2026-11-29T23:00:00Z'], ['Europe/Stockholm', 'month', '2026-12-31T22:59:59Z', '2026-12-31T23:00:00Z'],
    ['Europe/Stockholm', 'month', '2026-12-31T23:00:00Z', '2027-01-31T23:00:00Z'], ['UTC', 'month', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'], ['America/New_York', 'month', '2026-10-31T12:00:00Z', '2026-11-01T04:00:00Z'],
  ])('%s, the end of the %s of %s', (zone, period, instant, end) => {
    expect(new Date(endOfPeriod(calendarOf(zone), period, at(instant))).toISOString()).toBe(new Date(end).toISOString());
  });

  test('a period ends where the next begins', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), fc.constantFrom('day' as const, 'week' as const, 'month' as const), fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }), (zone, period, instant) => {
      const calendar = calendarOf(zone);
      const [start, end] = [startOfPeriod(calendar, period, instant), endOfPeriod(calendar, period, instant)];
      expect([zone, start <= instant, instant < end]).toEqual([zone, true, true]);
      expect([zone, startOfPeriod(calendar, period, end - 1), startOfPeriod(calendar, period, end)]).toEqual([zone, start, end]);
    }), { numRuns: 2000, seed: 9 });
  });
});

test.each<readonly [text: string, day: number | undefined]>([
  ['1970-01-01', 0], ['1969-12-31', -1], ['2026-11-23', 20_780], ['2024-02-29', 19_782], ['0001-01-01', -719_162], ['0099-12-31', dayFromCivil(99, 12, 31)], ['9999-12-31', 2_932_896],
  ['2026-02-29', undefined], ['2026-13-01', undefined], ['2026-00-10', undefined], ['2026-04-31', undefined], ['2026-1-1', undefined], ['20260101', undefined], ['2026-01-01T00:00:00Z', undefined], [' 2026-01-01', undefined], ['', undefined], ['+002026-01-01', undefined],
])('parseDay(%j)', (text, expected) => {
  expect(parseDay(text)).toBe(expected);
  if (expected !== undefined) expect(new Date(expected * dayMs).toISOString().slice(0, 10)).toBe(text);
});

test('Monday is 0, before 1970 too', () => {
  expect(['2026-11-23', '2026-11-29', '1970-01-01', '1969-12-29', '1969-12-28', '1900-01-01'].map((text) => weekdayOf(day(text)))).toEqual([0, 6, 3, 0, 6, 0]);
});

test('a zone is known or not', () => {
  expect(['Europe/Stockholm', 'UTC', 'Europe/Stokholm', '', 'local', '__proto__'].map(isTimeZone)).toEqual([true, true, false, false, false, false]);
  expect(() => calendarOf('Europe/Stokholm')).toThrow(RangeError);
  expect(calendarOf('Asia/Tokyo')).toBe(calendarOf('Asia/Tokyo'));
});
