import { stringify } from 'yaml';
import { decide } from '../../src/decision/pipeline.js';
import type { DecisionInput } from '../../src/decision/situation.js';
import { loadCatalog } from '../../src/catalog/load-catalog.js';
import { fakeAnswer, fakeModelLoader, type FakeAnswers } from './fake-models.js';
import { addEvent, eventsUnder, noEvents } from '../../src/customers/event-ledger.js';
import { takeIn, timingsOf } from '../../src/decision/event-intake.js';
import { joinVisitor } from '../../src/customers/join-visitor.js';
import { parseDuration } from '../../src/catalog/duration.js';
import type { CustomerValue } from '../../src/customers/values/customer-value.js';
import type { Catalog, Contact, CustomerEvents, CustomerState, Decision, DecisionRequest, JsonObject, Outcome } from '../../src/decision/types.js';

/** The parts of a catalog, as in its files (test/cases/README.md). */
export interface CatalogParts {
  readonly schema?: JsonObject;
  readonly strategies?: readonly JsonObject[];
  readonly offers?: readonly JsonObject[];
  readonly rules?: readonly JsonObject[];
  readonly triggers?: readonly JsonObject[];
  readonly events?: JsonObject;
}

interface GoldenEvent { readonly type: string; readonly at: string; readonly arrived?: string; readonly source?: string; readonly data?: JsonObject }

type GoldenContact = string | (Partial<Contact> & { at: string });
/** What a visitor had gathered when it was linked to the customer. */
interface GoldenVisitor { readonly contacts?: readonly GoldenContact[]; readonly events?: readonly (string | GoldenEvent)[] }

export interface GoldenCase {
  readonly name: string;
  readonly catalog?: CatalogParts;
  readonly now?: string;
  /** What cannot be read: everything, or the events without a subject. */
  readonly store?: 'away' | 'without-events';
  readonly customer?: { id?: string; attributes?: JsonObject; consents?: string[]; holdings?: string[]; timeZone?: string; locale?: string; contacts?: GoldenContact[]; events?: (string | GoldenEvent)[]; limits?: Record<string, number>; linked?: GoldenVisitor[] };
  readonly request: Partial<Omit<DecisionRequest, 'placements' | 'offers'>> & { offers?: readonly string[]; placements?: { id: string; limit?: number; kinds?: string[]; fallback?: string }[] };
  /** Events without a subject. */
  readonly groupEvents?: readonly GoldenEvent[];
  /** The population's usual intervals, as durations by event type. */
  readonly rhythms?: Readonly<Record<string, string>>;
  readonly contested?: readonly string[];
  readonly models?: Readonly<Record<string, FakeAnswers>>;
  readonly expect: JsonObject;
}

const defaultSchema: JsonObject = {
  currency: 'SEK',
  timeZone: 'Europe/Stockholm',
  customer: { type: 'object', additionalProperties: false, properties: { age: { type: 'integer' }, region: { type: 'string' }, income: { type: 'number' }, memberSince: { type: 'string', format: 'date' }, birthDate: { type: 'string', format: 'date' }, phase: { type: 'string' } } },
  context: { type: 'object', additionalProperties: false, properties: { reason: { type: 'string' }, mood: { type: 'string' } } },
  offer: { type: 'object', additionalProperties: false, properties: { category: { type: 'string' }, product: { type: 'string' } } },
  channels: ['call-center', 'web', 'app', 'pos', 'email', 'sms', 'push'],
  activities: ['newsletter', 'invoice'],
};

const plainOffer = { kind: 'cross-sell', value: { volume: 1, margin: 100, duration: 1 }, propensity: { prior: 0.1 } };

/** Every case may name the models `accept` (propensity), `lifetime` (years) and `churn`. */
function modelFile(id: string): string {
  return stringify({ id, file: 'model.onnx', inputs: [{ name: 'features', type: 'float32', columns: [{ from: id === 'accept' ? 'offer.id' : 'customer.age', ...(id === 'accept' ? { map: { none: 1 } } : {}), default: 40 }] }], outputs: { [id === 'lifetime' ? 'years' : 'propensity']: { tensor: 'out', column: 0 } } });
}

export function filesOf(parts: CatalogParts): Map<string, string> {
  const files = new Map<string, string>();
  const add = (path: string, content: unknown): void => { files.set(path, stringify(content)); };
  add('schema.yaml', { ...defaultSchema, ...parts.schema });
  add('strategies/strategies.yaml', parts.strategies ?? [{ id: 'everyone', objective: 'broaden' }]);
  add('offers/offers.yaml', (parts.offers ?? []).map((offer) => ({ name: offer['id'], ...plainOffer, ...offer })));
  if (parts.rules !== undefined) add('rules/rules.yaml', parts.rules);
  if (parts.triggers !== undefined) add('triggers/triggers.yaml', parts.triggers);
  if (parts.events !== undefined) add('triggers/events.yaml', parts.events);
  for (const id of ['accept', 'lifetime', 'churn']) {
    files.set(`models/${id}/model.yaml`, modelFile(id));
    files.set(`models/${id}/model.onnx`, '');
  }
  return files;
}

export async function compile(parts: CatalogParts): Promise<Catalog> {
  const loaded = await loadCatalog(filesOf(parts), { models: fakeModelLoader, now: () => Date.parse('2026-11-23T10:00:00Z') });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'));
  return loaded.catalog;
}

/** "presented card web 2026-11-20T10:00:00Z": outcome, offer (or activity=newsletter), channel, time. */
function contactOf(text: GoldenContact): Contact {
  if (typeof text !== 'string') {
    const { at, ...contact } = text;
    return { channel: 'web', outcome: 'presented', ...contact, occurredAt: Date.parse(at) };
  }
  const [outcome, what, channel, at] = text.split(' ') as [Outcome, string, string, string];
  const [, activity] = what.split('activity=');
  return { outcome, channel, occurredAt: Date.parse(at), ...(activity === undefined ? { offerId: what, decisionId: `d-${at}` } : { activity }) };
}

/** "purchase 2026-11-20T10:00:00Z": type and time; in the order in which they arrive. */
export function eventsOf(given: readonly (string | GoldenEvent)[], consents: readonly string[], catalog: Catalog): CustomerEvents {
  return given.reduce((events, each) => {
    const { type, at, arrived = at, source = '/test', data = {} } = typeof each === 'string' ? { type: each.split(' ')[0]!, at: each.split(' ')[1]! } satisfies GoldenEvent : each;
    const now = Date.parse(arrived);
    const event = { source, subject: 'C-1', type: catalog.events.get(type)!, occurredAt: Date.parse(at), data };
    return eventsUnder({ consents }, addEvent(events, takeIn(event, catalog, now), { late: now - event.occurredAt >= 7 * 86_400_000 }));
  }, noEvents);
}

function ledgerOf(given: readonly GoldenContact[]): readonly Contact[] {
  return given.map(contactOf).sort((a, b) => a.occurredAt - b.occurredAt);
}

/** A customer's contacts and events, with those of the visitors that were linked. */
function heldOf({ contacts = [], events = [], linked = [], consents = [] }: NonNullable<GoldenCase['customer']>, catalog: Catalog, now: number): { readonly contacts: readonly Contact[]; readonly events: CustomerEvents } {
  const valueOf = (held: GoldenVisitor): CustomerValue => ({ profile: { attributes: {}, consents, holdings: [] }, contacts: ledgerOf(held.contacts ?? []), events: eventsOf(held.events ?? [], consents, catalog), profileVersion: 1, ledgerVersion: 1 });
  const joining = { now, horizon: catalog.ledger, maxContacts: 2_000, timings: timingsOf(catalog) };
  return linked.reduce((customer, visitor) => joinVisitor(customer, valueOf(visitor), joining, 2)!.customer, valueOf({ contacts, events }));
}

/** What a decision for the case is made of. */
export function inputOf({ request, customer = {}, store, now = '2026-11-23T10:00:00Z', contested = [], groupEvents = [], rhythms = {} }: Omit<GoldenCase, 'name' | 'models' | 'expect'>, catalog: Catalog): DecisionInput {
  const { id, attributes = {}, consents, holdings, timeZone, locale, limits = {} } = customer;
  const held = heldOf(customer, catalog, Date.parse(now));
  const state: CustomerState = {
    id,
    profile: { attributes, timeZone, locale, consents: consents ?? (id === undefined ? undefined : []), holdings: holdings ?? (id === undefined ? undefined : []) },
    contacts: store === 'away' ? undefined : held.contacts,
    ...(store !== 'away' && {
      events: held.events,
      groupEvents: store === 'without-events' ? null : groupEvents.map(({ type, at, source = '/test', data = {} }) => ({ id: at, source, type, occurredAt: Date.parse(at), data })),
      rhythms: new Map(Object.entries(rhythms).map(([type, duration]) => [type, parseDuration(duration)!])),
    }),
    limitUsage: store === 'away' ? undefined : new Map(Object.entries(limits)),
  };
  const full: DecisionRequest = {
    channel: request.channels?.[0] ?? 'call-center', direction: request.channels === undefined ? 'inbound' : 'outbound', limit: 3, context: {}, explain: 'none', ...request,
    offers: request.offers === undefined ? undefined : new Set(request.offers),
    placements: request.placements?.map((placement) => ({ ...placement, limit: placement.limit ?? 1 })) ?? null,
  };
  return { catalog, request: full, customer: state, now: Date.parse(now), contested: new Set(contested) };
}

export function decideCase({ models = {}, ...given }: Omit<GoldenCase, 'name' | 'expect'>, catalog: Catalog): Decision {
  const steps = decide(inputOf(given, catalog));
  let step = steps.next();
  while (step.done !== true) step = steps.next(step.value.map((run) => fakeAnswer(run, models)));
  return step.value;
}
