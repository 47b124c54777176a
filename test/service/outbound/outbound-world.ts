import { createLmdbData, type LmdbData } from '../../customers/lmdb/lmdb-data.js';
import { createCustomerService } from '../../../src/service/customer-service.js';
import { createDispatch } from '../../../src/service/outbound/dispatch.js';
import { createEventService } from '../../../src/service/event-service.js';
import { createOutcomeService } from '../../../src/service/outcome-service.js';
import { createTokens, type Tokens } from '../../../src/service/token.js';
import { createWaker, type Waker } from '../../../src/service/outbound/waker.js';
import { compile, type CatalogParts } from '../../support/golden-case.js';
import { fakeAnswer } from '../../support/fake-models.js';
import { scopes, type CallContext, type Services } from '../../../src/service/service.js';
import type { Catalog, JsonObject } from '../../../src/decision/types.js';
import type { CloudEvent, CustomerWrite } from '../../../src/service/openapi-types.js';
import type { CustomerStore } from '../../../src/customers/customer-store.js';
import type { DecisionRecord } from '../../../src/service/decision-service.js';
import type { Outbox, OutboxEvent } from '../../../src/outbox/outbox.js';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const noon = Date.parse('2026-11-23T11:00:00Z');      // in Stockholm

export interface Told { readonly what: 'published' | 'publish-failed' | 'deferred' | 'given-up' | 'failed' | 'swept'; readonly words: string }

/** One node: its services and its waker over a store. */
export interface OutboundNode {
  readonly services: Pick<Services, 'customers' | 'events' | 'outcomes'>;
  readonly waker: Waker;
  readonly told: Told[];
  readonly decisions: DecisionRecord[];
  /** Ticks until nothing is due at `now`. Resolves how many looks were made. */
  settle(now: number): Promise<number>;
}

export interface Sent extends OutboxEvent { readonly data: { readonly trigger: { readonly id: string }; readonly channel: string; readonly customerId: string; readonly offer: { readonly offerId: string; readonly token: string } } }

/** An outbox that keeps what it gets; `fails` may say that one is refused. */
export function createMemoryOutbox(fails: (event: OutboxEvent) => Error | null = () => null): Outbox & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    publish: (event) => {
      const failure = fails(event);
      if (failure !== null) return Promise.reject(failure);
      sent.push({ ...event, ...JSON.parse(event.json) as Pick<Sent, 'data'> });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

export const tokens: Tokens = createTokens(['s'.repeat(32)], 90 * dayMs);

export function callAt(now: number): CallContext {
  return { now, timeoutMs: 5000, scopes: new Set(scopes), caller: 'test' };
}

export function createNode(store: CustomerStore, current: () => Catalog, outbox: Outbox): OutboundNode {
  const told: Told[] = [];
  const decisions: DecisionRecord[] = [];
  const tell = (what: Told['what'], words: string): void => { told.push({ what, words }); };
  const events = {
    looked: () => undefined,
    published: (trigger: string, channel: string) => tell('published', `${trigger} ${channel}`),
    publishFailed: (message: string) => tell('publish-failed', message),
    deferred: (trigger: string, reason: string) => tell('deferred', `${trigger}: ${reason}`),
    givenUp: (trigger: string, reason: string) => tell('given-up', `${trigger}: ${reason}`),
    failed: (error: Error) => tell('failed', error.message),
    swept: (customers: number, isDone: boolean) => tell('swept', `${customers} ${isDone}`),
  };
  const parts = { catalog: { current }, store, tokens: () => Promise.resolve(tokens), monotonicMs: () => performance.now() };
  const waker = createWaker({ ...parts, scorer: { score: (run) => Promise.resolve(fakeAnswer(run, {})) }, onDecided: (record) => decisions.push(record), events, dispatch: createDispatch(outbox, events, () => 0.5), clock: () => noon });
  return {
    services: { customers: createCustomerService(parts), events: createEventService(parts), outcomes: createOutcomeService(parts) },
    waker, told, decisions,
    settle: async (now) => {
      let looks = 0;
      for (;;) {
        const count = await waker.tick(now);
        looks += count;
        if (count === 0 || looks > 1000) return looks;
      }
    },
  };
}

/** One node over a store of its own, made anew for each test, and what it sends. */
export interface Stage {
  readonly store: CustomerStore;
  readonly node: OutboundNode;
  readonly sent: Sent[];
  catalog: Catalog;
  /** What the outbox answers instead of taking an event. */
  fails: (event: OutboxEvent) => Error | null;
  /** The catalog with these triggers, a customer C-1 who agrees to e-mail, and the walk that the catalog begins done. */
  begin(triggers: NonNullable<CatalogParts['triggers']>, more?: Partial<CatalogParts>, at?: number, profile?: CustomerWrite): Promise<void>;
  happens(type: string, at: number, data?: JsonObject): Promise<unknown>;
  /** Looks in steps, as one would who looks from time to time. */
  pass(from: number, until: number, stepMs: number): Promise<void>;
  /** A node over the same store that does otherwise. */
  nodeOver(change: (store: CustomerStore) => Partial<CustomerStore>): OutboundNode;
  said(): string[];
  /** What it told, but for walks. */
  told(): string[];
}

export function useStage(): Stage {
  let data: LmdbData;
  let store: CustomerStore;
  let node: OutboundNode;
  let outbox: ReturnType<typeof createMemoryOutbox>;
  const stage: Stage = {
    get store() { return store; },
    get node() { return node; },
    get sent() { return outbox.sent; },
    catalog: undefined as unknown as Catalog,
    fails: () => null,
    begin: async (triggers, more = {}, at = noon, profile = { consents: ['email'] }) => {
      stage.catalog = await compileWith(triggers, more);
      await node.services.customers.put('C-1', profile, callAt(at));
      await node.settle(at);
    },
    happens: (type, at, eventData = {}) => node.services.events.take(eventOf(type, 'C-1', at, eventData), callAt(at)),
    pass: async (from, until, stepMs) => {
      for (let at = from; at <= until; at += stepMs) await node.settle(at);
    },
    nodeOver: (change) => createNode({ ...store, ...change(store) }, () => stage.catalog, outbox),
    said: () => outbox.sent.map(({ data: { trigger, channel, offer } }) => `${trigger.id} ${channel} ${offer.offerId}`),
    told: () => node.told.filter(({ what }) => what !== 'swept').map(({ what, words }) => `${what} ${words}`),
  };
  beforeEach(async () => {
    data = await createLmdbData();
    store = await data.open();
    stage.fails = () => null;
    outbox = createMemoryOutbox((event) => stage.fails(event));
    node = createNode(store, () => stage.catalog, outbox);
  });
  afterEach(async () => {
    await store.close();
    await data.cleanup();
  });
  return stage;
}

/** Offers and rules that the tests add triggers to. */
export const parts: CatalogParts = {
  events: {
    'address.changed': {}, 'quote.saved': {}, purchase: {},
    'weather.warning': { data: { type: 'object', properties: { region: { type: 'string' } } } },
  },
  offers: [
    { id: 'card', kind: 'cross-sell', value: { volume: 1, margin: 300, duration: 1 }, treatments: [{ channel: 'email', subject: 'A card' }, { channel: 'app', headline: 'A card' }] },
    { id: 'cover', kind: 'cross-sell', value: { volume: 1, margin: 200, duration: 1 } },
  ],
  rules: [{ id: 'consent', kind: 'communication', require: 'channel in customer.consents', reason: 'No consent' }],
};

export const moved = { id: 'moved', type: 'life-event', on: { event: 'address.changed' }, window: '30d', effect: { weight: 1.8, offers: ['cover'] }, outbound: { channels: ['app', 'email'], within: '2d' } };

/** What begins by time or state. */
export const timed = { type: 'lifecycle', effect: { weight: 1.8, offers: ['cover'] }, outbound: { channels: ['app', 'email'], within: '2d' } };

export function compileWith(triggers: NonNullable<CatalogParts['triggers']>, more: Partial<CatalogParts> = {}): Promise<Catalog> {
  return compile({ ...parts, ...more, triggers, rules: [...parts.rules!, ...more.rules ?? []] });
}

let sentEvents = 0;

export function eventOf(type: string, subject: string | undefined, at: number, data: JsonObject = {}): CloudEvent {
  return { specversion: '1.0', id: `e-${sentEvents++}`, source: '/test', type, ...(subject !== undefined && { subject }), time: new Date(at).toISOString(), data } as unknown as CloudEvent;
}
