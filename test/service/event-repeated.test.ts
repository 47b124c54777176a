import { createEventService } from '../../src/service/event-service.js';
import { compile } from '../support/golden-case.js';
import { scopes } from '../../src/service/service.js';
import type { CustomerStore, EventWrite, GroupEventWrite } from '../../src/customers/customer-store.js';

const first = Date.parse('2026-11-23T10:00:00Z');
const event = { specversion: '1.0' as const, id: 'e-1', source: '/shop', type: 'visit' };

/** Takes the same event in twice, a minute apart, and tells the times that are answered. */
async function timesOf(body: typeof event & { readonly subject?: string; readonly time?: string }): Promise<string[]> {
  const catalog = await compile({ offers: [{ id: 'card' }], events: { visit: {} }, triggers: [{ id: 't', type: 'external', on: { event: 'visit' }, matches: 'customer.age > 0', window: '1d', effect: { weight: 2, offers: ['card'] } }] });
  const kept: { expiresAt?: number; occurredAt?: number } = {};
  const store = {
    takeIn: ({ idempotency: { expiresAt } }: EventWrite) => Promise.resolve(kept.expiresAt === undefined ? (kept.expiresAt = expiresAt, { type: 'recorded' }) : { type: 'repeated', expiresAt: kept.expiresAt }),
    takeInForAll: ({ event: { occurredAt } }: GroupEventWrite) => Promise.resolve(kept.occurredAt === undefined ? (kept.occurredAt = occurredAt, { type: 'recorded' }) : { type: 'repeated', occurredAt: kept.occurredAt }),
  } as unknown as CustomerStore;
  const service = createEventService({ catalog: { current: () => catalog }, store, monotonicMs: () => 0 });
  const times: string[] = [];
  for (const [place, now] of [first, first + 60_000].entries()) {
    const { time, repeated } = await service.take(body, { now, timeoutMs: 500, scopes: new Set(scopes), caller: null });
    expect(repeated).toBe(place === 1);
    times.push(time);
  }
  return times;
}

describe.each([['of a customer', { subject: 'C-1' }], ['of everybody', {}]])('an event %s that comes again is answered with the time of the first', (_, concerned) => {
  test.each([
    ['without a time', undefined, '2026-11-23T10:00:00.000Z'],
    ['with one', '2026-11-22T08:00:00Z', '2026-11-22T08:00:00.000Z'],
    ['with one that lay a little ahead', '2026-11-23T10:00:30Z', '2026-11-23T10:00:00.000Z'],
  ])('%s', async (_name, time, told) => {
    expect(await timesOf({ ...event, ...concerned, ...(time !== undefined && { time }) })).toEqual([told, told]);
  });
});
