import * as fc from 'fast-check';
import { addContact, holdsOutcome, inLedgerOrder, trimLedger } from '../../src/customers/contact-ledger.js';
import type { Contact, LedgerHorizon, Outcome } from '../../src/decision/types.js';

const at = (occurredAt: number, members: Partial<Contact> = {}): Contact => ({ channel: 'web', outcome: 'clicked', offerId: 'x', occurredAt, ...members });
const contacts: fc.Arbitrary<Contact[]> = fc.array(fc.record({
  occurredAt: fc.integer({ min: 0, max: 30 }), outcome: fc.constantFrom<Outcome>('presented', 'accepted', 'declined'), channel: fc.constant('web'),
  offerId: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }), decisionId: fc.option(fc.constantFrom('d', 'e'), { nil: undefined }),
}), { maxLength: 20 });
const horizon: LedgerHorizon = { windowMs: 10, latestOf: ['accepted', 'declined'] };

test('added one by one, contacts stand as sorted at once', () => {
  fc.assert(fc.property(contacts, (given) => {
    expect(given.reduce<readonly Contact[]>(addContact, [])).toEqual(inLedgerOrder(given));
  }));
});

test('adding leaves the list that it was given', () => {
  const ledger = Object.freeze([at(1), at(3)]);
  expect(addContact(ledger, at(2))).toEqual([at(1), at(2), at(3)]);
  expect(ledger).toEqual([at(1), at(3)]);
});

describe('trimming', () => {
  test('keeps all that is young enough, and of the rest only the latest of each outcome, by offer and channel', () => {
    fc.assert(fc.property(contacts, fc.integer({ min: 0, max: 60 }), (given, now) => {
      const ledger = inLedgerOrder(given);
      const kept = trimLedger(ledger, horizon, now);
      const isYoung = ({ occurredAt }: Contact): boolean => occurredAt >= now - horizon.windowMs;
      expect(kept.filter(isYoung)).toEqual(ledger.filter(isYoung));
      expect(kept).toEqual(ledger.filter((contact) => kept.includes(contact)));
      for (const outcome of horizon.latestOf) {
        for (const offerId of ['x', 'y', undefined]) {
          for (const channel of new Set(ledger.map((contact) => contact.channel))) {
            const isIt = (contact: Contact): boolean => contact.outcome === outcome && contact.offerId === offerId && contact.channel === channel;
            expect(kept.findLast(isIt)).toBe(ledger.findLast(isIt));
            expect(kept.filter((contact) => isIt(contact) && !isYoung(contact)).length).toBeLessThanOrEqual(1);
          }
        }
      }
      expect(kept.filter((contact) => !isYoung(contact) && contact.outcome === 'presented')).toEqual([]);
    }));
  });

  test('twice is once', () => {
    fc.assert(fc.property(contacts, fc.integer({ min: 0, max: 60 }), (given, now) => {
      const once = trimLedger(inLedgerOrder(given), horizon, now);
      expect(trimLedger(once, horizon, now)).toBe(once);
    }));
  });
});

describe('an outcome is held', () => {
  const ledger = [at(1, { decisionId: 'd', outcome: 'presented' }), at(2, { outcome: 'presented' }), at(3, { decisionId: 'd', offerId: undefined, outcome: 'presented' })];
  test.each<[string, Contact, boolean]>([
    ['where all three are the same', at(9, { decisionId: 'd', outcome: 'presented', channel: 'app' }), true],
    ['not of another decision', at(9, { decisionId: 'e', outcome: 'presented' }), false],
    ['not of another offer', at(9, { decisionId: 'd', offerId: 'y', outcome: 'presented' }), false],
    ['not another outcome', at(9, { decisionId: 'd', outcome: 'clicked' }), false],
    ['not without a decision', at(9, { outcome: 'presented' }), false],
    ['not without an offer', at(9, { decisionId: 'd', offerId: undefined, outcome: 'presented' }), false],
  ])('%s', (_name, contact, held) => {
    expect(holdsOutcome(ledger, contact)).toBe(held);
  });
});
