import fc from 'fast-check';
import type { Contact } from '../../src/decision/types.js';
import { contactsAsJson } from '../../src/service/contacts-as-json.js';

/** Every member that a contact may have: where one is added, the compiler asks for it here. */
const whole: Required<Contact> = {
  decisionId: '6f1c2c1e-5b0a-4c53-9d0e-2f9f3a1d7b10', offerId: 'home-insurance', kind: 'cross-sell', activity: 'newsletter', channel: 'web', placement: 'hero',
  outcome: 'presented', occurredAt: 1_790_000_000_000, reason: 'too dear', value: 12.5, trigger: 'moved-house',
};

test.each<[string, readonly Contact[]]>([
  ['none', []],
  ['one with all members', [whole]],
  ['members that are not there', [{ ...whole, decisionId: undefined, value: undefined }, { channel: 'email', outcome: 'presented', occurredAt: 0, activity: 'invoice' }]],
  ['what JSON writes otherwise', [{ ...whole, reason: 'he said "no"\n\\ \u2028 \ud800 å €', placement: '' }]],
])('reads back: %s', (_name, contacts) => expect(JSON.parse(contactsAsJson(contacts))).toEqual(JSON.parse(JSON.stringify(contacts))));

test('reads back, whatever the texts', () => {
  const text = fc.string({ unit: 'binary' });
  const contact = fc.record({ channel: text, outcome: fc.constant('clicked' as const), occurredAt: fc.integer(), reason: text, offerId: text, kind: text, trigger: text, value: fc.double() }, { requiredKeys: ['channel', 'outcome', 'occurredAt'] });
  fc.assert(fc.property(fc.array(contact, { maxLength: 4 }), (contacts) => {
    expect(JSON.parse(contactsAsJson(contacts))).toEqual(JSON.parse(JSON.stringify(contacts)));
  }), { seed: 20261126 });
});
