import { setImmediate as nextTurn } from 'node:timers/promises';
import { createEventService } from '../../src/service/event-service.js';
import { compile } from '../support/golden-case.js';
import { scopes } from '../../src/service/service.js';
import type { CustomerStore, EventWrite } from '../../src/customers/customer-store.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const call = { now, timeoutMs: 500, scopes: new Set(scopes), caller: null };
const event = (place: number) => ({ specversion: '1.0' as const, id: `e-${place}`, source: '/shop', type: 'visit', subject: 'C-1' });

/** A service whose clock goes on by so much whenever it is read. */
async function serviceWith(stepMs: number) {
  const catalog = await compile({ offers: [{ id: 'card' }], events: { visit: {} }, triggers: [{ id: 't', type: 'journey', on: { event: 'visit' }, window: '1d', effect: { weight: 2, offers: ['card'] } }] });
  const taken: string[] = [];
  const store = { takeIn: ({ idempotency }: EventWrite) => {
    taken.push((JSON.parse(idempotency.eventKey) as string[])[1]!);
    return Promise.resolve({ type: taken.length === 3 ? 'unknown-customer' : 'recorded' });
  } } as unknown as CustomerStore;
  let clockMs = 0;
  const service = createEventService({ catalog: { current: () => catalog }, store, monotonicMs: () => (clockMs += stepMs) });
  return { service, taken };
}

/** How many turns somebody else had meanwhile. */
async function countTurnsUntil(work: Promise<unknown>): Promise<number> {
  const state = { turns: 0, isOver: false };
  void work.finally(() => { state.isOver = true; });
  for (; !state.isOver; state.turns++) await nextTurn();
  return state.turns;
}

test('a long batch lets others have their turn, keeps its order, and answers each event by itself', async () => {
  const { service, taken } = await serviceWith(5);
  const taking = service.takeBatch(Array.from({ length: 40 }, (_, place) => (place === 5 ? { ...event(5), type: 'vist' } : event(place))), call);
  const others = countTurnsUntil(taking);
  const results = await taking;
  expect(await others).toBeGreaterThan(5);
  expect(taken).toEqual(Array.from({ length: 40 }, (_, place) => `e-${place}`).filter((id) => id !== 'e-5'));
  expect(results).toHaveLength(40);
  expect(results.map((result, place) => (result instanceof Error ? place : -1)).filter((place) => place >= 0)).toEqual([2, 5]);
});

test('a short one is handed to the store at once', async () => {
  const { service, taken } = await serviceWith(0);
  const results = service.takeBatch(Array.from({ length: 100 }, (_, place) => event(place)), call);
  expect(taken).toHaveLength(100);
  await results;
});
