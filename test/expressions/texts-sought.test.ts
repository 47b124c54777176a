import { textsSought } from '../../src/expressions/texts-sought.js';

test.each<[source: string, found: readonly (readonly [string, number])[]]>([
  ['"sms" in customer.consents', [['sms', 0]]],
  ['!("sms" in customer.consents) || \'partner-data\' in customer.consents', [['sms', 2], ['partner-data', 33]]],
  ['channel in customer.consents', []],
  ['"card" in customer.holdings', []],
  ['"a" in customer.consentsOf', []],
  ['"customer.consents" == customer.name', []],
  ['"open in customer.consents', []],
  ['', []],
])('%s', (source, found) => {
  expect(textsSought(source, 'customer.consents').map(({ text, offset }) => [text, offset])).toEqual(found);
});
