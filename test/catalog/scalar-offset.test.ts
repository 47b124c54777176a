import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isMap, isScalar, parseDocument } from 'yaml';
import { offsetInScalar } from '../../src/catalog/scalar-offset.js';

/** Where the first "@" of the value of `a` stands in the text, by the value's own offset. */
function placeOfMark(text: string): { readonly mapped: number; readonly actual: number } {
  const { contents } = parseDocument(text);
  const node = isMap(contents) ? contents.items[0]!.value : null;
  if (!isScalar(node) || typeof node.value !== 'string') throw new Error(`no text in ${text}`);
  const [start, end] = node.range;
  const mapped = start + offsetInScalar(text.slice(start, end), node.type, node.value.indexOf('@'));
  return { mapped, actual: text.indexOf('@') };
}

test.each<[string, string]>([
  ['plain', 'a: some @ text'],
  ['plain, folded', 'a: some\n  more @ text'],
  ['plain, with an empty line', 'a: some\n\n\n  more @ text'],
  ['single quotes', "a: 'some @ text'"],
  ['single quotes, escaped', "a: 'it''s ''some'' @ text'"],
  ['single quotes, folded', "a: 'it''s\n  some   \n  @ text'"],
  ['double quotes', 'a: "some @ text"'],
  ['double quotes, escapes', 'a: "\\"some\\" \\t \\x41 \\u00e9 \\U0001F600 @ text"'],
  ['double quotes, folded', 'a: "some\n\n   more @ text"'],
  ['double quotes, escaped line break', 'a: "some \\\n   more @ text"'],
  ['literal block', 'a: |\n  some\n  more @ text\n'],
  ['literal block, more indented', 'a: |-\n  some\n    more\n\n  @ text\n'],
  ['folded block', 'a: >\n  some\n  more @ text\n'],
  ['folded block, with empty lines', 'a: >-\n  some\n\n\n  more\n  and @ text\n'],
  ['with a comment before the block', 'a: | # why\n  some @ text\n'],
  ['lines that end with CR LF', 'a: |\r\n  some\r\n  more @ text\r\n'],
])('%s', (_name, text) => {
  const { mapped, actual } = placeOfMark(text);
  expect(mapped).toBe(actual);
});

test('every double-quoted text that JSON can write is mapped exactly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
    const clean = before.replaceAll('@', '');
    const { mapped, actual } = placeOfMark(`a: ${JSON.stringify(`${clean}@${after}`)}`);
    expect(mapped).toBe(actual);
  }));
});
