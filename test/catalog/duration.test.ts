import { expect, test } from '@jest/globals';
import { parseDuration, parseMinuteOfDay } from '../../src/catalog/duration.js';

test.each<[string, number | undefined]>([
  ['90s', 90_000], ['15m', 900_000], ['12h', 43_200_000], ['30d', 2_592_000_000], ['2w', 1_209_600_000],
  ['0d', undefined], ['-1d', undefined], ['1.5h', undefined], ['1M', undefined], ['1y', undefined], ['d', undefined], ['30', undefined], [' 30d', undefined], ['30 d', undefined], ['ever', undefined], ['', undefined],
  ['36500d', 3_153_600_000_000], ['40000d', undefined], ['99999999999s', undefined],
])('the duration %s', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each<[string, number | undefined]>([
  ['00:00', 0], ['08:05', 485], ['23:59', 1439],
  ['24:00', undefined], ['8:00', undefined], ['12:60', undefined], ['12', undefined], ['12:00:00', undefined], ['', undefined],
])('the time of day %s', (text, minute) => {
  expect(parseMinuteOfDay(text)).toBe(minute);
});
