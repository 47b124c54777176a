import { noEvents } from '../../src/customers/event-ledger.js';
import { createLateClaims, type LateClaims } from '../../src/service/late-claims.js';
import { StoreError, type ClaimResult, type ClaimWrite, type CustomerStore, type StoredState } from '../../src/customers/customer-store.js';
import type { Contact } from '../../src/decision/types.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const presented: Contact = { decisionId: 'd-1', offerId: 'card', channel: 'web', outcome: 'presented', occurredAt: now };
const write: ClaimWrite = { customerId: 'C-1', ledgerVersion: 1, contacts: [presented], reserve: [], now, horizon: { windowMs: 1000, latestOf: [] }, maxContacts: 10 };

describe('a claim that came too late for its caller', () => {
  let claims: ClaimWrite[];
  let reads: string[];
  let left: [string, string][];
  let pauses: { readonly ms: number; readonly end: () => void }[];
  beforeEach(() => {
    [claims, reads, left, pauses] = [[], [], [], []];
  });

  /** `states` and `results`: what the store answers, one after the other; an error is a rejection. */
  function open(states: (StoredState | Error)[], results: (ClaimResult['type'] | Error)[] = []): LateClaims {
    const next = <T>(answers: (T | Error)[]): Promise<T> => {
      const answer = answers.shift()!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const store = {
      read: (id: string) => { reads.push(id); return next(states); },
      claim: async (claim: ClaimWrite) => { claims.push(claim); return { type: await next(results) }; },
    } as unknown as CustomerStore;
    const after = (ms: number, end: () => void): (() => void) => { pauses.push({ ms, end }); return () => undefined; };
    return createLateClaims({ store, after, left: (...told) => left.push(told) });
  }
  const holding = (contacts: readonly Contact[], ledgerVersion = 2): StoredState => ({ customer: { profile: { attributes: {}, consents: [], holdings: [] }, contacts, events: noEvents, profileVersion: 1, ledgerVersion }, limitUsage: new Map() });
  const away = new StoreError('away');
  const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

  test.each<[string, Promise<ClaimResult>]>([
    ['was written', Promise.resolve({ type: 'claimed' })],
    ['may have been written', Promise.reject(away)],
  ])('is taken back where it %s', async (_, claiming) => {
    const late = open([holding([presented])], ['claimed']);
    late.giveUp(claiming, write, 'd-1');
    await late.close();
    expect(claims).toEqual([{ customerId: 'C-1', ledgerVersion: 2, now, horizon: write.horizon, maxContacts: 10, visitorUntil: undefined, contacts: [], reserve: [], takesBack: ['d-1'] }]);
    expect(left).toEqual([]);
  });

  test.each(['conflict', 'limit-reached', 'unknown-customer'] as const)('asks for nothing where it was refused: %s', async (type) => {
    const late = open([]);
    late.giveUp(Promise.resolve({ type } as ClaimResult), write, 'd-1');
    await late.close();
    expect([reads, claims, left]).toEqual([[], [], []]);
  });

  test('asks for nothing where the ledger does not hold it', async () => {
    const late = open([holding([{ ...presented, decisionId: 'd-2' }])]);
    late.giveUp(Promise.reject(away), write, 'd-1');
    await late.close();
    expect([reads, claims, left]).toEqual([['C-1'], [], []]);
  });

  test('is taken back on the newest ledger, and of the customer to whom a visitor was linked meanwhile', async () => {
    const late = open([{ ...holding([]), customer: null, linkedTo: 'C-9' }, holding([presented], 3), holding([presented], 4)], ['conflict', 'claimed']);
    late.giveUp(Promise.resolve({ type: 'claimed' }), write, 'd-1');
    await late.close();
    expect(reads).toEqual(['C-1', 'C-9', 'C-9']);
    expect(claims.map(({ customerId, ledgerVersion }) => [customerId, ledgerVersion])).toEqual([['C-9', 3], ['C-9', 4]]);
  });

  test('waits for a store that is away, longer each time', async () => {
    const late = open([away, away, holding([presented])], ['claimed']);
    late.giveUp(Promise.resolve({ type: 'claimed' }), write, 'd-1');
    for (const tries of [1, 2]) {
      await turn();
      expect(pauses).toHaveLength(tries);
      pauses.at(-1)!.end();
    }
    await late.close();
    expect(pauses[1]!.ms).toBeGreaterThan(pauses[0]!.ms);
    expect([claims.length, left]).toEqual([1, []]);
  });

  test('is left after the last of its tries', async () => {
    const late = open(Array.from({ length: 20 }, () => away));
    late.giveUp(Promise.resolve({ type: 'claimed' }), write, 'd-1');
    for (let ended = 0; left.length === 0 && ended < 20; ended++) {
      await turn();
      pauses[ended]?.end();
    }
    expect(left).toEqual([['d-1', 'away']]);
    expect(reads).toHaveLength(pauses.length + 1);
    const waits = pauses.map(({ ms }) => ms);
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    await late.close();
  });

  test('is left at once where the fault is none of the store\'s: it would come again', async () => {
    const late = open([new TypeError('a bug')]);
    late.giveUp(Promise.resolve({ type: 'claimed' }), write, 'd-1');
    await turn();
    expect([left, pauses]).toEqual([[['d-1', 'a bug']], []]);
  });

  test('is told as left where the store stays away, and at the end of the process', async () => {
    const late = open(Array.from({ length: 20 }, () => away));
    late.giveUp(Promise.resolve({ type: 'claimed' }), write, 'd-1');
    late.giveUp(Promise.resolve({ type: 'claimed' }), write, 'd-2');
    await turn();
    expect(left).toEqual([]);
    await late.close();
    expect(left).toEqual([['d-1', 'away'], ['d-2', 'away']]);
  });
});
