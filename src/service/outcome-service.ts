import { createHash } from 'node:crypto';
import { didYouMean } from '../suggestion.js';
import { clockSkewMs, idempotencyMs, ledgerFull, maxContacts, maxRememberedIds, tooManyIds } from './ledger-bounds.js';
import { limitInWords } from '../decision/limit-words.js';
import { periodOf } from './limit-periods.js';
import { ServiceError, type Detail } from '../errors.js';
import { startDeadline } from './deadline.js';
import { StoreError, type ContactWrite, type CustomerStore, type Linked, type RecordResult } from '../customers/customer-store.js';
import type { Catalog, Contact, Limit } from '../decision/types.js';
import type { CallContext, Services } from './service.js';
import type { CurrentCatalog } from './current-catalog.js';
import type { OfferToken, Tokens } from './token.js';
import type { TokenSource } from './token-source.js';
import type { OutcomeAnswer, OutcomeRequest } from './openapi-types.js';
import { following, heldAs, namedBy, visitorUntil } from './visitors.js';

export interface OutcomeServiceParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  readonly tokens: TokenSource;
  readonly monotonicMs: () => number;
}

export function createOutcomeService({ catalog: live, store, tokens: source, monotonicMs }: OutcomeServiceParts): Services['outcomes'] {
  const record: Services['outcomes']['record'] = async (body, call) => {
    const catalog = live.current();
    const deadline = startDeadline(call.timeoutMs, monotonicMs);
    const tokens = await source(deadline);
    if (tokens === null) {
      // What is wrong by itself is told all the same; of an id that came before, the store would know the answer.
      if (body.token === undefined && body.outcomeId === undefined) contactOf(body, namedSubject(body, catalog), catalog, call);
      throw unavailable();
    }
    let about: About;
    try {
      about = contactOf(body, subjectOf(body, catalog, tokens, call.now), catalog, call);
    } catch (error) {
      // What was recorded once is answered as it was then, whatever the catalog and the clock say of it now.
      const probe = error instanceof ServiceError ? probeOf(body, catalog, tokens, call.now) : null;
      const result = probe === null ? null : await answered(deadline.cut(following(probe.customerId, (customerId) => store.record({ ...probe, customerId }))));
      if (result?.type === 'other-body') throw otherBody(body);
      if (result?.type === 'repeated' && result.answer !== null) return { status: 200, body: JSON.parse(result.answer) as OutcomeAnswer };
      throw error;
    }
    let answer = answerTo(body, about);
    const result = await answered(deadline.cut(following(about.customerId, (customerId) => {
      answer = answerTo(body, { ...about, customerId });
      return store.record(writeOf(body, { ...about, customerId }, answer, catalog, call.now));
    })));
    return answerOf(result, answer, body, catalog, about.contact);
  };
  return {
    record,
    // All are handed to the store at once, in order: it keeps their order, and shares one commit among them.
    recordBatch: (bodies, call) => Promise.all(bodies.map((body) => record(body, call).catch(refusal))),
  };
}

type Recorded = Exclude<RecordResult, Linked>;

async function answered(recording: Promise<Recorded>): Promise<Recorded> {
  try {
    return await recording;
  } catch (error) {
    if (error instanceof StoreError) throw unavailable();
    throw error;
  }
}

function unavailable(): ServiceError {
  return new ServiceError('STORE_UNAVAILABLE', 'It is not known whether the outcome was written; send it again with the same outcomeId');
}

/** Asks the store for the kept answer of an outcomeId, and can write nothing: there is room for neither the id nor
 *  the contact, and the store looks for the outcomeId first. `null`: the body names no outcomeId, or no customer. */
function probeOf(body: OutcomeRequest, catalog: Catalog, tokens: Tokens, now: number): ContactWrite | null {
  const verified = body.token === undefined ? null : tokens.verify(body.token, now);
  const customerId = heldAs(verified === null ? body : verified.ok ? verified.token : verified.expired ?? {});
  if (body.outcomeId === undefined || customerId === undefined) return null;
  const contact: Contact = { channel: '', outcome: body.outcome, occurredAt: now };
  return {
    customerId, contact, now,
    beganAt: now,
    maxContacts: 0,
    visitorUntil: visitorUntil(customerId, catalog, now),
    horizon: catalog.ledger,
    idempotency: { outcomeId: body.outcomeId, body: hashOf(body), answer: '', expiresAt: now + idempotencyMs, mostKept: 0 },
    confirm: [],
    release: [],
  };
}

function refusal(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  throw error;
}

/** Whom and what the outcome is about: from the token, or as the body says. */
type Subject = Pick<OfferToken, 'customerId' | 'visitorId' | 'channel'> & Partial<Pick<OfferToken, 'decidedAt'>> & Pick<Contact, 'decisionId' | 'offerId' | 'kind' | 'placement' | 'activity'>;

/** `customerId`: as it is held, a visitor's too. `beganAt`: of the decision where the token tells it. */
type About = Pick<ContactWrite, 'customerId' | 'contact' | 'beganAt'>;

function subjectOf(body: OutcomeRequest, catalog: Catalog, tokens: Tokens, now: number): Subject {
  if (body.token !== undefined) {
    const verified = tokens.verify(body.token, now);
    if (!verified.ok) throw invalid('/token', `The token ${verified.reason}`);
    return verified.token;
  }
  return namedSubject(body, catalog);
}

function namedSubject(body: OutcomeRequest, catalog: Catalog): Subject {
  const { customerId, visitorId, decisionId, offerId, activity, channel } = body;
  const errors: Detail[] = [];
  if (!catalog.channels.includes(channel!)) errors.push({ pointer: '/channel', detail: `The channel "${channel}" is not in the catalog${didYouMean(channel!, catalog.channels)}` });
  if (activity !== undefined && !catalog.activities.includes(activity)) errors.push({ pointer: '/activity', detail: `The activity "${activity}" is not in the catalog${didYouMean(activity, catalog.activities)}` });
  if (errors.length > 0) throw new ServiceError('INVALID_REQUEST', 'The outcome does not fit the catalog', errors);
  if (offerId !== undefined && !catalog.offersById.has(offerId)) {
    throw new ServiceError('NOT_FOUND', `There is no offer "${offerId}"${didYouMean(offerId, catalog.offersById.keys())}`, [{ pointer: '/offerId', detail: 'This offer is not in the catalog' }]);
  }
  return { customerId, visitorId, decisionId, offerId, activity, channel: channel!, kind: offerId === undefined ? undefined : catalog.offersById.get(offerId)?.kind };
}

function contactOf(body: OutcomeRequest, subject: Subject, catalog: Catalog, { now }: CallContext): About {
  const { decisionId, offerId, kind, activity, channel, placement, decidedAt } = subject;
  const customerId = heldAs(subject);
  if (customerId === undefined) throw new ServiceError('NOT_FOUND', 'The decision was for an unknown visitor, whose outcomes are not kept', [{ pointer: '/token', detail: 'This token names no customer and no visitorId' }]);
  const occurredAt = body.occurredAt === undefined ? now : Date.parse(body.occurredAt);
  if (occurredAt > now + clockSkewMs) throw invalid('/occurredAt', 'The outcome lies in the future');
  if (occurredAt <= now - catalog.ledger.windowMs) throw invalid('/occurredAt', `The outcome lies further back than the ledger reaches (${Math.floor(catalog.ledger.windowMs / 86_400_000)} days)`);
  return {
    customerId,
    beganAt: decidedAt ?? Math.min(occurredAt, now),
    contact: { decisionId, offerId, kind, activity, channel, placement, outcome: body.outcome, occurredAt: Math.min(occurredAt, now), reason: body.reason, value: body.value },
  };
}

function invalid(pointer: string, detail: string): ServiceError {
  return new ServiceError('INVALID_REQUEST', detail, [{ pointer, detail }]);
}

function answerTo({ outcomeId }: OutcomeRequest, { customerId, contact }: About): OutcomeAnswer {
  const { decisionId, offerId, activity, channel, placement, outcome, occurredAt, reason, value } = contact;
  return {
    ...namedBy(customerId),
    ...(decisionId !== undefined && { decisionId }),
    ...(offerId !== undefined && { offerId }),
    ...(activity !== undefined && { activity }),
    channel,
    ...(placement !== undefined && { placement }),
    outcome,
    occurredAt: new Date(occurredAt).toISOString(),
    ...(outcomeId !== undefined && { outcomeId }),
    ...(reason !== undefined && { reason }),
    ...(value !== undefined && { value }),
  };
}

function writeOf(body: OutcomeRequest, { customerId, contact, beganAt }: About, answer: OutcomeAnswer, catalog: Catalog, now: number): ContactWrite {
  const limits = contact.offerId === undefined ? [] : catalog.offersById.get(contact.offerId)?.limits ?? [];
  const { outcome } = contact;
  return {
    customerId, contact, beganAt, now, maxContacts,
    visitorUntil: visitorUntil(customerId, catalog, now),
    horizon: catalog.ledger,
    ...(body.outcomeId !== undefined && { idempotency: { outcomeId: body.outcomeId, body: hashOf(body), answer: JSON.stringify(answer), expiresAt: now + idempotencyMs, mostKept: maxRememberedIds } }),
    ...(outcome === 'unsubscribed' && { withdrawConsent: contact.channel }),
    confirm: limits.filter((limit) => limit.outcome === outcome).map((limit) => ({ ...periodOf(limit, catalog, contact.occurredAt), max: limit.max })),
    release: outcome === 'declined' ? limits.filter((limit) => limit.outcome !== outcome).map((limit) => periodOf(limit, catalog, contact.occurredAt)) : [],
  };
}

/** Bodies compare as parsed JSON: the order of members and white space do not matter. */
function hashOf(body: OutcomeRequest): string {
  const members = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));      // an outcome is flat: no member holds another
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

function otherBody({ outcomeId }: OutcomeRequest): ServiceError {
  return new ServiceError('UNPROCESSABLE', `The outcomeId "${outcomeId}" came before with another body`, [{ pointer: '/outcomeId', detail: 'Use a new outcomeId for another outcome' }]);
}

function answerOf(result: Recorded, answer: OutcomeAnswer, body: OutcomeRequest, catalog: Catalog, contact: Contact): { status: 200 | 201; body: OutcomeAnswer } {
  const pointer = body.token !== undefined ? '/token' : body.visitorId !== undefined ? '/visitorId' : '/customerId';
  switch (result.type) {
    case 'recorded': return { status: 201, body: answer };
    case 'repeated': return { status: 200, body: result.answer === null ? answer : JSON.parse(result.answer) as OutcomeAnswer };
    case 'other-body': throw otherBody(body);
    case 'unknown-customer': throw new ServiceError('NOT_FOUND', 'There is no such customer', [{ pointer, detail: 'This customer does not exist' }]);
    case 'erased': throw new ServiceError('NOT_FOUND', 'The customer was erased after what this outcome speaks of; nothing was written', [{ pointer, detail: body.token === undefined ? 'This customer was erased since' : 'This customer was erased after the decision' }]);
    case 'ledger-full': throw ledgerFull();
    case 'too-many-keys': throw tooManyIds();
    case 'limit-reached': {
      const limits = catalog.offersById.get(contact.offerId!)!.limits.filter(({ outcome }: Limit) => outcome === contact.outcome);
      throw new ServiceError('CONFLICT', `The limit of ${limits.map(limitInWords).join(' or of ')} of ${contact.offerId} is used up; nothing was written`, [{ pointer: body.token !== undefined ? '/token' : '/offerId', detail: `The limit of ${contact.offerId} is used up` }]);
    }
  }
}
