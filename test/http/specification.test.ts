import { readSpecification } from '../../src/http/specification.js';

// V8 holds a text as two bytes a character once one is beyond Latin-1, and so the names that are read from it. They are kept
// once for the whole process: every answer would be written in two bytes a character, and each be read twice to be sent.
test('openapi.yaml has no character beyond Latin-1', () => expect(readSpecification().text.match(/[\u0100-\uffff]+/g)).toBeNull());

// Classes of Unicode, named groups and the like mean something else, or nothing, to Python, Go, Java and others.
test('the patterns of openapi.yaml are read alike by every engine of regular expressions', () => {
  const patterns = Array.from(readSpecification().text.matchAll(/pattern: '(.*?)'/g), ([, pattern]) => pattern!);
  expect(patterns.length).toBeGreaterThan(3);
  expect(patterns.filter((pattern) => /\\[pPuUkb]|\(\?[^:]/.test(pattern))).toEqual([]);
});

// Some of the YAML libraries that clients read it with (PyYAML) take a plain text that ends in a question mark before a closing
// brace for the beginning of a key.
test('openapi.yaml can be read by every YAML library', () => expect(readSpecification().text.match(/.*\? *[,}\]].*/g)).toBeNull());
