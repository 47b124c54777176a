import { callAt, compileWith, dayMs, eventOf, hourMs, moved, noon, timed, useStage } from './outbound-world.js';

const stage = useStage();
const daysOf = (): number[] => stage.sent.map(({ at }) => (at - noon) / dayMs);
const patient = { channels: ['email'] };

describe('what opens by time alone is looked at then', () => {
  test('the end of a rest, while the pause goes on', async () => {
    await stage.begin([{ ...timed, id: 'quiet', absence: { of: 'purchase', atLeast: '14d' }, endsWith: ['declined'], rest: '90d', outbound: { channels: ['email'], within: '30d' } }]);
    await stage.node.services.outcomes.record({ customerId: 'C-1', decisionId: 'd', offerId: 'cover', channel: 'email', outcome: 'declined' }, callAt(noon));
    await stage.happens('purchase', noon + 70 * dayMs);
    await stage.pass(noon, noon + 140 * dayMs, 6 * hourMs);
    expect(daysOf()).toEqual([90]);
  });

  test('an audience that the customer comes to be of', async () => {
    await stage.begin([{ ...moved, audience: 'daysBetween(customer.memberSince, now) >= 30', outbound: patient }], {}, noon, { consents: ['email'], attributes: { memberSince: '2026-11-01' } });
    await stage.happens('address.changed', noon);
    await stage.pass(noon, noon + 40 * dayMs, hourMs);
    expect(stage.sent.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-11-30T23:00:00.000Z']);
  });

  test('an audience by what is derived from the clock', async () => {
    const schema = { derived: { tenure: [{ is: 'new', when: 'daysBetween(customer.memberSince, now) < 30' }, { is: 'old' }] } };
    await stage.begin([{ ...moved, audience: 'customer.tenure == "old"', outbound: patient }], { schema }, noon, { consents: ['email'], attributes: { memberSince: '2026-11-01' } });
    await stage.happens('address.changed', noon);
    await stage.pass(noon, noon + 40 * dayMs, hourMs);
    expect(stage.sent.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-11-30T23:00:00.000Z']);
  });

  test('not an audience that comes after the window', async () => {
    await stage.begin([{ ...moved, window: '5d', audience: 'daysBetween(customer.memberSince, now) >= 30', outbound: patient }], {}, noon, { consents: ['email'], attributes: { memberSince: '2026-11-01' } });
    await stage.happens('address.changed', noon);
    await stage.node.settle(noon);
    expect(await stage.node.settle(noon + 20 * dayMs)).toBe(0);
  });
});

describe('an event of another type wakes whom it may open something to', () => {
  const audiences: [string, string, Record<string, unknown>][] = [
    ['by the history', 'eventCount("purchase") >= 1', {}],
    ['by what is derived from it', 'customer.kind == "buyer"', { derived: { kind: [{ is: 'buyer', when: 'eventCount("purchase") >= 1' }, { is: 'other' }] } }],
  ];
  test.each(audiences)('an audience %s', async (_, audience, schema) => {
    await stage.begin([{ ...moved, audience, outbound: patient }], { schema: schema as never });
    await stage.happens('address.changed', noon);
    await stage.node.settle(noon);
    await stage.happens('purchase', noon + 2 * dayMs);
    await stage.node.settle(noon + 2 * dayMs + hourMs);
    expect(stage.sent).toHaveLength(1);
  });

  test('and nobody else', async () => {
    await stage.begin([{ ...moved, audience: '!("card" in customer.holdings)' }]);
    await stage.happens('purchase', noon);
    expect(await stage.node.settle(noon + dayMs)).toBe(0);
  });
});

describe('each window that opens later than its event', () => {
  const later = { ...moved, opensAfter: '10d', window: '3d' };

  test('is spoken for once, and not kept from it by a further event', async () => {
    await stage.begin([{ ...later, outbound: patient }]);
    // The second prolongs the first, the third opens after both.
    for (const day of [0, 2, 9]) await stage.happens('address.changed', noon + day * dayMs);
    await stage.pass(noon, noon + 40 * dayMs, 6 * hourMs);
    expect(daysOf()).toEqual([10, 19]);
    expect(new Set(stage.sent.map(({ id }) => id)).size).toBe(2);
    expect(stage.told()).toEqual(['published moved email', 'published moved email']);
  });

  test('also by an event that comes late', async () => {
    await stage.begin([{ ...later, outbound: patient }]);
    await stage.happens('address.changed', noon + 6 * dayMs);
    await stage.pass(noon + 6 * dayMs, noon + 7 * dayMs, 6 * hourMs);
    await stage.node.services.events.take(eventOf('address.changed', 'C-1', noon), callAt(noon + 7 * dayMs));
    await stage.pass(noon + 7 * dayMs, noon + 40 * dayMs, 6 * hourMs);
    expect(daysOf()).toEqual([10, 16]);
  });

  test('waits for room until it closes, and no longer; the next one speaks then', async () => {
    const rules = [{ id: 'none-on-days', kind: 'communication', applies: 'now < timestamp("2026-12-10T00:00:00Z")', require: 'false' }];
    await stage.begin([{ ...later, outbound: { channels: ['email'], within: '10d' } }], { rules });
    for (const day of [0, 9]) await stage.happens('address.changed', noon + day * dayMs);
    await stage.pass(noon, noon + 40 * dayMs, 6 * hourMs);
    expect(daysOf()).toEqual([19]);
    expect(stage.told().filter((words) => words.startsWith('given-up'))).toEqual(['given-up moved: It began anew before it could speak']);
  });
});

test('a trigger may speak of what it unlocks beside the offers that it weighs', async () => {
  await stage.begin([{ ...moved, effect: { weight: 1.1, offers: ['card'], unlocks: ['cover'] }, outbound: patient }], { rules: [{ id: 'no-card', kind: 'business', applies: 'offer.id == "card"', require: 'false' }] });
  await stage.happens('address.changed', noon);
  await stage.node.settle(noon);
  expect(stage.said()).toEqual(['moved email cover']);
});

describe('one activation, however long', () => {
  test.each([undefined, '2d'])('is spoken for once, though what began it is forgotten (within %p)', async (within) => {
    await stage.begin([{ ...moved, on: { event: 'purchase' }, window: '7d', rest: '30d', outbound: { channels: ['email'], ...(within !== undefined && { within }) } }]);
    for (let day = 0; day < 150; day++) {
      await stage.happens('purchase', noon + day * dayMs);
      await stage.node.settle(noon + day * dayMs);
    }
    expect(daysOf()).toEqual([0]);
    // It ends, rests, and begins anew.
    for (let day = 200; day < 300; day++) {
      await stage.happens('purchase', noon + day * dayMs);
      await stage.node.settle(noon + day * dayMs);
    }
    expect(daysOf()).toEqual([0, 200]);
  });

  test('of events that concern everybody', async () => {
    stage.catalog = await compileWith([{ ...moved, on: { event: 'weather.warning' }, matches: 'customer.region == event.data.region', window: '7d', outbound: patient }]);
    await stage.node.services.customers.put('C-1', { consents: ['email'], attributes: { region: 'north' } }, callAt(noon));
    for (let day = 0; day < 60; day += 2) {
      await stage.node.services.events.take({ specversion: '1.0', id: `w-${day}`, source: '/w', type: 'weather.warning', time: new Date(noon + day * dayMs).toISOString(), data: { region: 'north' } } as never, callAt(noon + day * dayMs));
      await stage.pass(noon + day * dayMs, noon + day * dayMs + 4000, 1000);
    }
    expect(daysOf()).toEqual([0]);
  });
});
