import { callAt, compileWith, dayMs, hourMs, minuteMs, moved, noon, useStage } from './outbound-world.js';
import { leaseMs } from '../../../src/service/outbound/waker.js';
import { OutboxError } from '../../../src/outbox/outbox.js';
import type { Agenda } from '../../../src/customers/agenda.js';

const stage = useStage();
const away = (): OutboxError => new OutboxError('away', true);
const night = { id: 'not-at-night', kind: 'communication', applies: 'direction == "outbound"', quiet: { from: '21:00', until: '08:00' } };
const events = { 'address.changed': {}, baby: { source: 'partner' } };
const baby = { ...moved, id: 'baby', source: 'partner', on: { event: 'baby' }, window: '180d' };

const agendaAt = async (at: number): Promise<Agenda> => {
  await stage.store.wake(['C-1'], at);
  const taken = await stage.store.takeDue({ now: at, most: 100, leaseUntil: at + leaseMs });
  return taken.find(({ customerId }) => customerId === 'C-1')!.agenda;
};
/** Claimed at noon, while the outbox is away. */
const claim = async (triggers = [moved], more = {}): Promise<void> => {
  await stage.begin(triggers, more, noon, { consents: ['email', 'partner-data'] });
  stage.fails = away;
  await stage.happens(triggers[0]!.on.event, noon);
  await stage.node.settle(noon);
  expect(stage.told()).toEqual(['publish-failed away']);
};
const put = (profile: Parameters<typeof stage.node.services.customers.put>[1], at: number): Promise<unknown> => stage.node.services.customers.put('C-1', profile, callAt(at));
const comesBack = async (at: number): Promise<void> => {
  stage.fails = () => null;
  await stage.pass(at, at + hourMs, minuteMs);
};

describe('what was claimed, and could not be sent at once', () => {
  test('is sent when the outbox is back', async () => {
    await claim();
    await comesBack(noon + hourMs);
    expect(stage.said()).toEqual(['moved email cover']);
  });

  const changes: [string, Parameters<typeof put>[0], string][] = [
    ['objects to marketing', { consents: ['email'], objection: true }, 'No consent'],
    ['withdraws the consent for the channel', { consents: ['app'] }, 'No consent'],
  ];
  test.each(changes)('is struck off when the customer %s', async (_, profile, reason) => {
    await claim();
    await put(profile, noon + hourMs);
    await comesBack(noon + 2 * hourMs);
    expect(stage.sent).toEqual([]);
    expect(stage.told().at(-1)).toBe(`given-up moved: ${reason}`);
    expect((await agendaAt(noon + dayMs)).publications).toEqual([]);
    await put({ consents: ['email'] }, noon + 12 * hourMs);
    await stage.node.settle(noon + 30 * hourMs);
    expect(stage.sent).toEqual([]);
  });

  test('is struck off when the trigger has ended', async () => {
    await claim([{ ...moved, endsWith: ['declined'] } as never]);
    await stage.node.services.outcomes.record({ customerId: 'C-1', decisionId: 'd', offerId: 'cover', channel: 'call-center', outcome: 'declined' }, callAt(noon + hourMs));
    await comesBack(noon + 2 * hourMs);
    expect(stage.sent).toEqual([]);
    expect(stage.told().at(-1)).toMatch(/^given-up moved: Ended by declined of cover/);
  });

  const others = { ...moved, id: 'quote', on: { event: 'quote.saved' } };
  const catalogs: [string, Parameters<typeof compileWith>[0], string][] = [
    ['is not in the catalog any more', [others], 'Its trigger speaks no more'],
    ['has no `outbound` any more', [others, { ...moved, outbound: undefined } as never], 'Its trigger speaks no more'],
    ['does not speak in its channel any more', [{ ...moved, outbound: { channels: ['app'] } }], 'Its trigger does not speak in the channel email any more'],
    ['is over by its dates', [{ ...moved, until: '2026-11-22' }], 'Its dates are over'],
  ];
  test.each(catalogs)('is struck off when its trigger %s', async (_, triggers, reason) => {
    await claim();
    stage.catalog = await compileWith(triggers);
    await comesBack(noon + hourMs);
    expect(stage.sent).toEqual([]);
    expect(stage.told().at(-1)).toBe(`given-up moved: ${reason}`);
    expect((await agendaAt(noon + dayMs)).publications).toEqual([]);
  });

  test('is struck off when no trigger speaks any more, and no walk is begun for that', async () => {
    await claim();
    const walks = stage.node.told.filter(({ what }) => what === 'swept').length;
    stage.catalog = await compileWith([]);
    await comesBack(noon + hourMs);
    expect(stage.sent).toEqual([]);
    expect(stage.told().at(-1)).toBe('given-up moved: Its trigger speaks no more');
    expect((await agendaAt(noon + dayMs)).publications).toEqual([]);
    expect(stage.node.told.filter(({ what }) => what === 'swept')).toHaveLength(walks);
  });

  test('waits for the end of quiet hours, and is sent under the same id', async () => {
    await claim([moved], { rules: [night] });
    for (let at = noon; at < noon + 10 * hourMs; at += minuteMs) await stage.node.waker.tick(at);
    await comesBack(noon + 10 * hourMs);
    expect(stage.sent).toEqual([]);
    await stage.pass(noon + 12 * hourMs, noon + 21 * hourMs, 10 * minuteMs);
    expect(stage.sent.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-11-24T07:00:00.000Z']);
  });

  test('is not held up by its own contact and its own room', async () => {
    const offers = [{ id: 'cover', kind: 'cross-sell', limits: [{ outcome: 'presented', max: 1, per: 'month' }] }];
    await claim([moved], { offers, rules: [{ id: 'once', kind: 'communication', cap: { outcome: 'presented', max: 1, per: '30d', scope: 'customer' } }] });
    await comesBack(noon + hourMs);
    expect(stage.said()).toEqual(['moved email cover']);
  });

  test('is given up after a week, however long the trigger is active', async () => {
    await claim([{ ...moved, window: '90d', outbound: { channels: ['email'] } } as never]);
    await stage.pass(noon, noon + 8 * dayMs, hourMs);
    expect(stage.told().at(-1)).toBe('given-up moved: The outbox did not take it in time');
    expect((await agendaAt(noon + 8 * dayMs)).publications).toEqual([]);
  });

  test('is sent before anything else is said, and not sent again where what comes after it fails', async () => {
    await claim();
    await stage.happens('quote.saved', noon + minuteMs);
    stage.fails = () => null;
    let reads = 0;
    const node = stage.nodeOver((store) => ({ read: (...args) => (++reads > 1 ? Promise.reject(new Error('lost')) : store.read(...args)) }));
    for (let at = noon + hourMs; at < noon + 2 * hourMs; at += leaseMs) await node.settle(at);
    expect(stage.said()).toEqual(['moved email cover']);
  });
});

describe('what is given up', () => {
  const refused = (): OutboxError => new OutboxError('answered 503', true);
  const other = { ...moved, id: 'quote', on: { event: 'quote.saved' }, outbound: { channels: ['email'], within: '6d' } };
  const once = { rules: [{ id: 'once', kind: 'communication', cap: { outcome: 'presented', max: 1, per: '30d', scope: 'customer' } }] };
  const presented = async (): Promise<readonly string[]> => ((await stage.store.export('C-1'))?.contacts ?? []).map(({ outcome }) => outcome);
  /** Two triggers, and room for one contact; the outbox takes nothing until the first is given up. */
  const giveUp = async (...failures: OutboxError[]): Promise<void> => {
    await stage.begin([moved, other] as never, once);
    stage.fails = () => failures.shift() ?? refused();
    await stage.happens('address.changed', noon);
    await stage.node.settle(noon);
    await stage.happens('quote.saved', noon + minuteMs);
    await stage.pass(noon + minuteMs, noon + 3 * dayMs, hourMs);
    stage.fails = () => null;
    await stage.pass(noon + 3 * dayMs, noon + 4 * dayMs, hourMs);
  };

  test('and was never taken does not count as presented: the next has its room', async () => {
    await giveUp();
    expect(stage.said()).toEqual(['quote email cover']);
    expect(await presented()).toEqual(['presented']);
    expect(stage.told().filter((each) => each.startsWith('given-up'))).toEqual(['given-up moved: The outbox did not take it in time']);
  });

  test('and may have arrived stays presented, and takes its room', async () => {
    await giveUp(refused(), new OutboxError('its time was over'));
    expect(stage.sent).toEqual([]);
    expect(await presented()).toEqual(['presented']);
    expect(stage.told()).toContain('given-up moved: The outbox did not take it in time; it may have arrived, so it counts as presented');
  });

  test('and is known to have arrived stays presented', async () => {
    await stage.begin([moved], once);
    stage.fails = refused;
    await stage.happens('address.changed', noon);
    await stage.node.settle(noon);
    const decisionId = (await stage.store.export('C-1'))!.contacts[0]!.decisionId!;
    await stage.node.services.outcomes.record({ customerId: 'C-1', decisionId, offerId: 'cover', channel: 'email', outcome: 'opened' }, callAt(noon + minuteMs));
    await stage.pass(noon + minuteMs, noon + 3 * dayMs, hourMs);
    expect(await presented()).toEqual(['presented', 'opened']);
  });

  test('is taken back by whoever looks next, where the customer changes at that moment', async () => {
    await stage.begin([moved]);
    stage.fails = refused;
    await stage.happens('address.changed', noon);
    await stage.node.settle(noon);
    let races = 1;
    const node = stage.nodeOver((store) => ({ claim: async (write) => {
      if (write.takesBack !== undefined && races-- > 0) await stage.happens('purchase', noon + 3 * dayMs);
      return store.claim(write);
    } }));
    await node.settle(noon + 3 * dayMs);
    expect([await presented(), node.told.filter(({ what }) => what === 'given-up')]).toEqual([['presented'], []]);
    await node.settle(noon + 3 * dayMs + leaseMs);
    expect([await presented(), node.told.filter(({ what }) => what === 'given-up').length]).toEqual([[], 1]);
  });
});

test('of a receiver that takes nothing, no more than 16 wait for a customer', async () => {
  const triggers = Array.from({ length: 20 }, (_, number) => ({ ...moved, id: `t-${number}` }));
  await stage.begin(triggers);
  stage.fails = away;
  await stage.happens('address.changed', noon);
  await stage.node.settle(noon);
  const { publications, notes } = await agendaAt(noon);
  expect(publications).toHaveLength(16);
  expect(notes.filter(({ state, reason }) => state === 'deferred' && reason === 'Too much is still to be sent')).toHaveLength(4);
});

test('a receiver that hangs holds up one look at a time, once it is known', async () => {
  await stage.begin([moved]);
  stage.fails = away;
  for (let number = 0; number < 8; number++) {
    await stage.node.services.customers.put(`D-${number}`, { consents: ['email'] }, callAt(noon));
    await stage.node.services.events.take({ specversion: '1.0', id: `d-${number}`, source: '/t', type: 'address.changed', subject: `D-${number}`, time: new Date(noon).toISOString(), data: {} } as never, callAt(noon));
  }
  let tried = 0;
  stage.fails = () => {
    tried++;
    return away();
  };
  await stage.node.settle(noon);
  expect(tried).toBe(8);
  tried = 0;
  await stage.node.waker.tick(noon + 10_000);
  expect(tried).toBe(1);
});

describe('partners\' data', () => {
  test('are in no agenda once the consent is withdrawn', async () => {
    await claim([baby], { events });
    await put({ consents: ['email'] }, noon + hourMs);
    await stage.node.settle(noon + hourMs);
    expect(await agendaAt(noon + 2 * hourMs)).toEqual({ notes: [], publications: [] });
    await comesBack(noon + 3 * hourMs);
    expect(stage.sent).toEqual([]);
  });
});
