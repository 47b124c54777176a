import { createOutcomeService } from '../../src/service/outcome-service.js';
import { createTokens, type OfferToken } from '../../src/service/token.js';
import { compile } from '../support/golden-case.js';
import { ServiceError } from '../../src/errors.js';
import { scopes, type CallContext, type Services } from '../../src/service/service.js';
import { StoreError, type ContactWrite, type CustomerStore, type RecordResult } from '../../src/customers/customer-store.js';
import type { OutcomeRequest } from '../../src/service/openapi-types.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const minuteMs = 60_000;
const dayMs = 86_400_000;
const call: CallContext = { now, timeoutMs: 500, scopes: new Set(scopes), caller: null };
const tokens = createTokens(['s'.repeat(32)], 90 * dayMs);
const iso = (time: number): string => new Date(time).toISOString();

const catalog = await compile({ offers: [
  { id: 'card', limits: [{ outcome: 'accepted', max: 5, per: 'month' }, { outcome: 'presented', max: 9, per: 'total' }] },
  { id: 'survey', limits: [{ outcome: 'declined', max: 3, per: 'total' }, { outcome: 'accepted', max: 5, per: 'total' }] },
] });

/** What the store answers, one after the other; then that it has recorded. */
let results: (RecordResult | Error)[];
let writes: ContactWrite[];
let hasTokens: boolean;
let outcomes: Services['outcomes'];
beforeEach(() => {
  [results, writes, hasTokens] = [[], [], true];
  const store = { record: (write: ContactWrite) => {
    writes.push(write);
    const result = results.shift() ?? { type: 'recorded' };
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  } } as unknown as CustomerStore;
  outcomes = createOutcomeService({ catalog: { current: () => catalog }, store, tokens: () => Promise.resolve(hasTokens ? tokens : null), monotonicMs: () => 0 });
});

type Members = Omit<Partial<OutcomeRequest>, 'token'> & { readonly token?: string };
const bodyOf = (members: Members): OutcomeRequest => ({ outcome: 'clicked', ...(members.token === undefined && { customerId: 'C-1', decisionId: 'd-1', offerId: 'card', channel: 'web' }), ...members });
const record = (members: Members = {}) => outcomes.record(bodyOf(members), call);
const decidedAt = now - 2 * dayMs;
const tokenOf = (of: Partial<OfferToken> = {}): string => tokens.sign({ customerId: 'C-1', decisionId: 'd-1', offerId: 'card', kind: 'cross-sell', channel: 'web', propensity: 0.1, decidedAt, ...of });

describe('what is recorded is answered whole', () => {
  const more = { outcomeId: 'o-1', reason: 'price', value: 12.5 };
  const told = { customerId: 'C-1', decisionId: 'd-1', offerId: 'card', channel: 'web', outcome: 'clicked', occurredAt: iso(now), ...more };

  test('by ids', async () => {
    expect(await record(more)).toEqual({ status: 201, body: told });
    expect(writes).toMatchObject([{ contact: { kind: 'cross-sell', reason: 'price', value: 12.5 }, idempotency: { outcomeId: 'o-1', expiresAt: now + 7 * dayMs, mostKept: 5000, answer: JSON.stringify(told) } }]);
  });

  test('by a token, with the placement, though the offer has left the catalog', async () => {
    expect(await record({ token: tokenOf({ offerId: 'gone', kind: 'service', placement: 'hero' }) })).toEqual({ status: 201, body: { customerId: 'C-1', decisionId: 'd-1', offerId: 'gone', channel: 'web', placement: 'hero', outcome: 'clicked', occurredAt: iso(now) } });
    expect(writes).toMatchObject([{ contact: { offerId: 'gone', kind: 'service', placement: 'hero' }, confirm: [], release: [] }]);
    expect(writes[0]).not.toHaveProperty('idempotency');
  });
});

describe('when it was', () => {
  const windowMs = catalog.ledger.windowMs;
  test.each<[string, number | undefined, number]>([
    ['not told: now', undefined, now],
    ['some time ago', now - dayMs, now - dayMs],
    ['a little ahead of our clock: now', now + 5 * minuteMs, now],
    ['just within the ledger', now - windowMs + 1, now - windowMs + 1],
  ])('%s', async (_, told, occurredAt) => {
    const { body } = await record(told === undefined ? {} : { occurredAt: iso(told) });
    expect(body.occurredAt).toBe(iso(occurredAt));
    expect(writes[0]).toMatchObject({ contact: { occurredAt }, beganAt: occurredAt });
  });

  test.each([['ahead of our clock', now + 5 * minuteMs + 1, 'The outcome lies in the future'], ['beyond the ledger', now - windowMs, 'The outcome lies further back than the ledger reaches (90 days)']])('%s is refused', async (_, told, detail) => {
    await expect(record({ occurredAt: iso(told) })).rejects.toMatchObject({ code: 'INVALID_REQUEST', errors: [{ pointer: '/occurredAt', detail }] });
    expect(writes).toEqual([]);
  });

  test('with a token it began with the decision, whenever the outcome was', async () => {
    await record({ token: tokenOf(), occurredAt: iso(now - dayMs) });
    expect(writes[0]).toMatchObject({ contact: { occurredAt: now - dayMs, decisionId: 'd-1', offerId: 'card', kind: 'cross-sell', channel: 'web' }, beganAt: decidedAt });
  });
});

test.each<[OutcomeRequest['outcome'], string, string[], string[], string | undefined]>([
  ['accepted', 'card', ['card/accepted/month'], [], undefined],
  ['presented', 'card', ['card/presented/total'], [], undefined],
  ['declined', 'card', [], ['card/accepted/month', 'card/presented/total'], undefined],
  ['declined', 'survey', ['survey/declined/total'], ['survey/accepted/total'], undefined],
  ['not-now', 'card', [], [], undefined],
  ['unsubscribed', 'card', [], [], 'web'],
])('%s of %s confirms, releases and withdraws what is its own', async (outcome, offerId, confirms, releases, withdrawn) => {
  await record({ outcome, offerId });
  const [{ confirm, release, withdrawConsent }] = writes as [ContactWrite];
  expect([confirm, release].map((limits) => limits.map(({ limit }) => limit))).toEqual([confirms, releases]);
  expect(withdrawConsent).toBe(withdrawn);
});

describe('what is told of what the store refuses', () => {
  const ofVisitor: Members = { visitorId: 'v-1', customerId: undefined as never };
  test.each<[RecordResult['type'], string, () => Members, string, string | RegExp, string[]]>([
    ['unknown-customer', 'by id', () => ({}), 'NOT_FOUND', 'There is no such customer', ['/customerId']],
    ['unknown-customer', 'of a visitor', () => ofVisitor, 'NOT_FOUND', 'There is no such customer', ['/visitorId']],
    ['unknown-customer', 'by token', () => ({ token: tokenOf() }), 'NOT_FOUND', 'There is no such customer', ['/token']],
    ['erased', 'by id', () => ({}), 'NOT_FOUND', /^The customer was erased after/, ['/customerId']],
    ['limit-reached', 'by id', () => ({ outcome: 'accepted' }), 'CONFLICT', 'The limit of 5 × accepted per month of card is used up; nothing was written', ['/offerId']],
    ['limit-reached', 'by token', () => ({ outcome: 'accepted', token: tokenOf() }), 'CONFLICT', /^The limit of 5 × accepted per month of card/, ['/token']],
    ['other-body', 'by id', () => ({ outcomeId: 'o-1' }), 'UNPROCESSABLE', 'The outcomeId "o-1" came before with another body', ['/outcomeId']],
    ['ledger-full', 'by id', () => ({}), 'TOO_MANY', /2000 contacts/, []],
    ['too-many-keys', 'by id', () => ({}), 'TOO_MANY', /5000 outcomes and events/, []],
  ])('%s, %s', async (type, _, members, code, message, pointers) => {
    results = [{ type } as RecordResult];
    const refused = await record(members()).catch((error: unknown) => error) as ServiceError;
    expect(refused).toMatchObject({ code, message: typeof message === 'string' ? message : expect.stringMatching(message) });
    expect(refused.errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test('of one who was erased it says since when', async () => {
    results = [{ type: 'erased' }, { type: 'erased' }];
    await expect(record()).rejects.toMatchObject({ errors: [{ pointer: '/customerId', detail: 'This customer was erased since' }] });
    await expect(record({ token: tokenOf() })).rejects.toMatchObject({ errors: [{ pointer: '/token', detail: 'This customer was erased after the decision' }] });
  });

  test('a store that is away leaves it unknown; a fault of another kind is not taken for that', async () => {
    results = [new StoreError('away'), new TypeError('a bug')];
    await expect(record()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: 'It is not known whether the outcome was written; send it again with the same outcomeId' });
    await expect(record()).rejects.toThrow('a bug');
  });

  test('the token of one who was nobody is told as that', async () => {
    await expect(record({ token: tokenOf({ customerId: undefined }) })).rejects.toMatchObject({ code: 'NOT_FOUND', errors: [{ pointer: '/token', detail: 'This token names no customer and no visitorId' }] });
  });
});

describe('an activity', () => {
  const activity = { offerId: undefined as never, decisionId: undefined as never };

  test('of the catalog is recorded without an offer', async () => {
    const { status, body } = await record({ ...activity, activity: 'newsletter', outcome: 'opened' });
    expect([status, body]).toEqual([201, { customerId: 'C-1', activity: 'newsletter', channel: 'web', outcome: 'opened', occurredAt: iso(now) }]);
    expect(writes).toMatchObject([{ contact: { activity: 'newsletter', offerId: undefined }, confirm: [], release: [] }]);
  });

  test('that is not there is named with the channel that is not there either', async () => {
    await expect(record({ ...activity, activity: 'newsleter', channel: 'wob' })).rejects.toMatchObject({ code: 'INVALID_REQUEST', errors: [{ pointer: '/channel', detail: expect.stringContaining('did you mean web?') }, { pointer: '/activity', detail: expect.stringContaining('did you mean newsletter?') }] });
    expect(writes).toEqual([]);
  });
});

describe('before the store has told the secret of tokens', () => {
  beforeEach(() => { hasTokens = false; });

  test.each<[string, Members, string]>([
    ['wrong by itself is refused for that', { channel: 'wob' }, 'INVALID_REQUEST'],
    ['of an offer that is not there, too', { offerId: 'cord' }, 'NOT_FOUND'],
    ['right is not known to be written', {}, 'STORE_UNAVAILABLE'],
    ['wrong, with an id under which it may have been recorded when it was right, is not known', { channel: 'wob', outcomeId: 'o-1' }, 'STORE_UNAVAILABLE'],
    ['with a token, which cannot be read, is not known', { token: 'v1.x.y' }, 'STORE_UNAVAILABLE'],
  ])('an outcome that is %s', async (_, members, code) => {
    await expect(record(members)).rejects.toMatchObject({ code });
    expect(writes).toEqual([]);
  });
});

describe('an outcomeId', () => {
  const left = { offerId: 'gone', outcomeId: 'o-1' };

  test('that came before with the same answers the same, though its offer has left the catalog since; asking can write nothing', async () => {
    results = [{ type: 'repeated', answer: '{"customerId":"C-1"}' }];
    expect(await record(left)).toEqual({ status: 200, body: { customerId: 'C-1' } });
    expect(writes).toMatchObject([{ customerId: 'C-1', maxContacts: 0, idempotency: { outcomeId: 'o-1', mostKept: 0 }, confirm: [], release: [] }]);
  });

  test.each<[string, () => Members]>([
    ['has expired', () => ({ token: tokenOf({ decidedAt: now - 90 * dayMs }) })],
    ['is good, and its time lies beyond the ledger', () => ({ token: tokenOf(), occurredAt: iso(now - 90 * dayMs) })],
  ])('that came before with a token that %s answers the same; it is asked for the customer of the token', async (_, members) => {
    results = [{ type: 'repeated', answer: '{"customerId":"C-1"}' }];
    expect(await record({ ...members(), outcomeId: 'o-1' })).toEqual({ status: 200, body: { customerId: 'C-1' } });
    expect(writes.map(({ customerId }) => customerId)).toEqual(['C-1']);
  });

  test.each<[string, () => Members, string]>([
    ['is not genuine', () => ({ token: `${tokenOf()}x` }), 'INVALID_REQUEST'],
    ['names nobody', () => ({ token: tokenOf({ customerId: undefined }) }), 'NOT_FOUND'],
  ])('with a token that %s is refused for that, and nobody asked', async (_, members, code) => {
    await expect(record({ ...members(), outcomeId: 'o-1' })).rejects.toMatchObject({ code, errors: [{ pointer: '/token' }] });
    expect(writes).toEqual([]);
  });

  test.each<[string, Members, RecordResult[], string, number]>([
    ['came before with another body: that is told', left, [{ type: 'other-body' }], 'UNPROCESSABLE', 1],
    ['is new: what is wrong is told', left, [{ type: 'too-many-keys' }], 'NOT_FOUND', 1],
    ['is not given: what is wrong is told, and nobody asked', { offerId: 'gone' }, [], 'NOT_FOUND', 0],
  ])('of what is not in the catalog that %s', async (_, members, answers, code, asked) => {
    results = answers;
    await expect(record(members)).rejects.toMatchObject({ code });
    expect(writes).toHaveLength(asked);
  });

  test('that came before answers as then, and where no answer was kept, as now', async () => {
    results = [{ type: 'repeated', answer: '{"customerId":"C-9"}' }, { type: 'repeated', answer: null }];
    expect(await record({ outcomeId: 'o-1' })).toEqual({ status: 200, body: { customerId: 'C-9' } });
    expect(await record({ outcomeId: 'o-2' })).toMatchObject({ status: 200, body: { customerId: 'C-1', outcomeId: 'o-2' } });
  });

  test('stands for the content, in whatever order it is written', async () => {
    const body = bodyOf({ outcomeId: 'o-1', reason: 'price' });
    for (const each of [body, Object.fromEntries(Object.entries(body).reverse()) as OutcomeRequest, { ...body, reason: 'colour' }]) await outcomes.record(each, call);
    const [first, second, third] = writes.map(({ idempotency }) => idempotency!.body);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });
});

test('of a visitor who was linked it is written for the customer, and answered as that', async () => {
  results = [{ type: 'linked', customerId: 'C-9' }];
  const { body } = await record({ visitorId: 'v-1', customerId: undefined as never, outcomeId: 'o-1' });
  expect(body).toMatchObject({ customerId: 'C-9' });
  expect(body).not.toHaveProperty('visitorId');
  expect(writes[1]).toMatchObject({ customerId: 'C-9', idempotency: { answer: JSON.stringify(body) } });
});

test('in a batch each stands alone, in order; a fault of ours ends it', async () => {
  const batch = ['o-1', 'o-2', 'o-3'].map((outcomeId) => bodyOf({ outcomeId }));
  results = [{ type: 'recorded' }, { type: 'unknown-customer' }, { type: 'recorded' }];
  const told = await outcomes.recordBatch(batch, call);
  expect(told.map((each) => (each instanceof ServiceError ? each.code : each.status))).toEqual([201, 'NOT_FOUND', 201]);
  expect(writes.map(({ idempotency }) => idempotency!.outcomeId)).toEqual(['o-1', 'o-2', 'o-3']);
  results = [{ type: 'recorded' }, new TypeError('a bug')];
  await expect(outcomes.recordBatch(batch, call)).rejects.toThrow('a bug');
});
