import { monthsBetween, yearsBetween } from '../../src/expressions/functions.js';
import { parseDay } from '../../src/decision/calendar.js';
import { civilDate, formatDay } from '../../src/expressions/timestamps.js';
import { evaluate, noon, type Situation } from './fixture.js';

const situation: Situation = {
  customer: { age: 30, balance: -2.5, name: 'Åsa Ek', birthDate: '2000-02-29', memberSince: '2026-10-25', lastLogin: '2026-11-22T23:30:15.250Z', scores: [3, 1], limits: { a: 1, b: 2 }, extra: { text: '12', number: 7, list: [1], object: { a: 1 }, flag: true, date: '2026-01-01' } },
};

describe('functions', () => {
  test.each<readonly [source: string, value: unknown]>([
    ['customer.name.startsWith("Å")', true], ['customer.name.endsWith("k")', true], ['customer.name.contains("a E")', true], ['customer.name.contains("z")', false], ['customer.name.lowerAscii()', 'Åsa ek'], ['customer.name.upperAscii()', 'ÅSA EK'],
    ['size(customer.name)', 6], ['customer.name.size()', 6], ['size("😀é")', 2], ['size(customer.scores)', 2], ['size(customer.limits)', 2], ['size({1: 2})', 1], ['size([])', 0], ['size(customer.extra.text)', 2], ['size(customer.extra.list)', 1], ['size(customer.extra.object)', 1], ['size(customer.extra.number)', undefined],
    ['int(2.9)', 2], ['int(customer.balance)', -2], ['int("42")', 42], ['int("-7")', -7], ['int(customer.extra.text)', 12], ['int(customer.extra.number)', 7], ['int(customer.name)', undefined], ['int(customer.lastLogin)', 1_795_390_215], ['int(customer.age)', 30],
    ['double(customer.age)', 30], ['double("1.5e3")', 1500], ['double(" 1")' , 'refused'], ['double(customer.name)', undefined], ['double(customer.name + "NaN")', undefined],
    ['string(customer.age)', '30'], ['string(1.5)', '1.5'], ['string(true)', 'true'], ['string(customer.birthDate)', '2000-02-29'], ['string(customer.lastLogin)', '2026-11-22T23:30:15.25Z'], ['string(now)', '2026-11-23T12:00:00Z'], ['string(duration("1h30m"))', '5400s'], ['string(customer.extra.number)', '7'], ['string(customer.extra.list)', undefined],
    ['bool("true")', true], ['bool("0")', false], ['bool(customer.name)', undefined], ['bool(true)', true],
    ['timestamp("2026-11-23T10:00:00+01:00")', Date.UTC(2026, 10, 23, 9)], ['timestamp(0)', 0], ['timestamp(now)', noon], ['timestamp(customer.memberSince)', Date.UTC(2026, 9, 24, 22)], ['timestamp(customer.name)', undefined],
    ['date("2026-01-01")', 20_454], ['date(customer.extra.date) == date("2026-01-01")', true], ['date(customer.lastLogin) == date("2026-11-23")', true], ['date(customer.birthDate) == customer.birthDate', true], ['date(customer.name)', undefined],
    ['duration("30d")', 30 * 86_400_000], ['duration("2w")', 14 * 86_400_000], ['duration("1h30m10.5s")', 5_410_500], ['duration("-1.5h")', -5_400_000], ['duration("10ms")', 10], ['duration("0")', 0], ['duration(customer.name)', undefined], ['duration("1000us")', 1], ['duration("1d12h")', 36 * 3_600_000],
    ['min(3, 1, 2)', 1], ['max(customer.age, 40)', 40], ['max(customer.age, 40.5)', 40.5], ['min(customer.age)', 30], ['max(customer.birthDate, date("2026-01-01")) == date("2026-01-01")', true], ['max(now, customer.lastLogin) == now', true], ['min(duration("1h"), duration("1m"))', 60_000], ['max(customer.memberSince, now)', noon], ['max(customer.extra.number, 3)', 7],
    ['abs(customer.balance)', 2.5], ['abs(-3)', 3], ['abs(duration("-1s"))', 1000], ['round(customer.balance)', -3], ['round(2.4)', 2], ['round(2.5)', 3], ['round(-0.4)', 0], ['round(customer.age)', 30], ['round(1e300 * double(size(customer.scores)))', undefined], ['round(0.49999999999999994)', 0],
  ])('%s', (source, value) => {
    if (value === 'refused') expect(() => evaluate(source, situation)).toThrow('has no result');
    else expect(evaluate(source, situation).value).toEqual(value);
  });
});

describe('days in the customer\'s time zone', () => {
  test.each<readonly [source: string, timeZone: string, value: unknown]>([
    // 23:30:15Z on Sunday 22 November is Monday in Stockholm, Sunday in New York.
    ['daysBetween(customer.lastLogin, now)', 'Europe/Stockholm', 0], ['daysBetween(customer.lastLogin, now)', 'America/New_York', 1], ['weekday(customer.lastLogin)', 'Europe/Stockholm', 1], ['weekday(customer.lastLogin)', 'America/New_York', 7], ['localHour(customer.lastLogin)', 'Europe/Stockholm', 0], ['localHour(customer.lastLogin)', 'America/New_York', 18], ['localHour(customer.lastLogin)', 'Asia/Kolkata', 5],
    ['monthDay(customer.lastLogin)', 'Europe/Stockholm', '11-23'], ['monthDay(customer.lastLogin)', 'America/New_York', '11-22'], ['monthDay(customer.birthDate)', 'America/New_York', '02-29'], ['weekday(customer.birthDate)', 'Asia/Tokyo', 2], ['monthDay(customer.birthDate) == monthDay(now)', 'UTC', false], ['date(customer.lastLogin)', 'America/New_York', parseDay('2026-11-22')],
    ['daysBetween(customer.memberSince, now)', 'Europe/Stockholm', 29], ['daysBetween(now, customer.memberSince)', 'Europe/Stockholm', -29], ['daysBetween(customer.memberSince, date("2026-10-26"))', 'Europe/Stockholm', 1], ['yearsBetween(customer.birthDate, now)', 'UTC', 26], ['monthsBetween(customer.memberSince, now)', 'UTC', 0], ['monthsBetween(customer.memberSince, date("2026-11-25"))', 'UTC', 1],
    ['customer.memberSince == timestamp("2026-10-25T04:00:00Z")', 'America/New_York', true], ['customer.memberSince + duration("12h")', 'UTC', Date.UTC(2026, 9, 25, 12)],
    // A day that has 25 hours is still one day.
    ['daysBetween(timestamp("2026-10-24T22:00:00Z"), timestamp("2026-10-25T22:59:59Z"))', 'Europe/Stockholm', 0], ['daysBetween(timestamp("2026-10-24T22:00:00Z"), timestamp("2026-10-25T23:00:00Z"))', 'Europe/Stockholm', 1],
  ])('%s in %s', (source, timeZone, value) => {
    expect(evaluate(source, { ...situation, timeZone }).value).toEqual(value);
  });

  test.each([
    ['2000-02-29', '2001-02-28', 0, 11], ['2000-02-29', '2001-03-01', 1, 12], ['2000-02-29', '2004-02-28', 3, 47], ['2000-02-29', '2004-02-29', 4, 48], ['2026-01-31', '2026-02-28', 0, 0], ['2026-01-31', '2026-03-01', 0, 1], ['2026-01-31', '2026-03-31', 0, 2],
    ['1990-05-17', '2026-05-16', 35, 431], ['1990-05-17', '2026-05-17', 36, 432], ['2026-05-17', '1990-05-17', -36, -432], ['2026-05-17', '2026-05-17', 0, 0], ['2026-05-17', '2026-05-16', 0, 0], ['2026-05-17', '2026-04-17', 0, -1],
  ])('from %s to %s: %i years, %i months', (from, to, years, months) => {
    expect(yearsBetween(parseDay(from)!, parseDay(to)!)).toBe(years);
    expect(monthsBetween(parseDay(from)!, parseDay(to)!)).toBe(months);
  });
});

describe('accessors: UTC, unless a time zone is given', () => {
  test.each<readonly [source: string, value: unknown]>([
    ['customer.lastLogin.getFullYear()', 2026], ['customer.lastLogin.getMonth()', 10], ['customer.lastLogin.getDate()', 22], ['customer.lastLogin.getDayOfMonth()', 21], ['customer.lastLogin.getDayOfWeek()', 0], ['customer.lastLogin.getDayOfYear()', 325], ['customer.lastLogin.getHours()', 23], ['customer.lastLogin.getMinutes()', 30], ['customer.lastLogin.getSeconds()', 15], ['customer.lastLogin.getMilliseconds()', 250],
    ['customer.lastLogin.getHours("Europe/Stockholm")', 0], ['customer.lastLogin.getDate("Europe/Stockholm")', 23], ['customer.lastLogin.getHours("-09:30")', 14], ['customer.lastLogin.getMinutes("+05:45")', 15], ['customer.lastLogin.getSeconds("Asia/Kolkata")', 15], ['customer.lastLogin.getHours("UTC")', 23], ['customer.lastLogin.getHours(customer.name)', undefined],
    ['customer.birthDate.getFullYear()', 2000], ['customer.birthDate.getMonth()', 1], ['customer.birthDate.getDate()', 29], ['customer.birthDate.getDayOfYear()', 59],
    ['duration("90m").getHours()', 1], ['duration("90m").getMinutes()', 90], ['duration("90m").getSeconds()', 5400], ['duration("1.25s").getMilliseconds()', 250], ['duration("-90m").getHours()', -1],
  ])('%s', (source, value) => {
    expect(evaluate(source, situation).value).toEqual(value);
  });
});

test('a day number\'s date is the platform\'s, from year 1 to 9999', () => {
  const two = (value: number): string => String(value).padStart(2, '0');
  for (let day = parseDay('0001-01-01')!; day <= parseDay('9999-12-31')!; day += 97) {
    const civil = civilDate(day);
    expect(`${String(civil.year).padStart(4, '0')}-${two(civil.month)}-${two(civil.day)}`).toBe(formatDay(day));
  }
});

test('what a chain of loops builds up is bounded', () => {
  const doubled = (times: number): string => `["abcdefgh"]${'.map(x, x + x)'.repeat(times)}`;
  expect(evaluate(`size(${doubled(10)}[0])`).value).toBe(8 * 1024);
  expect(evaluate(`size(${doubled(40)}[0])`).value).toBeUndefined();
  expect(evaluate(`size([[1]]${'.map(x, x + x)'.repeat(40)}[0])`).value).toBeUndefined();
});
