import { createHash } from 'node:crypto';
import { findKey, makeKey, parseApiKeys } from '../../src/http/api-keys.js';

const hash = 'a'.repeat(64);
const valid = `- name: desktop\n  sha256: "${hash}"\n  scopes: [decide, record]\n`;

test.each([
  ['YAML', valid],
  ['JSON', JSON.stringify([{ name: 'desktop', sha256: hash.toUpperCase(), scopes: ['decide', 'record'] }])],
])('reads keys from %s', (_format, text) => {
  const { keys, problems } = parseApiKeys(text, 'keys.yaml');
  expect(problems).toEqual([]);
  expect(keys).toEqual([{ name: 'desktop', sha256: Buffer.from(hash, 'hex'), scopes: new Set(['decide', 'record']) }]);
});

const listExpected = 'a list of keys was expected, each with name, sha256 and scopes; make one with "nbo key"';
test.each<[string, string, string[]]>([
  ['an empty file', '', [`keys.yaml:1:1 ${listExpected}`]],
  ['an empty list', '[]', [`keys.yaml:1:1 ${listExpected}`]],
  ['a mapping', 'keys: []\n', [`keys.yaml:1:1 ${listExpected}`]],
  ['a text in the list', '- nbo_secret\n', ['keys.yaml:1:3 a key was expected, with name, sha256 and scopes']],
  ['a wrong indent', '- name: a\n   sha256: b\n', ['keys.yaml:1:9 Nested mappings are not allowed in compact mappings', 'keys.yaml:1:9 Implicit keys need to be on a single line']],
  ['everything missing', '- {}\n', [
    'keys.yaml:1:3 name: a text of 1 to 100 characters was expected',
    'keys.yaml:1:3 sha256: 64 hexadecimal digits in quotes were expected, the SHA-256 of the secret',
    'keys.yaml:1:3 scopes: a list was expected, of decide, record, customers, simulate, admin',
  ]],
  ['the secret in place of its hash', valid.replace(hash, 'nbo_secret'), ['keys.yaml:2:11 sha256: 64 hexadecimal digits in quotes were expected, the SHA-256 of the secret']],
  ['a misspelt scope', valid.replace('record', 'recrod'), ['keys.yaml:3:20 "recrod" is not a scope; did you mean "record"?']],
  ['a scope from nowhere', valid.replace('record', 'everything'), ['keys.yaml:3:20 "everything" is not a scope: there are decide, record, customers, simulate, admin']],
  ['an unknown member', `${valid}  secret: nbo_x\n`, ['keys.yaml:4:3 "secret" is not a member of a key: it has name, sha256 and scopes']],
  ['the same key twice', valid + valid, ['keys.yaml:4:3 the name "desktop" is there twice', `keys.yaml:4:3 the sha256 ${hash} is there twice`]],
])('says what is wrong: %s', (_name, text, problems) => {
  expect(parseApiKeys(text, 'keys.yaml')).toEqual({ keys: null, problems });
});

test('a key that was made is found by its secret, and by nothing else', () => {
  const made = [1, 2].map((byte) => makeKey(`key-${byte}`, ['decide'], new Uint8Array(32).fill(byte)));
  const { keys } = parseApiKeys(JSON.stringify(made.map(({ entry }) => entry)), 'keys.json');
  expect(made[0]!.secret).toMatch(/^nbo_[\w-]{43}$/);
  expect(made[0]!.entry).toEqual({ name: 'key-1', sha256: createHash('sha256').update(made[0]!.secret).digest('hex'), scopes: ['decide'] });
  expect(findKey(keys!, made[0]!.secret)?.name).toBe('key-1');
  expect(findKey(keys!, made[1]!.secret)?.name).toBe('key-2');
  for (const wrong of ['', 'nbo_', made[0]!.secret.slice(0, -1), `${made[0]!.secret}x`, made[0]!.entry.sha256]) expect(findKey(keys!, wrong)).toBeNull();
});

test('a key needs enough chance', () => {
  expect(() => makeKey('weak', ['decide'], new Uint8Array(16))).toThrow('32 random bytes');
});
