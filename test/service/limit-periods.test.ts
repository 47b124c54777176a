import { nameOfPeriod } from '../../src/service/limit-periods.js';

test.each([
  ['total', '2026-11-23T10:00:00Z', null],
  ['day', '2026-11-23T10:00:00Z', '2026-11-23'],
  ['day', '2026-11-23T22:59:59Z', '2026-11-23'],
  ['day', '2026-11-23T23:00:00Z', '2026-11-24'],
  ['month', '2026-11-30T22:59:59Z', '2026-11'],
  ['month', '2026-11-30T23:00:00Z', '2026-12'],
  ['week', '2026-11-22T22:59:59Z', '2026-W47'],
  ['week', '2026-11-22T23:00:00Z', '2026-W48'],
  // Years begin in the week of their first Thursday: 2026 has 53 weeks.
  ['week', '2025-12-28T22:59:59Z', '2025-W52'],
  ['week', '2025-12-28T23:00:00Z', '2026-W01'],
  ['week', '2027-01-03T12:00:00Z', '2026-W53'],
  ['week', '2027-01-04T12:00:00Z', '2027-W01'],
] as const)('the %s in Stockholm at %s is %s', (per, at, name) => {
  expect(nameOfPeriod(per, 'Europe/Stockholm', Date.parse(at))).toBe(name);
});
