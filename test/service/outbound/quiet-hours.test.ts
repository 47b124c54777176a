import { dayMs, hourMs, minuteMs, moved, timed, useStage } from './outbound-world.js';

const stage = useStage();
const night = { id: 'not-at-night', kind: 'communication', applies: 'direction == "outbound"', quiet: { from: '21:00', until: '08:00' } };
const patient = { channels: ['app', 'email'] };
const before = Date.parse('2026-11-23T22:00:00+01:00');
const profile = { consents: ['email'], attributes: { birthDate: '1990-11-28', memberSince: '2026-10-28' } };

const cases: [string, Record<string, unknown>, string][] = [
  ['a date, which begins at midnight', { ...timed, id: 't', while: 'monthDay(customer.birthDate) == monthDay(now)' }, '2026-11-28T07:00:00.000Z'],
  ['a state, which begins at midnight', { ...timed, id: 't', while: 'daysBetween(customer.memberSince, now) >= 30' }, '2026-11-27T07:00:00.000Z'],
  ['an event, with a long window', { ...moved, id: 't', window: '90d' }, '2026-11-24T07:00:00.000Z'],
  ['an event, with a short window', { ...moved, id: 't', window: '30d' }, '2026-11-24T07:00:00.000Z'],
];
test.each(cases)('without a `within`, what falls due in quiet hours speaks when they end: %s', async (_, trigger, expected) => {
  await stage.begin([{ ...trigger, outbound: patient }], { rules: [night] }, before, profile);
  await stage.happens('address.changed', before);
  await stage.pass(before, before + 10 * dayMs, 10 * minuteMs);
  expect(stage.sent.map(({ at }) => new Date(at).toISOString())).toEqual([expected]);
});

const changes: [string, string, string][] = [
  ['spring', '2027-03-27T21:30:00Z', '2027-03-28T06:00:00.000Z'],
  ['autumn', '2026-10-24T21:30:00Z', '2026-10-25T07:00:00.000Z'],
];
test.each(changes)('in %s, the night in which the clocks change ends by the clock, too', async (_, late, expected) => {
  const at = Date.parse(late);
  await stage.begin([moved], { rules: [night] }, at);
  await stage.happens('address.changed', at);
  await stage.pass(at, at + 12 * hourMs, minuteMs);
  expect(stage.sent.map((sent) => new Date(sent.at).toISOString())).toEqual([expected]);
});
