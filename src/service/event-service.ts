import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { didYouMean } from '../suggestion.js';
import { partnerConsent, takeIn, timingsOf, triggersOn, keepMsOf } from '../decision/event-intake.js';
import { ServiceError, type Detail } from '../errors.js';
import { startDeadline, type Deadline } from './deadline.js';
import { sweepOfEvent } from './outbound/sweep.js';
import { isVisitorKey } from '../customers/visitor-id.js';
import { wakeAfterEvent, wakeAfterProfile } from '../decision/waking.js';
import { StoreError, type CustomerStore, type EventResult, type EventWrite, type GroupEventResult, type GroupEventWrite, type Linked } from '../customers/customer-store.js';
import type { Catalog, EventType, JsonObject } from '../decision/types.js';
import type { CloudEvent, EventAnswer } from './openapi-types.js';
import type { CallContext, Services } from './service.js';
import type { CurrentCatalog } from './current-catalog.js';
import { mayMakeSomebody } from './tombstone.js';
import { clockSkewMs, idempotencyMs, maxRememberedIds, tooManyIds } from './ledger-bounds.js';
import { following, heldAs, visitorUntil } from './visitors.js';

export interface EventServiceParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  readonly monotonicMs: () => number;
}

/** Live events that concern everybody: storms, outages, laws. All are looked at in each decision. */
const mostGroupEvents = 500;
/** Of data that are kept for a condition to read at each decision: a customer's are read whole with the customer, those of
 *  groups by every process whenever one comes. */
const mostKeptDataBytes = 4096;
/** For so long the key of a customer's event is remembered. */
const rememberedMs = idempotencyMs + clockSkewMs;
/** A batch holds the process for so long at a time. */
const turnMs = 20;

export function createEventService({ catalog: live, store, monotonicMs }: EventServiceParts): Services['events'] {
  const timingsIn = rememberLast(timingsOf);
  const wakeable = (write: EventWrite, catalog: Catalog): EventWrite => (isVisitorKey(write.customerId) ? write : { ...write, wakeAt: wakeAfterEvent(write.intake, catalog, write.now), wakeNewAt: wakeAfterProfile(catalog, write.now) });
  /** Written first, then the walk over the customers is begun: where it is not, the event is not acknowledged, and comes again. */
  const takeInForAll = async (write: GroupEventWrite, fansOut: boolean): Promise<GroupEventResult> => {
    const result = await store.takeInForAll(write);
    if (fansOut && (result.type === 'recorded' || result.type === 'repeated')) await store.beginWalk(sweepOfEvent(write.eventKey), write.now);
    return result;
  };
  const take = async (body: CloudEvent, call: CallContext, deadline: Deadline): Promise<EventAnswer> => {
    const catalog = live.current();
    const read = readEvent(body, catalog, call.now);
    const id = subjectOf(body);
    const writing = id === undefined
      ? takeInForAll(groupWriteOf(body, read, catalog, call.now), isFannedOut(read.type, catalog))
      : following(id, (customerId) => store.takeIn(wakeable({ ...writeOf(body, customerId, read, catalog, call.now), timings: timingsIn(catalog) }, catalog)));
    return answerOf(await answered(deadline.cut<Taken>(writing)), body, read, call.now);
  };
  return {
    take: (body, call) => take(body, call, startDeadline(call.timeoutMs, monotonicMs)),
    // They are handed to the store in order, which it keeps, and share its commits; but others have their turn in between:
    // what an event starts is looked for among all triggers.
    takeBatch: async (bodies, call) => {
      const deadline = startDeadline(call.timeoutMs, monotonicMs);
      const taking: Promise<EventAnswer | ServiceError>[] = [];
      let turnEndsMs = monotonicMs() + turnMs;
      for (const body of bodies) {
        if (monotonicMs() >= turnEndsMs) {
          await setImmediate();
          turnEndsMs = monotonicMs() + turnMs;
        }
        const taken = take(body, call, deadline).catch(refusal);
        taken.catch(() => undefined);         // told below; until then nobody waits for it
        taking.push(taken);
      }
      return Promise.all(taking);
    },
  };
}

type Taken = Exclude<EventResult, Linked> | GroupEventResult;

/** There may be a thousand triggers, and they are the same for every event. */
function rememberLast(ask: typeof timingsOf): typeof timingsOf {
  let last: { readonly catalog: Parameters<typeof timingsOf>[0]; readonly timings: ReturnType<typeof timingsOf> } | null = null;
  return (catalog) => (last?.catalog === catalog ? last : last = { catalog, timings: ask(catalog) }).timings;
}

/** As it is held: the customer's id, or the visitor's. */
function subjectOf({ subject, visitorid }: CloudEvent): string | undefined {
  return heldAs({ customerId: subject, visitorId: visitorid });
}

/** The event as the catalog understands it. */
interface ReadEvent { readonly type: EventType; readonly occurredAt: number; readonly data: JsonObject }

function readEvent(body: CloudEvent, catalog: Catalog, now: number): ReadEvent {
  const errors: Detail[] = [];
  const type = catalog.events.get(body.type);
  if (type === undefined) throw invalid('/type', `The event type "${body.type}" is not declared in triggers/events.yaml${didYouMean(body.type, catalog.events.keys())}`);
  const occurredAt = body.time === undefined ? now : Date.parse(body.time);
  if (occurredAt > now + clockSkewMs) errors.push({ pointer: '/time', detail: 'lies in the future' });
  if (occurredAt < 0) errors.push({ pointer: '/time', detail: 'lies before 1970' });
  const data = (body.data ?? {}) as JsonObject;
  for (const { pointer, detail } of type.data?.violations(data, { complete: true }) ?? []) errors.push({ pointer: `/data${pointer}`, detail });
  const concernsOne = subjectOf(body) !== undefined;
  if (!concernsOne && !type.concernsGroups) errors.push({ pointer: '/subject', detail: `is needed: no trigger with \`matches\` waits for ${type.name}, so it concerns one customer` });
  if (!concernsOne && type.fromPartner) errors.push({ pointer: '/subject', detail: 'is needed: what a partner knows concerns one customer' });
  if (errors.length > 0) throw new ServiceError('INVALID_REQUEST', 'The event does not fit the catalog', errors);
  return { type, occurredAt: Math.min(occurredAt, now), data };
}

function writeOf(body: CloudEvent, customerId: string, { type, occurredAt, data }: ReadEvent, catalog: Catalog, now: number): Omit<EventWrite, 'timings'> {
  const intake = takeIn({ source: body.source, subject: body.subject, type, occurredAt, data }, catalog, now);
  if (intake.matches.some(({ event }) => event !== undefined)) expectKeepable(data);
  return {
    customerId, now, intake,
    createsCustomer: (type.createsCustomer || isVisitorKey(customerId)) && mayMakeSomebody(occurredAt, now),
    needsConsent: type.fromPartner ? partnerConsent : null,
    visitorUntil: visitorUntil(customerId, catalog, now),
    // Its key may be forgotten, or was never kept: it counts once a day at most.
    late: occurredAt <= now - idempotencyMs,
    idempotency: { eventKey: keyOf(body), body: hashOf(body), expiresAt: now + rememberedMs, mostKept: maxRememberedIds },
  };
}

function groupWriteOf(body: CloudEvent, { type, occurredAt, data }: ReadEvent, catalog: Catalog, now: number): GroupEventWrite {
  expectKeepable(data);
  const keptMs = Math.max(...triggersOn(type.name, catalog).map(keepMsOf));
  const longest = Math.max(catalog.ledger.windowMs, idempotencyMs);
  return {
    eventKey: keyOf(body), body: hashOf(body), now, most: mostGroupEvents,
    event: { id: body.id, source: body.source, type: type.name, occurredAt, data },
    keptUntil: Math.max(occurredAt + (Number.isFinite(keptMs) ? keptMs : longest), now + idempotencyMs),
  };
}

function expectKeepable(data: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > mostKeptDataBytes) throw invalid('/data', `has ${bytes} bytes as JSON; a condition reads it at each decision, and at most ${mostKeptDataBytes} are kept for that: leave out what no condition reads`);
}

/** Triggers with `outbound` wait for it. */
function isFannedOut({ name }: EventType, catalog: Catalog): boolean {
  return triggersOn(name, catalog).some(({ outbound, start }) => outbound !== null && start.type === 'event' && start.matches !== null);
}

/** CloudEvents 1.0: source and id together name an event. */
function keyOf({ source, id }: CloudEvent): string {
  return JSON.stringify([source, id]);
}

/** Bodies compare as parsed JSON: the order of members and white space do not matter. */
function hashOf(body: CloudEvent): string {
  return createHash('sha256').update(JSON.stringify(inOrder(body))).digest('base64url');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, inOrder(member)]));
}

async function answered<T>(taking: Promise<T>): Promise<T> {
  try {
    return await taking;
  } catch (error) {
    if (error instanceof StoreError) throw new ServiceError('STORE_UNAVAILABLE', 'It is not known whether the event was taken in; send it again as it is');
    throw error;
  }
}

function answerOf(taken: Taken, { id, source, subject, visitorid, time }: CloudEvent, { type, occurredAt }: ReadEvent, now: number): EventAnswer {
  const { type: result } = taken;
  const pointer = visitorid === undefined ? '/subject' : '/visitorid';
  switch (result) {
    case 'recorded': case 'repeated': return { id, source, type: type.name, ...(subject !== undefined && { subject }), ...(visitorid !== undefined && { visitorid }), time: new Date(taken.type === 'repeated' ? firstTimeOf(taken, time) : occurredAt).toISOString(), repeated: result === 'repeated' };
    case 'other-body': throw new ServiceError('UNPROCESSABLE', `The event "${id}" of this source came before with another content`, [{ pointer: '/id', detail: 'Use a new id for another event' }]);
    case 'unknown-customer': throw unknown(visitorid === undefined ? 'customer' : 'visitor', pointer, (type.createsCustomer || visitorid !== undefined) && !mayMakeSomebody(occurredAt, now));
    case 'erased': throw new ServiceError('NOT_FOUND', 'The customer was erased after this event; nothing was stored', [{ pointer, detail: 'This customer was erased since' }]);
    case 'no-consent': throw new ServiceError('FORBIDDEN', visitorid === undefined ? `The customer has not agreed to partners' data (${partnerConsent}); nothing of the event was stored` : `A visitor has no consents, so no partners' data (${partnerConsent}) either; nothing of the event was stored`, [{ pointer, detail: `No consent to ${partnerConsent}` }]);
    case 'too-many-keys': throw tooManyIds();
    case 'full': throw new ServiceError('TOO_MANY', `There are ${mostGroupEvents} live events without a subject already; nothing was stored`);
  }
}

/** What counts is when the first was taken in: a time of its own that lay after it, or none, is that. Of a customer's event
 *  no time is stored; when its key will be forgotten tells it. */
function firstTimeOf(repeated: Extract<Taken, { type: 'repeated' }>, time: string | undefined): number {
  if ('occurredAt' in repeated) return repeated.occurredAt;
  const takenInAt = repeated.expiresAt - rememberedMs;
  return time === undefined ? takenInAt : Math.min(Date.parse(time), takenInAt);
}

function unknown(who: 'customer' | 'visitor', pointer: string, isTooOld: boolean): ServiceError {
  return new ServiceError('NOT_FOUND', `There is no such ${who}${isTooOld ? `, and an event as old as this makes none` : ''}`, [{ pointer, detail: `This ${who} does not exist${isTooOld ? ', or not any more' : ''}` }]);
}

function invalid(pointer: string, detail: string): ServiceError {
  return new ServiceError('INVALID_REQUEST', detail, [{ pointer, detail }]);
}

function refusal(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  throw error;
}
