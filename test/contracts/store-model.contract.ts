import * as fc from 'fast-check';
import type { ClaimWrite, ContactWrite, CustomerStore, EventWrite, LimitRoom, StoredProfile } from '../../src/customers/customer-store.js';
import type { Contact, Outcome } from '../../src/decision/types.js';
import type { StoreUnderTest } from './customer-store.contract.js';
import { StoreModel } from './store-model.js';

/**
 * Random calls to two processes' stores on the same data and to the model: every answer, and after every call all that
 * can be read, is the same. Few names and short times, so that calls meet often.
 */
export function describeAgreementWithModel(create: () => Promise<StoreUnderTest>): void {
  const agree = (calls: fc.Arbitrary<readonly (readonly Call[])[]>): Promise<void> => fc.assert(fc.asyncProperty(calls, async (batches) => {
    const data = await create();
    const stores = [await data.open(), await data.open()];
    try {
      await compare(stores, batches);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
      await data.cleanup();
    }
  }), { numRuns: 100, seed: 20_261_123 });

  test('random calls give what the model gives', async () => {
    await agree(fc.array(call.map((each) => [each]), { minLength: 1, maxLength: 60 }));
  }, 120_000);

  test('random calls of one customer, many at once, give what the model gives to one after the other', async () => {
    await agree(fc.array(fc.array(call, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 12 }));
  }, 120_000);
}

const customerIds = ['a', 'a:b', 'ab', '😀'];
const counters = ['day/1', 'day/2', 'total'];
const limitOf = (counter: string): string => counter.split('/')[0]!;
/** Of days that end long after the test: none may be forgotten meanwhile. */
const endOf = (counter: string): number | null => (counter === 'total' ? null : 2_000_000);
const windowMs = 40;

interface Call { readonly advanceMs: number; readonly process: number; readonly customerId: string; readonly does: Does }
type Does =
  | { readonly type: 'put'; readonly profile: StoredProfile; readonly ifVersion: 'none' | 'current' | 'stale' | 'absent' }
  | { readonly type: 'erase' }
  | { readonly type: 'event'; readonly event: 'a' | 'p'; readonly agoMs: number; readonly key: string; readonly body: string; readonly keptMs: number; readonly late: boolean; readonly createsCustomer: boolean }
  | { readonly type: 'load'; readonly profile: StoredProfile; readonly contacts: readonly RelativeContact[] }
  | { readonly type: 'record'; readonly contact: RelativeContact; readonly beganMsAgo: number; readonly write: Pick<ContactWrite, 'maxContacts' | 'withdrawConsent' | 'confirm'>; readonly release: readonly string[]; readonly outcome: { outcomeId: string; body: string; keptMs: number } | undefined }
  | { readonly type: 'claim'; readonly stale: boolean; readonly contacts: readonly RelativeContact[]; readonly maxContacts: number; readonly reserve: readonly (LimitRoom & { offerId: string; decisionId: string; heldMs: number; confirmed: boolean })[] };
/** Times relative to the call's `now`. */
type RelativeContact = Omit<Contact, 'occurredAt'> & { readonly agoMs: number };

const profile: fc.Arbitrary<StoredProfile> = fc.record({
  // As JSON has them: -0 is none of its numbers once it was written.
  attributes: fc.dictionary(fc.string({ maxLength: 4, unit: 'binary' }), fc.jsonValue({ maxDepth: 1 })).map((attributes) => JSON.parse(JSON.stringify(attributes)) as StoredProfile['attributes']),
  consents: fc.subarray(['web', 'email', 'partner-data']),
  holdings: fc.subarray(['card', 'loan']),
  timeZone: fc.option(fc.constant('Europe/Stockholm'), { nil: undefined }),
  consentRecords: fc.option(fc.array(fc.record({
    purpose: fc.constantFrom('web', 'email'), status: fc.constantFrom('pending', 'confirmed', 'withdrawn'), source: fc.option(fc.string({ maxLength: 3, unit: 'binary' }), { nil: undefined }),
    givenAt: fc.nat(), confirmedAt: fc.option(fc.nat(), { nil: undefined }),
  }), { maxLength: 3 }), { nil: undefined }),
  objection: fc.option(fc.boolean(), { nil: undefined }),
});
const decisionId = fc.constantFrom('d-1', 'd-2', 'd-3');
const offerId = fc.constantFrom('x', 'y');
const outcome = fc.constantFrom<Outcome>('presented', 'clicked', 'accepted', 'declined');
const contact: fc.Arbitrary<RelativeContact> = fc.record({
  decisionId: fc.option(decisionId, { nil: undefined }), offerId: fc.option(offerId, { nil: undefined }), kind: fc.option(fc.constant('loyalty'), { nil: undefined }),
  channel: fc.constantFrom('web', 'email'), outcome, agoMs: fc.integer({ min: -5, max: 60 }),
  reason: fc.option(fc.string({ maxLength: 5, unit: 'binary' }), { nil: undefined, freq: 3 }), value: fc.option(fc.double({ noNaN: true }), { nil: undefined, freq: 3 }),
});
const limitRoom = fc.record({ counter: fc.constantFrom(...counters), max: fc.integer({ min: 0, max: 4 }) }).map((each) => ({ ...each, limit: limitOf(each.counter), endsAt: endOf(each.counter) }));
const does: fc.Arbitrary<Does> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('put' as const), profile, ifVersion: fc.constantFrom('none', 'none', 'current', 'stale', 'absent') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('erase' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('load' as const), profile, contacts: fc.array(contact, { maxLength: 4 }) }) },
  { weight: 10, arbitrary: fc.record({
    type: fc.constant('event' as const), event: fc.constantFrom('a', 'p'), agoMs: fc.integer({ min: 0, max: 30 }), key: fc.constantFrom('k-1', 'k-2', 'k-3', 'o-1'), body: fc.constantFrom('one', 'one', 'two'),
    keptMs: fc.integer({ min: 0, max: 30 }), late: fc.boolean(), createsCustomer: fc.boolean(),
  }) },
  { weight: 10, arbitrary: fc.record({
    type: fc.constant('record' as const), contact, beganMsAgo: fc.constantFrom(0, 0, 0, 5, 20),
    write: fc.record({ maxContacts: fc.integer({ min: 2, max: 9 }), withdrawConsent: fc.option(fc.constantFrom('web', 'email', 'partner-data'), { nil: undefined }), confirm: fc.array(limitRoom, { maxLength: 2 }) }),
    release: fc.array(fc.constantFrom(...counters), { maxLength: 1 }),
    outcome: fc.option(fc.record({ outcomeId: fc.constantFrom('o-1', 'o-2'), body: fc.constantFrom('one', 'two'), keptMs: fc.integer({ min: 0, max: 30 }) }), { nil: undefined }),
  }) },
  { weight: 10, arbitrary: fc.record({
    type: fc.constant('claim' as const), stale: fc.integer({ min: 0, max: 5 }).map((number) => number === 0), contacts: fc.array(contact.map((each) => ({ ...each, outcome: 'presented' as const })), { maxLength: 3 }), maxContacts: fc.integer({ min: 2, max: 9 }),
    reserve: fc.array(fc.tuple(limitRoom, offerId, decisionId, fc.integer({ min: -2, max: 30 }), fc.boolean()).map(([each, offer, decision, heldMs, confirmed]) => ({ ...each, offerId: offer, decisionId: decision, heldMs, confirmed })), { maxLength: 3 }),
  }) },
);
const call: fc.Arbitrary<Call> = fc.record({ advanceMs: fc.integer({ min: 0, max: 12 }), process: fc.nat(1), customerId: fc.constantFrom(...customerIds), does });

/** The calls of a batch are made at once, for the customer and in the process of the first. */
async function compare(stores: readonly CustomerStore[], batches: readonly (readonly Call[])[]): Promise<void> {
  const model = new StoreModel();
  const maxOf = new Map<string, number>();
  const seen = { profile: new Map<number, number>(), ledger: new Map<number, number>() };
  let now = 1_000_000;
  for (const batch of batches) {
    const { process, customerId } = batch[0]!;
    const store = stores[process]!;
    const { customer } = await store.read(customerId, [], now);
    const modelled = model.customers.get(customerId);
    const versions = { ofStore: versionsOf(customer), ofModel: versionsOf(modelled) };
    const steps = batch.map(({ advanceMs, does: what }) => stepOf(what, customerId, now += advanceMs, versions));
    const usageBefore = new Map(counters.map((counter) => [counter, model.usage(counter, now)]));
    for (const { counter, max } of batch.flatMap(({ does: what }) => roomsOf(what))) maxOf.set(counter, Math.max(max, maxOf.get(counter) ?? 0));

    const answers = await Promise.all(steps.map(({ ask }) => ask(store)));
    expect(answers).toEqual(steps.map(({ model: askModel }) => askModel(model)));
    await compareAll(stores[1 - process]!, model, now, seen);
    for (const counter of counters) expect(model.usage(counter, now)).toBeLessThanOrEqual(Math.max(usageBefore.get(counter)!, maxOf.get(counter) ?? 0));
  }
}

interface Versions { readonly profileVersion: number | undefined; readonly ledgerVersion: number | undefined }
interface Step { readonly ask: (store: CustomerStore) => Promise<unknown>; readonly model: (model: StoreModel) => unknown }

function versionsOf(customer: { readonly profileVersion: number; readonly ledgerVersion: number } | null | undefined): Versions {
  return { profileVersion: customer?.profileVersion, ledgerVersion: customer?.ledgerVersion };
}

function roomsOf(what: Does): readonly LimitRoom[] {
  return what.type === 'record' ? what.write.confirm : what.type === 'claim' ? what.reserve : [];
}

function stepOf(what: Does, customerId: string, now: number, { ofStore, ofModel }: { readonly ofStore: Versions; readonly ofModel: Versions }): Step {
  const at = ({ agoMs, ...rest }: RelativeContact): Contact => ({ ...rest, occurredAt: now - agoMs });
  if (what.type === 'put') {
    const versionOf = (current: number | undefined): number | undefined => ({ none: undefined, absent: 0, current: current ?? 0, stale: 987_654_321 })[what.ifVersion];
    return { ask: (store) => store.putProfile(customerId, what.profile, versionOf(ofStore.profileVersion)), model: (model) => model.putProfile(customerId, what.profile, versionOf(ofModel.profileVersion)) };
  }
  if (what.type === 'erase') {
    const tombstone = { erasedAt: now - 1, keptUntil: now + 30 };
    return { ask: (store) => store.erase(customerId, tombstone), model: (model) => model.erase(customerId, tombstone) };
  }
  if (what.type === 'event') {
    const fromPartner = what.event === 'p';
    const occurredAt = now - what.agoMs;
    const write: EventWrite = {
      customerId, now, timings: new Map(), createsCustomer: what.createsCustomer, needsConsent: fromPartner ? 'partner-data' : null, late: what.late,
      intake: { type: what.event, fromPartner, occurredAt, matches: [{ trigger: `on-${what.event}`, timing: { opensAfterMs: 0, windowMs, restMs: 0 }, event: { source: what.key, data: {} } }] },
      idempotency: { eventKey: what.key, body: what.body, expiresAt: now + what.keptMs, mostKept: 100 },
    };
    return { ask: (store) => store.takeIn(write), model: (model) => model.takeIn(write) };
  }
  if (what.type === 'load') {
    const stored = [{ id: customerId, profile: what.profile, contacts: what.contacts.map(at) }];
    return {
      ask: (store) => store.load(stored),
      model: (model) => {
        model.load(stored);
        return [];
      },
    };
  }
  if (what.type === 'record') {
    const write: ContactWrite = {
      customerId, contact: at(what.contact), beganAt: now - what.beganMsAgo, now, horizon: { windowMs, latestOf: ['accepted'] }, ...what.write, release: what.release.map((counter) => ({ counter, limit: limitOf(counter), endsAt: null })),
      idempotency: what.outcome && { outcomeId: what.outcome.outcomeId, body: what.outcome.body, answer: `answer at ${now}`, expiresAt: now + what.outcome.keptMs, mostKept: 100 },
    };
    return { ask: (store) => store.record(write), model: (model) => model.record(write) };
  }
  const write = ({ ledgerVersion }: Versions): ClaimWrite => ({
    customerId, ledgerVersion: what.stale ? 987_654_321 : ledgerVersion ?? 0, contacts: what.contacts.map(at), now, horizon: { windowMs, latestOf: ['accepted'] }, maxContacts: what.maxContacts,
    reserve: what.reserve.map(({ heldMs, ...rest }) => ({ ...rest, heldUntil: now + heldMs })),
  });
  return { ask: (store) => store.claim(write(ofStore)), model: (model) => model.claim(write(ofModel)) };
}

async function compareAll(store: CustomerStore, model: StoreModel, now: number, seen: Record<'profile' | 'ledger', Map<number, number>>): Promise<void> {
  const periods = counters.map((counter) => ({ counter, limit: limitOf(counter), endsAt: null }));
  expect(await store.limitUse(periods, now)).toEqual(new Map(counters.map((counter) => [counter, model.use(counter, now)])));
  const ids: string[] = [];
  for await (const id of store.ids()) ids.push(id);
  expect(ids).toEqual([...model.customers.keys()].toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
  for (const id of customerIds) {
    const { customer, limitUsage } = await store.read(id, periods, now);
    expect(limitUsage).toEqual(new Map(counters.map((counter) => [counter, model.usage(counter, now)])));
    const modelled = model.customers.get(id);
    expect(customer?.profile).toEqual(modelled?.profile);
    expect(customer?.contacts).toEqual(modelled?.contacts);
    if (customer === null || modelled === undefined) continue;
    expect(customer.events).toEqual(model.events(id));
    // A version never stands for two states. It may change more often than it must.
    for (const part of ['profile', 'ledger'] as const) {
      const [version, expected] = part === 'profile' ? [customer.profileVersion, modelled.profileVersion] : [customer.ledgerVersion, modelled.ledgerVersion];
      if (!seen[part].has(version)) seen[part].set(version, expected);
      expect(seen[part].get(version)).toBe(expected);
    }
  }
}
