import { OutboxError } from '../../../src/outbox/outbox.js';
import { createLmdbData, type LmdbData } from '../../customers/lmdb/lmdb-data.js';
import { callAt, compileWith, createMemoryOutbox, createNode, dayMs, eventOf, hourMs, minuteMs, moved, noon, timed, tokens, type OutboundNode, type Sent, type Told } from './outbound-world.js';
import type { Catalog } from '../../../src/decision/types.js';
import type { CatalogParts } from '../../support/golden-case.js';
import type { CustomerStore } from '../../../src/customers/customer-store.js';
import type { OutboxEvent } from '../../../src/outbox/outbox.js';

const dailyCap = { id: 'one-a-day', kind: 'communication', cap: { outcome: 'presented', max: 1, per: '1d', scope: 'customer' } };

describe('a trigger with outbound', () => {
  let data: LmdbData;
  let store: CustomerStore;
  let catalog: Catalog;
  let node: OutboundNode;
  let sent: Sent[];
  let fails: (event: OutboxEvent) => Error | null;
  beforeEach(async () => {
    data = await createLmdbData();
    store = await data.open();
    fails = () => null;
    const outbox = createMemoryOutbox((event) => fails(event));
    sent = outbox.sent;
    node = createNode(store, () => catalog, outbox);
  });
  afterEach(async () => {
    await store.close();
    await data.cleanup();
  });

  const begin = async (triggers: NonNullable<CatalogParts['triggers']>, more: Partial<CatalogParts> = {}, at = noon): Promise<void> => {
    catalog = await compileWith(triggers, more);
    await node.services.customers.put('C-1', { consents: ['email'] }, callAt(at));
    await node.settle(at);
  };
  const happens = (type: string, at: number, arrived = at): Promise<unknown> => node.services.events.take(eventOf(type, 'C-1', at), callAt(arrived));
  const said = (): string[] => sent.map(({ data: { trigger, channel, offer } }) => `${trigger.id} ${channel} ${offer.offerId}`);
  const told = (): Told[] => node.told.filter(({ what }) => what !== 'swept');
  const contacts = async (): Promise<string[]> => (await store.export('C-1'))!.contacts.map(({ offerId, channel, outcome }) => `${outcome} ${offerId} ${channel}`);

  test('speaks once when its event happens, in the first of its channels that has an offer', async () => {
    await begin([moved]);
    expect(sent).toEqual([]);
    await happens('address.changed', noon);
    await node.settle(noon);
    expect(said()).toEqual(['moved email cover']);
    expect(await contacts()).toEqual(['presented cover email']);
    for (const at of [noon, noon + hourMs, noon + 40 * dayMs]) await node.settle(at);
    expect(sent).toHaveLength(1);
  });

  test('the event is a CloudEvent whose token records outcomes, and the decision is logged', async () => {
    await begin([moved]);
    await happens('address.changed', noon);
    await node.settle(noon);
    const [{ id, json }] = sent as [Sent];
    const event = JSON.parse(json) as { data: { decisionId: string; offer: { token: string } } };
    expect(event).toMatchObject({
      specversion: '1.0', id, source: '/triggers/moved', type: 'nbo.offer.due', subject: 'C-1', time: new Date(noon).toISOString(), datacontenttype: 'application/json',
      data: { customerId: 'C-1', decisionId: id, channel: 'email', trigger: { id: 'moved', type: 'life-event', startedAt: new Date(noon).toISOString() }, validUntil: new Date(noon + 2 * dayMs).toISOString(), offer: { rank: 1, offerId: 'cover', fallback: false } },
    });
    expect(json).not.toContain('\n');
    expect(tokens.verify(event.data.offer.token, noon)).toMatchObject({ ok: true, token: { customerId: 'C-1', decisionId: id, offerId: 'cover', channel: 'email' } });
    expect(node.decisions.map(({ caller, response }) => [caller, response.decisionId, response.offers.length, response.degraded])).toEqual([['trigger:moved', id, 1, []]]);
  });

  test('of the offers only those that it concerns come into question, with their treatment', async () => {
    await begin([{ ...moved, effect: { weight: 1.1, offers: ['card'] } }]);
    await happens('address.changed', noon);
    await node.settle(noon);
    expect(said()).toEqual(['moved email card']);
    expect((JSON.parse(sent[0]!.json) as { data: { offer: { treatment: unknown } } }).data.offer.treatment).toEqual({ channel: 'email', subject: 'A card' });
  });

  test('a second event of the same activation says nothing more; one of a new activation does', async () => {
    await begin([{ ...moved, window: '5d' }]);
    for (const at of [noon, noon + dayMs, noon + 20 * dayMs]) {
      await happens('address.changed', at);
      await node.settle(at);
    }
    expect(sent.map(({ at }) => at)).toEqual([noon, noon + 20 * dayMs]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  });

  test('an earlier event that arrives later changes nothing', async () => {
    await begin([{ ...moved, window: '5d' }]);
    await happens('address.changed', noon);
    await node.settle(noon);
    await happens('address.changed', noon - 3 * dayMs, noon + 1);
    await node.settle(noon + 1);
    expect(sent).toHaveLength(1);
  });

  test('later than the event: it opens by itself, and not a moment before', async () => {
    await begin([{ ...moved, opensAfter: '240d' }]);
    await happens('address.changed', noon);
    const opensAt = noon + 240 * dayMs;
    await node.settle(opensAt - 1);
    expect(sent).toEqual([]);
    await node.settle(opensAt);
    expect(said()).toEqual(['moved email cover']);
  });

  const validities: [string, object, string][] = [
    ['its `within`', { while: 'customer.age > 40' }, '2026-11-25T11:00:00.000Z'],
    ['the end of a day that is a state', { while: 'monthDay(customer.memberSince) == monthDay(now)', outbound: { channels: ['email'] } }, '2026-11-23T23:00:00.000Z'],
    ['seven days where nobody knows how long it goes on', { while: 'customer.age > 40', outbound: { channels: ['email'] } }, '2026-11-30T11:00:00.000Z'],
    ['its dates', { from: '2026-11-20', until: '2026-11-24', while: 'customer.age > 40', outbound: { channels: ['email'] } }, '2026-11-24T23:00:00.000Z'],
    ['its window', { on: { event: 'address.changed' }, window: '30d', outbound: { channels: ['email'] } }, '2026-12-23T11:00:00.000Z'],
  ];
  test.each(validities)('an offer is valid until %s', async (_, members, validUntil) => {
    await begin([{ ...timed, id: 'state', ...members }]);
    await node.services.customers.put('C-1', { consents: ['email'], attributes: { age: 41, memberSince: '2020-11-23' } }, callAt(noon));
    await happens('address.changed', noon);
    await node.settle(noon);
    expect(sent.map(({ json }) => (JSON.parse(json) as { data: { validUntil: string } }).data.validUntil)).toEqual([validUntil]);
  });

  test('absence: it wakes when the pause has become unusual, without anybody asking', async () => {
    await begin([{ ...timed, id: 'quiet', absence: { of: 'purchase', rhythm: 2, atLeast: '3d' } }]);
    for (let day = 0; day <= 50; day += 10) await happens('purchase', noon + day * dayMs);
    const last = noon + 50 * dayMs;
    for (let at = last; at <= last + 20 * dayMs; at += dayMs) await node.settle(at);
    expect(sent).toEqual([]);
    await node.settle(last + 20 * dayMs + 1);
    expect(said()).toEqual(['quiet email cover']);
    for (let at = last + 21 * dayMs; at <= last + 60 * dayMs; at += dayMs) await node.settle(at);
    expect(sent).toHaveLength(1);
    await happens('purchase', last + 60 * dayMs);
    for (let at = last + 60 * dayMs; at <= last + 200 * dayMs; at += dayMs) await node.settle(at);
    expect(sent).toHaveLength(2);
  });

  test('a date in every year: once on each birthday, on the customer\'s calendar', async () => {
    catalog = await compileWith([{ ...timed, id: 'birthday', while: 'monthDay(customer.birthDate) == monthDay(now)' }]);
    await node.services.customers.put('C-1', { attributes: { birthDate: '1990-12-24' }, consents: ['email'], timeZone: 'Asia/Tokyo' }, callAt(noon));
    await node.settle(noon);
    const midnight = Date.parse('2026-12-24T00:00:00+09:00');
    await node.settle(midnight - 1);
    expect(sent).toEqual([]);
    for (let at = midnight; at < midnight + 800 * dayMs; at += dayMs / 2) await node.settle(at);
    expect(sent.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-12-23T15:00:00.000Z', '2027-12-23T15:00:00.000Z', '2028-12-23T15:00:00.000Z']);
  });

  test('a state: once while it holds, again after it has ended', async () => {
    catalog = await compileWith([{ ...timed, id: 'rich', while: 'customer.income > 1000.0' }]);
    const write = async (income: number, at: number): Promise<void> => {
      await node.services.customers.put('C-1', { attributes: { income }, consents: ['email'] }, callAt(at));
      await node.settle(at);
    };
    for (const [day, income] of [5, 2000, 3000, 5, 2000].entries()) await write(income, noon + day * dayMs);
    expect(sent.map(({ at }) => (at - noon) / dayMs)).toEqual([1, 4]);
  });

  test('dates: when they begin', async () => {
    await begin([{ ...timed, id: 'season', from: '2026-12-01', until: '2026-12-31' }]);
    const from = Date.parse('2026-11-30T23:00:00Z');
    expect(await node.settle(from - 1)).toBe(0);
    await node.settle(from);
    expect(said()).toEqual(['season email cover']);
  });

  test('a customer whom an event makes is looked at, whatever it opens', async () => {
    await begin([{ ...timed, id: 'any', while: 'customer.id != ""' }], { events: { signup: { createsCustomer: true } } });
    await node.services.events.take(eventOf('signup', 'C-2', noon), callAt(noon));
    await node.settle(noon);
    expect(said()).toEqual(['any email cover']);
    expect(told().at(-1)).toEqual({ what: 'deferred', words: 'any: No consent' });
  });

  describe('that may not speak now', () => {
    const night = { id: 'not-at-night', kind: 'communication', applies: 'direction == "outbound"', quiet: { from: '21:00', until: '08:00' } };
    const late = Date.parse('2026-11-23T21:30:00+01:00');
    const morning = Date.parse('2026-11-24T08:00:00+01:00');

    test('at night speaks when the quiet hours are over', async () => {
      await begin([moved], { rules: [night] });
      await happens('address.changed', late);
      await node.settle(late);
      expect(told()).toEqual([{ what: 'deferred', words: 'moved: Quiet hours 21:00 to 08:00' }]);
      expect(await node.settle(morning - 1)).toBe(0);
      await node.settle(morning);
      expect(said()).toEqual(['moved email cover']);
    });

    test('is given up, with what kept it, when its time is over', async () => {
      await begin([{ ...moved, outbound: { channels: ['email'], within: '3h' } }], { rules: [night] });
      await happens('address.changed', late);
      await node.settle(late);
      await node.settle(late + 3 * hourMs);
      await node.settle(morning);
      expect(sent).toEqual([]);
      expect(told().at(-1)).toEqual({ what: 'given-up', words: 'moved: Its time to speak ended; until then: Quiet hours 21:00 to 08:00' });
    });

    test('since a contact is not worth its cost tells so', async () => {
      await begin([{ ...moved, outbound: { channels: ['email'] } }], { schema: { channelCosts: { email: 100_000 } } });
      await happens('address.changed', noon);
      await node.settle(noon);
      expect(told()).toEqual([{ what: 'deferred', words: expect.stringMatching(/^moved: A contact costs 100000 /) as string }]);
    });

    test('and begins anew meanwhile is given up once for what was before, and speaks for what is now', async () => {
      const other = { ...moved, id: 'quote', on: { event: 'quote.saved' }, priority: 1 };
      catalog = await compileWith([{ ...moved, window: '1h', priority: 2 }, other]);
      await node.services.customers.put('C-1', { consents: [] }, callAt(noon));
      await happens('address.changed', noon);
      await node.settle(noon);
      const later = noon + 2 * hourMs;
      await node.services.customers.patch('C-1', { consents: ['email'] }, callAt(later));
      await happens('quote.saved', later);
      await happens('address.changed', later);
      await node.settle(later);
      expect(said()).toEqual(['quote email cover', 'moved email cover']);
      expect(told().map(({ what, words }) => `${what} ${words}`)).toEqual([
        'deferred moved: No consent', 'given-up moved: It began anew before it could speak', 'published quote email', 'published moved email',
      ]);
    });

    test('without consent speaks as soon as the customer agrees', async () => {
      catalog = await compileWith([moved]);
      await node.services.customers.put('C-1', { consents: [] }, callAt(noon));
      await happens('address.changed', noon);
      await node.settle(noon);
      expect(told()).toEqual([{ what: 'deferred', words: 'moved: No consent' }]);
      await node.services.customers.patch('C-1', { consents: ['app'] }, callAt(noon + hourMs));
      await node.settle(noon + hourMs);
      expect(said()).toEqual(['moved app cover']);
    });

    test('by priority: of two due at the same time the better one speaks, the other when the cap has room again', async () => {
      const other = { ...moved, id: 'quote', type: 'journey', on: { event: 'quote.saved' }, priority: 3 };
      await begin([other, { ...moved, priority: 2 }], { rules: [dailyCap] });
      await happens('quote.saved', noon);
      await happens('address.changed', noon);
      await node.settle(noon);
      expect(said()).toEqual(['moved email cover']);
      expect(told()[1]).toEqual({ what: 'deferred', words: 'quote: At most 1 × presented for this customer per 1d' });
      expect(await node.settle(noon + dayMs - 1)).toBe(0);
      await node.settle(noon + dayMs);
      expect(said()).toEqual(['moved email cover', 'quote email cover']);
    });
  });

  test('whoever is in the control group is not spoken to, and not asked again', async () => {
    await begin([moved], { schema: { control: { share: 1, salt: 'x' } } });
    await happens('address.changed', noon);
    await node.settle(noon);
    expect(told()).toEqual([{ what: 'given-up', words: 'moved: The customer is in the control group' }]);
    expect(await node.settle(noon + 3 * dayMs)).toBe(0);
  });

  test('whoever is erased is not spoken to', async () => {
    await begin([{ ...moved, opensAfter: '1d' }]);
    await happens('address.changed', noon);
    await node.services.customers.erase('C-1', callAt(noon));
    await node.settle(noon + 2 * dayMs);
    expect(sent).toEqual([]);
  });

  test('what the outbox does not take is sent again under the same id, ever later, until it is no longer true', async () => {
    await begin([moved]);
    await happens('address.changed', noon);
    const tried: string[] = [];
    fails = ({ id }) => {
      tried.push(id);
      return new OutboxError('away');
    };
    await node.settle(noon);
    expect(await contacts()).toEqual(['presented cover email']);
    for (let at = noon; at < noon + hourMs; at += 100) await node.waker.tick(at);
    expect(new Set(tried).size).toBe(1);
    expect(tried.length).toBeGreaterThan(8);
    expect(tried.length).toBeLessThan(20);
    fails = () => null;
    await node.settle(noon + 2 * hourMs);
    expect(sent.map(({ id }) => id)).toEqual([tried[0]]);
    await node.settle(noon + 3 * dayMs);
    expect(sent).toHaveLength(1);
  });

  test('an event without a subject reaches everybody whom it matches, and nobody else', async () => {
    catalog = await compileWith([{ ...moved, id: 'storm', type: 'external', on: { event: 'weather.warning' }, matches: 'customer.region == event.data.region', window: '2d' }]);
    for (let number = 0; number < 60; number++) {
      await node.services.customers.put(`C-${number}`, { attributes: { region: number % 3 === 0 ? 'north' : 'south' }, consents: ['email'] }, callAt(noon));
    }
    await node.settle(noon);
    await node.services.events.take(eventOf('weather.warning', undefined, noon, { region: 'north' }), callAt(noon));
    for (let at = noon; at < noon + minuteMs; at += 1000) await node.settle(at);
    expect(sent.map(({ data: { customerId } }) => customerId).sort()).toEqual(Array.from({ length: 20 }, (_, number) => `C-${3 * number}`).sort());
    expect(node.told.filter(({ what }) => what === 'swept')).toEqual([{ what: 'swept', words: '60 true' }, { what: 'swept', words: '60 true' }]);      // the catalog's, and the event's
  });

  test('a new catalog finds those of whom nothing is heard, once', async () => {
    await begin([]);
    catalog = await compileWith([{ ...timed, id: 'any', while: 'customer.id != ""' }]);
    const other = createNode(store, () => catalog, createMemoryOutbox());
    await node.settle(noon);
    for (let at = noon; at < noon + 3; at++) await other.settle(at);
    expect(said()).toEqual(['any email cover']);
    expect([...node.told, ...other.told].filter(({ what }) => what === 'swept')).toHaveLength(1);
  });
});
