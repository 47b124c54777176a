import { setImmediate as nextTurn } from 'node:timers/promises';
import { compile } from '../support/golden-case.js';
import { decide } from '../../src/decision/pipeline.js';
import { readDecisionRequest } from '../../src/service/decision-request.js';
import { toResponse } from '../../src/service/decision-response.js';
import { createDecisionService, type DecisionRecord, type DecisionServiceParts } from '../../src/service/decision-service.js';
import { createTokens } from '../../src/service/token.js';
import { fakeAnswer } from '../support/fake-models.js';
import { scopes, type CallContext } from '../../src/service/service.js';
import { StoreError, type ClaimResult, type ClaimWrite, type CustomerStore, type StoredProfile, type StoredState } from '../../src/customers/customer-store.js';
import { toLogLine } from '../../src/service/decision-record.js';
import { noEvents } from '../../src/customers/event-ledger.js';
import type { Catalog, Contact, CustomerProfile } from '../../src/decision/types.js';
import type { DecisionRequest, DecisionResponse } from '../../src/service/openapi-types.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const call: CallContext = { now, timeoutMs: 20, scopes: new Set(scopes), caller: 'desk' };
const secret = 's'.repeat(32);

/** A store that answers as the test says; what it does not name must not be asked. */
function scripted(script: Partial<Pick<CustomerStore, 'read' | 'claim' | 'shared'>>): CustomerStore {
  return new Proxy({} as CustomerStore, { get: (_, name: keyof typeof script) => script[name] ?? (() => Promise.reject(new Error(`${name} was not to be called`))) });
}

function known(contacts: readonly Contact[] = [], ledgerVersion = 1): StoredState {
  return { customer: { profile: { attributes: {}, consents: ['web'], holdings: [] }, contacts, events: noEvents, profileVersion: 1, ledgerVersion }, limitUsage: new Map() };
}

describe('the decision service', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await compile({
      offers: [
        { id: 'card', kind: 'cross-sell', value: { volume: 1, margin: 300, duration: 1 } },
        { id: 'cover', kind: 'cross-sell', value: { volume: 1, margin: 200, duration: 1 } },
        { id: 'help', kind: 'service', value: { volume: 1, margin: 100, duration: 1 } },
        { id: 'scarce', kind: 'service', value: { volume: 1, margin: 50, duration: 1 }, limits: [{ outcome: 'accepted', max: 5, per: 'month' }] },
      ],
      rules: [
        { id: 'consent', kind: 'communication', applies: 'offer.kind == "cross-sell"', require: 'channel in customer.consents', reason: 'No consent' },
        { id: 'weekly', kind: 'communication', applies: 'offer.kind == "cross-sell"', cap: { outcome: 'presented', max: 1, per: '7d' } },
      ],
    });
  });

  function serviceOver(store: CustomerStore, parts: Partial<DecisionServiceParts> = {}): (body?: Partial<DecisionRequest>, timeoutMs?: number) => Promise<DecisionResponse> {
    const service = createDecisionService({
      catalog: { current: () => catalog }, store,
      scorer: { score: (run) => Promise.resolve(fakeAnswer(run, {})) },
      tokens: () => Promise.resolve(createTokens([secret], 1000)), newDecisionId: () => 'd-1', monotonicMs: () => performance.now(), onDecided: () => undefined, lateClaims: { giveUp: () => undefined, close: () => Promise.resolve() },
      ...parts,
    });
    return async (body = {}, timeoutMs = call.timeoutMs) => JSON.parse(await service.decide({ ...(body.channels === undefined && { channel: 'web' }), customerId: 'C-1', limit: 10, ...body }, { ...call, timeoutMs })) as DecisionResponse;
  }
  const ask = (store: CustomerStore, body: Partial<DecisionRequest> = {}, parts: Partial<DecisionServiceParts> = {}): Promise<DecisionResponse> => serviceOver(store, parts)(body);
  const ids = ({ offers }: DecisionResponse): string[] => offers.map(({ offerId }) => offerId);

  test.each<[string, () => Promise<StoredState>]>([
    ['is away', () => Promise.reject(new StoreError('away'))],
    ['never answers', () => new Promise(() => undefined)],
  ])('where the store %s, everything stored is unknown: only what needs none of it is offered', async (_, read) => {
    const answer = await ask(scripted({ read }));
    expect(ids(answer)).toEqual(['help']);
    expect(answer.degraded).toEqual(['store']);
    const recorded = await ask(scripted({ read }), { record: 'presented' });
    expect([ids(recorded), recorded.degraded]).toEqual([['help'], ['store']]);
  });

  test('where only the limits cannot be read, the customer counts, and an offer with a limit is refused', async () => {
    const answer = await ask(scripted({ read: () => Promise.resolve({ ...known(), limitUsage: null }) }), { explain: 'full' });
    expect([ids(answer), answer.degraded]).toEqual([['card', 'cover', 'help'], ['limits']]);
    expect(answer.excluded!.map(({ offerId, rejectedBy }) => [offerId, rejectedBy.map(({ rule }) => rule)])).toEqual([['scarce', ['limit']]]);
  });

  describe('with events that concern everybody', () => {
    let withStorm: Catalog;
    beforeAll(async () => {
      withStorm = await compile({
        offers: [{ id: 'card', kind: 'cross-sell' }, { id: 'scarce', kind: 'service', limits: [{ outcome: 'accepted', max: 5, per: 'month' }] }],
        rules: [{ id: 'consent', kind: 'communication', require: 'channel in customer.consents', reason: 'No consent' }],
        triggers: [{ id: 'storm', type: 'external', on: { event: 'weather.warning' }, matches: 'customer.region == event.data.region', window: '2d', effect: { weight: 2, offers: ['card'] } }],
        events: { 'weather.warning': { data: { type: 'object', additionalProperties: false, properties: { region: { type: 'string' } } } } },
      });
    });

    const away = (): Promise<never> => Promise.reject(new StoreError('away'));
    const late = (): Promise<never> => new Promise(() => undefined);
    test.each<[string, Partial<Pick<CustomerStore, 'read' | 'shared'>>, Partial<DecisionRequest>, string[], string[]]>([
      ['are away', { shared: away }, {}, ['card', 'scarce'], ['events']],
      ['never come', { shared: late }, {}, ['card', 'scarce'], ['events']],
      ['are away with the limits', { shared: away, read: () => Promise.resolve({ ...known(), limitUsage: null }) }, {}, ['card'], ['events', 'limits']],
      ['are away with the limits, for a visitor without an id', { shared: away, read: away }, { customerId: undefined as never, customer: { consents: ['web'] } }, ['card'], ['store']],
      ['are there, and the limits are not, for a visitor without an id', { shared: () => Promise.resolve({ groupEvents: [], rhythms: new Map() }), read: away }, { customerId: undefined as never, customer: { consents: ['web'] } }, ['card'], ['limits']],
      ['are away, for a visitor without an id', { shared: away, read: () => Promise.resolve({ customer: null, limitUsage: new Map() }) }, { customerId: undefined as never, customer: { consents: ['web'] } }, ['card', 'scarce'], ['events']],
      ['are away with all else', { shared: away, read: away }, {}, [], ['store']],
      ['are there, and the customer is not', { shared: () => Promise.resolve({ groupEvents: [], rhythms: new Map() }), read: away }, {}, [], ['store']],
    ])('that %s, the rest counts', async (_, script, body, offered, degraded) => {
      const answer = await ask(scripted({ read: () => Promise.resolve(known()), ...script }), body, { catalog: { current: () => withStorm } });
      expect([ids(answer), answer.degraded]).toEqual([offered, degraded]);
    });

    test('that are away, for a visitor of a catalog without limits: nothing else is asked of the store, so it is all away', async () => {
      const withoutLimits = await compile({
        offers: [{ id: 'card', kind: 'cross-sell' }],
        triggers: [{ id: 'storm', type: 'external', on: { event: 'weather.warning' }, window: '2d', effect: { weight: 2, offers: ['card'] } }],
        events: { 'weather.warning': {} },
      });
      const answer = await ask(scripted({ shared: away }), { customerId: undefined as never }, { catalog: { current: () => withoutLimits } });
      expect([ids(answer), answer.degraded]).toEqual([['card'], ['store']]);
    });

    test('a fault of theirs that is none of the store\'s is not taken for one', async () => {
      await expect(ask(scripted({ read: () => Promise.resolve(known()), shared: () => Promise.reject(new TypeError('a bug')) }), {}, { catalog: { current: () => withStorm } })).rejects.toThrow('a bug');
    });
  });

  test('a fault that is none of the store\'s is not taken for one', async () => {
    await expect(ask(scripted({ read: () => Promise.reject(new TypeError('a bug')) }))).rejects.toThrow('a bug');
    await expect(ask(scripted({ read: () => Promise.resolve(known()), claim: () => Promise.reject(new TypeError('a bug')) }), { record: 'presented' })).rejects.toThrow('a bug');
  });

  test('a visitor without an id is read only for the limits', async () => {
    const { customerId: _, ...body }: Partial<DecisionRequest> = { customerId: 'x', customer: { consents: ['web'] } };
    const service = { read: (customerId: string | null) => Promise.resolve<StoredState>({ customer: null, limitUsage: new Map(customerId === null ? [['scarce/accepted/month@2026-11-01', 5]] : []) }) };
    const answer = await ask(scripted(service), { ...body, customerId: undefined as never });
    expect(ids(answer)).toEqual(['card', 'cover', 'help']);
    const away = await ask(scripted({ read: () => Promise.reject(new StoreError('away')) }), { ...body, customerId: undefined as never });
    expect([ids(away), away.degraded]).toEqual([['card', 'cover', 'help'], ['store']]);
  });

  test('in a catalog without limits a customer is read, and for a visitor without an id the store is not asked, nor missed', async () => {
    const plain = await compile({ offers: [{ id: 'card', kind: 'cross-sell' }, { id: 'help', kind: 'service' }], rules: [{ id: 'consent', kind: 'communication', applies: 'offer.kind == "cross-sell"', require: 'channel in customer.consents', reason: 'No consent' }] });
    const parts = { catalog: { current: () => plain } };
    expect(ids(await ask(scripted({ read: () => Promise.resolve(known()) }), {}, parts))).toEqual(['card', 'help']);
    const answer = await ask(scripted({}), { customerId: undefined as never }, parts);
    expect([ids(answer), answer.degraded]).toEqual([['help'], []]);
  });

  test('where not even the secret of tokens could be read, a visitor without an id has no history, and what is offered has no token', async () => {
    const answer = await ask(scripted({}), { customerId: undefined as never, customer: { consents: ['web'] } }, { tokens: () => Promise.resolve(null) });
    expect([ids(answer), answer.degraded]).toEqual([['card', 'cover', 'help'], ['store']]);
    expect(answer.offers.every((offer) => !('token' in offer))).toBe(true);
  });

  describe('of what is stored', () => {
    let ofHolders: Catalog;
    beforeAll(async () => {
      ofHolders = await compile({
        offers: [{ id: 'card', kind: 'cross-sell' }, { id: 'upgrade', kind: 'up-sell' }],
        rules: [
          { id: 'consent', kind: 'communication', applies: 'offer.kind == "cross-sell"', require: 'channel in customer.consents', reason: 'No consent' },
          { id: 'holder', kind: 'business', applies: 'offer.kind == "up-sell"', require: '"card" in customer.holdings && customer.age >= 18', reason: 'Nothing to upgrade' },
        ],
      });
    });

    test.each<[string, DecisionRequest['customer'], Partial<StoredProfile>, string[]]>([
      ['all counts where the call says nothing', undefined, {}, ['card', 'upgrade']],
      ['consents and holdings count where the call brings attributes, and those count beside the stored ones', { attributes: { region: 'north' } }, {}, ['card', 'upgrade']],
      ['an attribute that the call brings takes the place of the stored one', { attributes: { age: 17 } }, {}, ['card']],
      ['the consents do not count where the call brings others', { consents: [] }, {}, ['upgrade']],
      ['the holdings do not count where the call brings others', { holdings: [] }, {}, ['card']],
      ['an objection stands above consents that the call brings', { consents: ['web'] }, { consents: [], objection: true }, ['upgrade']],
      ['an objection stands above consents that are stored with it', undefined, { consents: ['web'], objection: true }, ['upgrade']],
    ])('%s', async (_, customer, more, offered) => {
      const state = known();
      const profile = { attributes: { age: 30 }, consents: ['web'], holdings: ['card'], ...more };
      const answer = await ask(scripted({ read: () => Promise.resolve({ ...state, customer: { ...state.customer!, profile } }) }), customer === undefined ? {} : { customer }, { catalog: { current: () => ofHolders } });
      expect(ids(answer)).toEqual(offered);
    });
  });

  test('what was decided is told whole: whom it is about, what is shown where and why, and why the rest of it is empty', async () => {
    const placements = [{ id: 'hero' }, { id: 'side', kinds: ['loyalty'] }] as const;
    const answer = await ask(scripted({ read: () => Promise.resolve(known()) }), { explain: 'full', placements });
    expect(answer).toMatchObject({ customerId: 'C-1', offers: [{ offerId: 'card', placement: 'hero', reasons: expect.arrayContaining([expect.any(String)]), origins: { propensity: expect.any(String) } }], emptyPlacements: [{ id: 'side', reason: expect.any(String) }] });
    expect(answer).not.toHaveProperty('visitorId');
    const nothing = await ask(scripted({ read: () => Promise.resolve({ customer: null, limitUsage: new Map() }) }), { customerId: undefined as never, visitorId: 'v-1', placements: placements.slice(1) });
    expect(nothing).toMatchObject({ visitorId: 'v-1', offers: [], noOfferReason: expect.any(String) });
    expect(nothing).not.toHaveProperty('customerId');
  });

  test('as of an earlier time, later contacts are not seen', async () => {
    const contacts: Contact[] = [{ offerId: 'card', channel: 'web', outcome: 'presented', occurredAt: now - 1000 }];
    expect(ids(await ask(scripted({ read: () => Promise.resolve(known(contacts)) })))).not.toContain('card');
    const earlier = await ask(scripted({ read: () => Promise.resolve(known(contacts)) }), { at: new Date(now - 2000).toISOString() });
    expect(ids(earlier)).toContain('card');
    expect(earlier.decidedAt).toBe(new Date(now - 2000).toISOString());
    // A token is as old as the decision, whatever time that was made for.
    expect(createTokens([secret], 1000).verify(earlier.offers[0]!.token!, now)).toMatchObject({ ok: true, token: { decisionId: 'd-1', decidedAt: now } });
  });

  test('a claim carries what the decision saw, what it presents, and the room that it needs', async () => {
    const claims: ClaimWrite[] = [];
    const answer = await ask(scripted({ read: () => Promise.resolve(known([], 7)), claim: (write) => { claims.push(write); return Promise.resolve({ type: 'claimed' }); } }), { record: 'presented' });
    expect(claims).toHaveLength(1);
    expect(claims[0]).toMatchObject({ customerId: 'C-1', ledgerVersion: 7, now });
    expect(claims[0]!.contacts.map(({ offerId, outcome, decisionId }) => [offerId, outcome, decisionId])).toEqual(ids(answer).map((id) => [id, 'presented', 'd-1']));
    expect(claims[0]!.reserve).toEqual([{ limit: 'scarce/accepted/month', counter: 'scarce/accepted/month@2026-11-01', endsAt: Date.UTC(2026, 10, 30, 23) + catalog.ledger.windowMs, max: 5, offerId: 'scarce', decisionId: 'd-1', heldUntil: now + 15 * 60_000, confirmed: false }]);
  });

  test('on a conflict it decides again on the new state', async () => {
    const states = [known([], 1), known([{ offerId: 'card', channel: 'web', outcome: 'presented', occurredAt: now }], 2)];
    const results: ClaimResult[] = [{ type: 'conflict' }, { type: 'claimed' }];
    const answer = await ask(scripted({ read: () => Promise.resolve(states.shift()!), claim: () => Promise.resolve(results.shift()!) }), { record: 'presented' });
    expect(ids(answer)).toEqual(['cover', 'help', 'scarce']);
  });

  test('after lost races it answers without the offers that it lost, and always ends', async () => {
    let claims = 0;
    const answer = await ask(scripted({ read: () => Promise.resolve(known()), claim: () => { claims++; return Promise.resolve({ type: 'conflict' }); } }), { record: 'presented', explain: 'full', limit: 1 });
    expect(answer.offers).toEqual([]);
    expect(claims).toBeLessThanOrEqual(8);
    expect(answer.excluded!.every(({ rejectedBy }) => rejectedBy.some(({ rule }) => rule === 'claim'))).toBe(true);
  });

  test('whose turn does not come in time is shown what needs no history, and claims nothing', async () => {
    const results: Promise<ClaimResult>[] = [];
    let finish!: (result: ClaimResult) => void;
    const held = new Promise<ClaimResult>((resolve) => { finish = resolve; });
    const decide = serviceOver(scripted({ read: () => Promise.resolve(known()), claim: () => results[results.push(results.length === 0 ? Promise.resolve({ type: 'conflict' }) : held) - 1]! }));
    const patient = decide({ record: 'presented' }, 60_000);
    while (results.length < 2) await nextTurn();
    const hasty = await decide({ record: 'presented' });
    expect([ids(hasty), hasty.degraded, results.length]).toEqual([['help'], ['store'], 2]);
    finish({ type: 'claimed' });
    expect((await patient).degraded).toEqual([]);
  });

  test('however many offers there are left to fight for, it ends', async () => {
    const wide = await compile({ offers: Array.from({ length: 30 }, (_, place) => ({ id: `o${place}` })) });
    let claims = 0;
    const answer = await ask(scripted({ read: () => Promise.resolve(known()), claim: () => { claims++; return Promise.resolve({ type: 'conflict' }); } }), { record: 'presented', limit: 1 }, { catalog: { current: () => wide } });
    expect([answer.offers, claims]).toEqual([[], 8]);
  });

  test('what is shown where a claim is not known to be written has an id of its own: what is taken back is not what it shows', async () => {
    const given: [string, string][] = [];
    const ofIds = ['d-1', 'd-2'];
    const lateClaims = { giveUp: (_: unknown, { contacts }: ClaimWrite, decisionId: string) => { given.push([decisionId, contacts[0]!.decisionId!]); }, close: () => Promise.resolve() };
    const tokens = createTokens([secret], 10_000);
    const answer = await ask(scripted({ read: () => Promise.resolve(known()), claim: () => Promise.reject(new StoreError('away')) }), { record: 'presented' }, { lateClaims, newDecisionId: () => ofIds.shift()!, tokens: () => Promise.resolve(tokens) });
    expect(given).toEqual([['d-1', 'd-1']]);
    expect(answer.decisionId).toBe('d-2');
    expect(tokens.verify(answer.offers[0]!.token!, now)).toMatchObject({ ok: true, token: { decisionId: 'd-2' } });
  });

  test('a claim that is not known to be written presents only what needs no history', async () => {
    const answer = await ask(scripted({ read: () => Promise.resolve(known()), claim: () => Promise.reject(new StoreError('away')) }), { record: 'presented' });
    expect([ids(answer), answer.degraded]).toEqual([['help'], ['store']]);
  });

  test('a full ledger refuses to record', async () => {
    await expect(ask(scripted({ read: () => Promise.resolve(known()), claim: () => Promise.resolve({ type: 'ledger-full' }) }), { record: 'presented' })).rejects.toMatchObject({ code: 'TOO_MANY' });
  });

  test.each<[string, Partial<DecisionRequest>, StoredState]>([
    ['for a visitor', { customerId: undefined as never }, known()],
    ['for an unknown customer', {}, { customer: null, limitUsage: new Map() }],
    ['for another time', { at: '2026-11-01T00:00:00Z' }, known()],
  ])('%s nothing can be recorded', async (_, body, state) => {
    await expect(ask(scripted({ read: () => Promise.resolve(state) }), { record: 'presented', ...body })).rejects.toMatchObject({ code: 'UNPROCESSABLE' });
  });

  test('from a line of the log the same decision is made again', async () => {
    const records: DecisionRecord[] = [];
    const contacts: Contact[] = [{ offerId: 'card', channel: 'web', outcome: 'presented', occurredAt: now - 5 }];
    const body: Partial<DecisionRequest> = { explain: 'full', placements: [{ id: 'hero', limit: 2, fallback: 'help' }] };
    const answer = await ask(scripted({ read: () => Promise.resolve(known(contacts)) }), body, { onDecided: (record) => records.push(record) });
    expect(decideAgain(JSON.parse(toLogLine(records[0]!)) as LogLine)).toEqual(answer);
  });

  type LogLine = { decidedAt: string; request: DecisionRequest; customer: { id: string; profile: CustomerProfile; contacts: Contact[]; limitUsage: Record<string, number> } };
  function decideAgain({ decidedAt, request, customer }: LogLine): DecisionResponse {
    const steps = decide({
      catalog, request: readDecisionRequest(request, catalog), now: Date.parse(decidedAt), contested: new Set(),
      customer: { ...customer, limitUsage: new Map(Object.entries(customer.limitUsage)) },
    });
    let step = steps.next();
    while (step.done !== true) step = steps.next(step.value.map((run) => fakeAnswer(run, {})));
    return JSON.parse(JSON.stringify(toResponse(step.value, { decisionId: 'd-1', named: { customerId: 'C-1' }, madeAt: now, tokens: createTokens([secret], 1000), isStoreAway: false }))) as DecisionResponse;
  }

  describe('for several channels', () => {
    const channels = ['app', 'web', 'sms'];
    const consentToWeb = { read: (): Promise<StoredState> => Promise.resolve(known([], 7)) };

    test('the customer is read once, and each offer is recorded, and its token signed, in the channel that was chosen', async () => {
      const claims: ClaimWrite[] = [];
      let reads = 0;
      const tokens = createTokens([secret], 1000);
      const answer = await ask(scripted({ read: () => { reads++; return consentToWeb.read(); }, claim: (write) => { claims.push(write); return Promise.resolve({ type: 'claimed' }); } }), { channels, record: 'presented' }, { tokens: () => Promise.resolve(tokens) });
      expect(reads).toBe(1);
      const chosen = answer.offers.map(({ offerId, channel }) => [offerId, channel]);
      expect(chosen).toEqual([['card', 'web'], ['cover', 'web'], ['help', 'app'], ['scarce', 'app']]);      // only `web` is consented to
      expect(claims[0]!.contacts.map(({ offerId, channel }) => [offerId, channel])).toEqual(chosen);
      expect(answer.offers.map(({ token }) => { const read = tokens.verify(token!, now); return read.ok && read.token.channel; })).toEqual(chosen.map(([, channel]) => channel));
      expect(answer).toMatchObject({ channel: 'web', channels });
      expect(answer.offers[0]).not.toHaveProperty('channelsLeftOut');
    });

    test('what a channel costs, what the offer brings in it, and why another was left out is told', async () => {
      const priced = await compile({ schema: { channelCosts: { web: 2 } }, offers: [{ id: 'card', kind: 'cross-sell' }], rules: [{ id: 'consent', kind: 'communication', require: 'channel in customer.consents', reason: 'No consent' }] });
      const { offers: [offer] } = await ask(scripted(consentToWeb), { channels: ['web', 'sms'], explain: 'reasons' }, { catalog: { current: () => priced } });
      expect(offer).toMatchObject({ channel: 'web', cost: 2, expectedValue: offer!.priority - 2, channels: [{ channel: 'web' }], channelsLeftOut: [{ channel: 'sms', rejectedBy: [{ rule: 'consent' }] }] });
    });

    test('the contact is one that we make', async () => {
      const records: DecisionRecord[] = [];
      await ask(scripted(consentToWeb), { channels }, { onDecided: (record) => records.push(record) });
      expect(records[0]!.input.request).toMatchObject({ direction: 'outbound', channels });
    });

    test('from a line of the log the same advice is given again', async () => {
      const records: DecisionRecord[] = [];
      const answer = await ask(scripted(consentToWeb), { channels, explain: 'full', limit: 2 }, { onDecided: (record) => records.push(record) });
      const line = JSON.parse(toLogLine(records[0]!)) as LogLine;
      expect(decideAgain(line)).toEqual(answer);
      expect(answer.excluded!.map(({ offerId, channel, note }) => [offerId, channel, note])).toEqual([['help', 'app', 'Beyond the limit of 2'], ['scarce', 'app', 'Beyond the limit of 2']]);
    });

    test.each([[['app', 'sns'], '/channels/1', 'The channel "sns" is not in the catalog; did you mean sms?']])('%j: at %s, %s', async (asked, pointer, detail) => {
      await expect(ask(scripted(consentToWeb), { channels: asked })).rejects.toMatchObject({ code: 'INVALID_REQUEST', errors: [{ pointer, detail }] });
    });
  });

  test('the log\'s line has what it takes to decide again, and no token', async () => {
    const records: DecisionRecord[] = [];
    const contacts: Contact[] = [{ offerId: 'card', channel: 'web', outcome: 'presented', occurredAt: now }];
    await ask(scripted({ read: () => Promise.resolve(known(contacts)) }), {}, { onDecided: (record) => records.push(record) });
    const line = toLogLine(records[0]!);
    expect(JSON.parse(line)).toMatchObject({ decisionId: 'd-1', caller: 'desk', request: { channel: 'web', customerId: 'C-1' }, customer: { id: 'C-1', contacts, profile: { consents: ['web'] }, limitUsage: { 'scarce/accepted/month': 0 } }, response: { catalogRevision: catalog.revision } });
    expect(line).not.toContain('"token"');
  });
});
