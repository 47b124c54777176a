import { createEventService } from '../../src/service/event-service.js';
import { compile } from '../support/golden-case.js';
import { scopes, type CallContext, type Services } from '../../src/service/service.js';
import type { CustomerStore, EventResult, EventWrite, GroupEventResult, GroupEventWrite } from '../../src/customers/customer-store.js';
import type { CloudEvent } from '../../src/service/openapi-types.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const call: CallContext = { now, timeoutMs: 500, scopes: new Set(scopes), caller: null };

const effect = { weight: 2, offers: ['card'] };
const forGroups = (id: string, event: string, window: string, more: object = {}) => ({ id, type: 'external', on: { event }, matches: 'customer.age > 0', window, effect, ...more });
const catalog = await compile({
  offers: [{ id: 'card', treatments: [{ channel: 'email', subject: 'A card' }] }],
  events: { visit: {}, arrival: { createsCustomer: true }, registered: { source: 'partner' }, 'registered.nearby': { source: 'partner' }, storm: {}, outage: {} },
  triggers: [
    { id: 'visit', type: 'journey', on: { event: 'visit' }, window: '1d', effect },
    forGroups('nearby', 'registered.nearby', '2d'),
    forGroups('storm', 'storm', '2d'), forGroups('after-a-storm', 'storm', '20d'),
    forGroups('outage', 'outage', '2d', { outbound: { channels: ['email'], within: '1d' } }),
  ],
});

let results: (EventResult | GroupEventResult)['type'][];
let writes: EventWrite[];
let groupWrites: GroupEventWrite[];
let walks: string[];
let events: Services['events'];
beforeEach(() => {
  [results, writes, groupWrites, walks] = [[], [], [], []];
  const result = (): { readonly type: string; readonly occurredAt: number } => ({ type: results.shift() ?? 'recorded', occurredAt: now });
  const store = {
    takeIn: (write: EventWrite) => {
      writes.push(write);
      return Promise.resolve(result());
    },
    takeInForAll: (write: GroupEventWrite) => {
      groupWrites.push(write);
      return Promise.resolve(result());
    },
    beginWalk: (walk: string) => {
      walks.push(walk);
      return Promise.resolve();
    },
  } as unknown as CustomerStore;
  events = createEventService({ catalog: { current: () => catalog }, store, monotonicMs: () => 0 });
});

interface Members { readonly subject?: string; readonly visitorid?: string; readonly time?: string; readonly data?: object }
const take = (type: string, more: Members = {}) => events.take({ specversion: '1.0', id: 'e-1', source: '/shop', type, ...more } as CloudEvent, call);
const at = (occurredAt: number): Members => ({ time: new Date(occurredAt).toISOString() });

describe('an event of everybody', () => {
  test('is kept for as long as any of its triggers may ask for it, and as it could come again', async () => {
    await take('storm', at(now - hourMs));
    await take('outage', at(now - hourMs));
    expect(groupWrites.map(({ keptUntil }) => keptUntil)).toEqual([now - hourMs + 20 * dayMs, now + 7 * dayMs]);
  });

  test('begins a walk over all where a trigger with outbound waits for it, again where it comes again: the first may have been cut off', async () => {
    results = ['recorded', 'repeated', 'full', 'other-body', 'recorded'];
    for (const type of ['outage', 'outage', 'outage', 'outage', 'storm']) await take(type).catch(() => undefined);
    expect(groupWrites).toHaveLength(5);
    expect([walks.length, new Set(walks).size]).toEqual([2, 1]);
  });
});

test.each([
  ['one that no trigger with `matches` waits for', 'visit', 'is needed: no trigger with `matches` waits for visit, so it concerns one customer'],
  ['what a partner knows', 'registered.nearby', 'is needed: what a partner knows concerns one customer'],
])('without a subject %s is refused', async (_, type, detail) => {
  await expect(take(type)).rejects.toMatchObject({ code: 'INVALID_REQUEST', errors: [{ pointer: '/subject', detail }] });
  expect(groupWrites).toEqual([]);
});

test('the same content in another order is the same, also where a member is null', async () => {
  const contents = [{ a: null, b: { c: 1, d: [2, null] } }, { b: { d: [2, null], c: 1 }, a: null }, { a: null, b: { c: 1, d: [null, 2] } }];
  for (const data of contents) await take('visit', { subject: 'C-1', data });
  const [first, second, third] = writes.map(({ idempotency: { body } }) => body);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('only where the catalog says so, and for visitors, somebody is made by an event that is not too old', async () => {
  const old = at(now - 90 * dayMs);
  for (const [type, whom] of [['visit', { subject: 'C-1' }], ['arrival', { subject: 'C-1' }], ['visit', { visitorid: 'v-1' }], ['arrival', { subject: 'C-1', ...old }], ['visit', { visitorid: 'v-1', ...old }]] as const) await take(type, whom);
  expect(writes.map(({ createsCustomer }) => createsCustomer)).toEqual([false, true, true, false, false]);
});

describe('the answer names whom the call names', () => {
  test.each([[{ subject: 'C-1' }], [{ visitorid: 'v-1' }]])('%j', async (whom) => {
    const { time: _, ...answer } = await take('visit', whom);
    expect(answer).toEqual({ id: 'e-1', source: '/shop', type: 'visit', ...whom, repeated: false });
  });

  const young = { subject: 'C-1' };
  const old = { ...young, ...at(now - 90 * dayMs) };
  test.each<[string, Members, EventResult['type'], string, string, string]>([
    ['visit', young, 'unknown-customer', 'There is no such customer', '/subject', 'This customer does not exist'],
    ['visit', old, 'unknown-customer', 'There is no such customer', '/subject', 'This customer does not exist'],
    ['arrival', old, 'unknown-customer', 'There is no such customer, and an event as old as this makes none', '/subject', 'This customer does not exist, or not any more'],
    ['visit', { visitorid: 'v-1', ...at(now - 90 * dayMs) }, 'unknown-customer', 'There is no such visitor, and an event as old as this makes none', '/visitorid', 'This visitor does not exist, or not any more'],
    ['registered', young, 'no-consent', 'The customer has not agreed to partners\' data (partner-data); nothing of the event was stored', '/subject', 'No consent to partner-data'],
    ['registered', { visitorid: 'v-1' }, 'no-consent', 'A visitor has no consents, so no partners\' data (partner-data) either; nothing of the event was stored', '/visitorid', 'No consent to partner-data'],
  ])('%s of %j, %s: %s', async (type, whom, result, message, pointer, detail) => {
    results = [result];
    await expect(take(type, whom)).rejects.toMatchObject({ message, errors: [{ pointer, detail }] });
  });
});
