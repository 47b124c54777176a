import { runInNewContext } from 'node:vm';
import { messageOf } from '../src/errors.js';

test.each<[string, unknown, string]>([
  ['an error', new TypeError('oops'), 'oops'],
  ['an error of another realm', runInNewContext('new Error("elsewhere")'), 'elsewhere'],
  ['a text', 'plain', 'plain'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['what only looks like an error', { message: 7 }, '7'],
])('what %s says', (_, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
