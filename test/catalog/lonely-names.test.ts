import { warnOfLonelyNames } from '../../src/catalog/lonely-names.js';

function warningsOf(names: readonly string[], known: readonly string[] = []): string[] {
  const said: string[] = [];
  warnOfLonelyNames(names.map((name, place) => ({ name, warn: (message) => said.push(`${place}: ${message}`) })), known, (name, meant) => `${name}, ${meant}?`);
  return said;
}

test.each<[what: string, names: readonly string[], known: readonly string[], said: readonly string[]]>([
  ['one slip from a name that is used twice', ['profiling', 'profiling', 'profilling'], [], ['2: profilling, profiling?']],
  ['one slip from a name that is known', ['partnr-data'], ['partner-data'], ['0: partnr-data, partner-data?']],
  ['two letters that have changed places', ['eamil'], ['email'], ['0: eamil, email?']],
  ['a hyphen, or the case of a letter', ['e-mail', 'Email'], ['email'], ['0: e-mail, email?', '1: Email, email?']],
  ['names that are used twice, both', ['profile', 'profile', 'profiles', 'profiles'], [], []],
  ['names that are used once, both', ['profile', 'profiles'], [], []],
  ['another number', ['terms-1', 'terms-1', 'terms-2'], [], []],
  ['short names', ['mms'], ['sms'], []],
  ['another first letter', ['mail'], ['email'], []],
  ['a part of one letter', ['terms-a', 'terms-a', 'terms-b'], [], []],
  ['such a part in one alone', ['segment', 'segment', 'segment-a'], [], []],
  ['such a part without a hyphen', ['segmentA', 'segmentA', 'segmentB'], [], []],
  ['short words', ['load', 'load', 'loan'], [], []],
  ['short words of longer names', ['car-loan', 'car-loan', 'card-loan'], [], []],
  ['two letters that have changed places in a short word', ['card-loan', 'card-loan', 'card-laon'], [], ['2: card-laon, card-loan?']],
  ['two slips', ['profting'], ['profiling'], []],
  ['a name that is known', ['email'], ['email'], []],
  ['no name at all', [''], ['email'], []],
])('%s', (_what, names, known, said) => {
  expect(warningsOf(names, known)).toEqual(said);
});
