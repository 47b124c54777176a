import { calendarOf, type Calendar } from './calendar.js';
import { openEventHistory, type EventHistory } from './event-history.js';
import { openHistory, type ContactHistory } from './history.js';
import { firstMatchesOf } from './matches-of-trigger.js';
import type { Catalog, CustomerState, DecisionRequest, Json, JsonObject, ModelAnswer, ModelRun, SlotBinding, Slots } from './types.js';

/** Everything that one decision is made from. The pipeline is a pure function of it and of the models' answers. */
export interface DecisionInput {
  readonly catalog: Catalog;
  readonly request: DecisionRequest;
  readonly customer: CustomerState;
  /** Read once per request. */
  readonly now: number;
  /** Offers that other decisions took at the same moment, so that this one answers without them. */
  readonly contested: ReadonlySet<string>;
  /** Triggers to be taken for active, whatever their start, their dates and their control group say: for whoever wants
   *  to know what they would do. Whom they concern (audience, consent to partners' data) is asked all the same. */
  readonly assumedActive?: ReadonlySet<string> | undefined;
}

/** The input, opened for the steps: slots filled, the contact history indexed, the customer's calendar at hand. */
export interface Situation extends DecisionInput {
  readonly slots: Slots;
  /** In the customer's time zone; the catalog's where that is unknown. */
  readonly calendar: Calendar;
  /** `null`: the store could not be read, so what was said to the customer is unknown. */
  readonly history: ContactHistory | null;
  /** `null`: as above. */
  readonly eventHistory: EventHistory | null;
  readonly degraded: Set<string>;
  /** Where each trigger's matches begin among the customer's. */
  readonly firstMatches: ReadonlyMap<string, number>;
  /** When events of everybody started a trigger for this customer, by what the trigger asks of them (trigger-starts.ts). */
  readonly groupStarts: Map<string, readonly number[]>;
}

/** Each member is named here: a spread costs as much as all the rest of this. */
type Complete<T> = { readonly [Name in keyof Required<T>]: T[Name] };

export function openSituation(input: DecisionInput): Complete<Situation> {
  const { catalog, request, customer, now, contested, assumedActive } = input;
  const { layout } = catalog;
  const calendar = calendarOf(customer.profile.timeZone ?? catalog.timeZone);
  const slots: Slots = new Array<unknown>(layout.size).fill(undefined);
  slots[layout.always.calendar] = calendar;
  slots[layout.always.channel] = request.channel;
  slots[layout.always.direction] = request.direction;
  slots[layout.always.now] = now;
  slots[layout.always.triggers] = [];
  slots[layout.always.storeUnread] = customer.contacts === undefined;

  const { attributes, consents, holdings } = customer.profile;
  fill(slots, layout.customer, attributes, { id: customer.id, consents, holdings });
  fill(slots, layout.context, request.context, {});

  const degraded = new Set<string>();
  if (customer.contacts === undefined) degraded.add('store');
  else {
    if (customer.limitUsage === undefined) degraded.add('limits');
    if (customer.groupEvents === null) degraded.add('events');
  }
  const history = customer.contacts === undefined ? null : openHistory(customer.contacts, catalog, now);
  const eventHistory = customer.contacts === undefined ? null : openEventHistory(customer, catalog, now);
  slots[layout.always.events] = eventHistory ?? undefined;
  return { catalog, request, customer, now, contested, assumedActive, slots, calendar, history, eventHistory, degraded, firstMatches: firstMatchesOf(customer.events?.matches), groupStarts: new Map() };
}

/** The same situation in another channel: what has been read and indexed is shared. Before anything is derived. */
export function inChannel(situation: Situation, channel: string): Situation {
  const slots = situation.slots.slice();
  slots[situation.catalog.layout.always.channel] = channel;
  return { ...situation, request: { ...situation.request, channel }, slots, groupStarts: new Map() };
}

/** Models have no unknown: while they are scored, what could not be read is missing, and their defaults stand in. */
export function* askModels({ catalog, slots, history }: Situation, runs: readonly ModelRun[]): Generator<readonly ModelRun[], readonly ModelAnswer[], readonly ModelAnswer[]> {
  const { storeUnread, triggers } = catalog.layout.always;
  const active = slots[triggers];
  slots[storeUnread] = false;
  slots[triggers] = active ?? [];
  const answers = yield runs;
  slots[storeUnread] = history === null;
  slots[triggers] = active;
  return answers;
}

/** `own`: members that are declared by themselves, and count before those of the object. */
function fill(slots: Slots, bindings: readonly SlotBinding[], object: JsonObject, own: { readonly [name in 'id' | 'consents' | 'holdings']?: Json | undefined }): void {
  for (const binding of bindings) {
    const name = binding.path[0] as keyof typeof own;
    const value = (isOwn(name) ? own[name] : undefined) ?? valueAt(object, binding.path);
    if (value !== undefined && value !== null) slots[binding.slot] = binding.read(value);
  }
}

const isOwn = (name: string): boolean => name === 'id' || name === 'consents' || name === 'holdings';

/** Own members only: a hostile attribute name reaches no prototype. */
function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (let depth = 0; depth < path.length; depth += 1) {
    const name = path[depth]!;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}
